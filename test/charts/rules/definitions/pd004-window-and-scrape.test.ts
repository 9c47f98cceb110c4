import { windowAndScrape } from '../../../../charts/rules/definitions/pd004-window-and-scrape';
import { findings, onlyFinding, validManifests, validManifestsWith } from '../valid-manifests';

test('a window that may hold one sample is an error', () => {
  const finding = onlyFinding(windowAndScrape, validManifestsWith('interval: 5s', 'interval: 15s'));
  expect(finding).toMatchObject({ level: 'error', at: 'interval: 20s' });
  expect(finding.message).toContain('may hold a single sample');
});

test('a window that does not tolerate a lost scrape is a warning', () => {
  expect(onlyFinding(windowAndScrape, validManifestsWith('interval: 5s', 'interval: 8s'))).toMatchObject({
    level: 'warning',
    message: expect.stringContaining('32s'),
  });
});

test('a monitor scrapes every 30 s by default', () => {
  expect(onlyFinding(windowAndScrape, validManifestsWith(', interval: 5s', '')).message).toContain('every 30 s');
});

test('a scrape interval that no file states is not checked', () => {
  expect(findings(windowAndScrape, validManifestsWith('kind: ServiceMonitor', 'kind: PodMonitor'))).toEqual([]);
  expect(findings(windowAndScrape, validManifests)).toEqual([]);
});
