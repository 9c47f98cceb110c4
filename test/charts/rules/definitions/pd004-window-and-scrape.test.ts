import { windowAndScrape } from '../../../../charts/rules/definitions/pd004-window-and-scrape';
import { findings, sound, soundBut, theFinding } from '../sound-manifests';

test('a window that may hold one sample is an error', () => {
  const finding = theFinding(windowAndScrape, soundBut('interval: 5s', 'interval: 15s'));
  expect(finding).toMatchObject({ level: 'error', at: 'interval: 20s' });
  expect(finding.message).toContain('may hold one sample');
});

test('a window that bears no lost scrape is a warning', () => {
  expect(theFinding(windowAndScrape, soundBut('interval: 5s', 'interval: 8s'))).toMatchObject({
    level: 'warning',
    message: expect.stringContaining('32s'),
  });
});

test('a monitor that says nothing scrapes every 30 s', () => {
  expect(theFinding(windowAndScrape, soundBut(', interval: 5s', '')).message).toContain('every 30 s');
});

test('of a scrape that no file tells nothing is said', () => {
  expect(findings(windowAndScrape, soundBut('kind: ServiceMonitor', 'kind: PodMonitor'))).toEqual([]);
  expect(findings(windowAndScrape, sound)).toEqual([]);
});
