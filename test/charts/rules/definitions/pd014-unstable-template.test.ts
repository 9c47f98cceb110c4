import { unstableTemplate } from '../../../../charts/rules/definitions/pd014-unstable-template';
import { findings, onlyFinding, validManifestsWith } from '../valid-manifests';

test.each([
  ['a commit', `revision: ${'a1'.repeat(20)}`],
  ['a time', 'built: "2026-01-02T03:04:05Z"'],
  ['a time', 'deployed-at: "1767323045"'],
])('%s in the pod template is an error (%s)', (what, annotation) => {
  expect(onlyFinding(unstableTemplate, validManifestsWith('{ team: shop }', `{ ${annotation} }`))).toMatchObject({
    level: 'error',
    message: expect.stringContaining(` is ${what}:`),
  });
});

const variable = (name: string, value: string) =>
  validManifestsWith('[{ name: GOMEMLIMIT, value: "1932735283" }]', `[{ name: ${name}, value: "${value}" }]`);

test('a commit in a variable is an error if the name says so, and a warning otherwise', () => {
  const commit = '0f'.repeat(20);
  expect(onlyFinding(unstableTemplate, variable('GIT_COMMIT', commit))).toMatchObject({
    object: 'Deployment shop/web',
    level: 'error',
  });
  expect(onlyFinding(unstableTemplate, variable('KEY', commit)).level).toBe('warning');
});

test.each([
  ['CUTOVER_AT', '2026-01-01T00:00:00Z'],
  ['EXPIRY_DATE', '1767323045'],
  ['GOMEMLIMIT', '1932735283'],
])('the variable %s: %s is configuration', (name, value) => {
  expect(findings(unstableTemplate, variable(name, value))).toEqual([]);
});

test('a time in an annotation with another name is a warning', () => {
  expect(
    onlyFinding(unstableTemplate, validManifestsWith('{ team: shop }', '{ until: "2026-01-01T00:00:00Z" }')).level,
  ).toBe('warning');
});

test('an image by tag is a warning', () => {
  expect(onlyFinding(unstableTemplate, validManifestsWith(`@sha256:${'1'.repeat(64)}`, ':v1'))).toMatchObject({
    level: 'warning',
    at: 'image: registry.example.com/web:v1',
  });
});

test('a Deployment that no Canary rolls out is not checked', () => {
  const [, deployment = ''] = validManifestsWith(`@sha256:${'1'.repeat(64)}`, ':v1').split('---\n');
  expect(findings(unstableTemplate, deployment)).toEqual([]);
});
