import { unstableTemplate } from '../../../charts/rules/pd014-unstable-template';
import { findings, sound, soundBut, theFinding } from './manifests';

test.each([
  ['a commit', `revision: ${'a1'.repeat(20)}`],
  ['a time', 'built: "2026-01-02T03:04:05Z"'],
  ['a time', 'deployed-at: "1767323045"'],
])('%s in the pod template is an error (%s)', (what, annotation) => {
  expect(theFinding(unstableTemplate, soundBut('{ team: shop }', `{ ${annotation} }`))).toMatchObject({
    level: 'error',
    message: expect.stringContaining(` is ${what}:`),
  });
});

test('a commit in the environment is found, a large number is not', () => {
  expect(theFinding(unstableTemplate, soundBut('"1932735283"', `"${'0f'.repeat(20)}"`)).object).toBe(
    'Deployment shop/web',
  );
  expect(findings(unstableTemplate, sound)).toEqual([]);
});

test('an image by tag is a warning', () => {
  expect(theFinding(unstableTemplate, soundBut(`@sha256:${'1'.repeat(64)}`, ':v1'))).toMatchObject({
    level: 'warning',
    at: 'image: registry.example.com/web:v1',
  });
});

test('a Deployment that no Canary rolls out may be as it likes', () => {
  const [, deployment = ''] = soundBut(`@sha256:${'1'.repeat(64)}`, ':v1').split('---\n');
  expect(findings(unstableTemplate, deployment)).toEqual([]);
});
