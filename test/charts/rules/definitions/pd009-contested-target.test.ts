import { contestedTarget } from '../../../../charts/rules/definitions/pd009-contested-target';
import { findings, onlyFinding, validManifests, validManifestsWith } from '../valid-manifests';

test('replicas in git are an error at their line', () => {
  expect(
    onlyFinding(
      contestedTarget,
      validManifestsWith(
        '  selector:\n    matchLabels:\n      app: web',
        '  replicas: 2\n  selector:\n    matchLabels:\n      app: web',
      ),
    ),
  ).toMatchObject({
    level: 'error',
    at: 'replicas: 2',
    object: 'Deployment shop/web',
  });
});

test('a selector that Flagger rejects is an error', () => {
  expect(
    onlyFinding(
      contestedTarget,
      validManifestsWith('      app: web\n  template', '      cdk8s.io/metadata.addr: c8f3\n  template'),
    ).message,
  ).toContain('without one of app, name, app.kubernetes.io/name');
});

test('a second label is a warning, and so is a computed value', () => {
  expect(
    onlyFinding(
      contestedTarget,
      validManifestsWith('      app: web\n  template', '      app: web\n      tier: front\n  template'),
    ),
  ).toMatchObject({ level: 'warning', at: 'tier: front' });
  expect(
    onlyFinding(
      contestedTarget,
      validManifestsWith('      app: web\n  template', '      app: web-c872ce13\n  template'),
    ),
  ).toMatchObject({ level: 'warning', at: 'app: web-c872ce13' });
});

test.each(['report-20250101', '12345678', 'decade', 'web'])('the value %s passes', (name) => {
  expect(
    findings(contestedTarget, validManifestsWith('      app: web\n  template', `      app: "${name}"\n  template`)),
  ).toEqual([]);
});

const service = (name: string) => `apiVersion: v1\nkind: Service\nmetadata: { name: ${name}, namespace: shop }\n`;

test('a Service that Flagger creates is an error, and others pass', () => {
  expect(findings(contestedTarget, validManifests, service('web'))).toMatchObject([
    { file: 'file-1.yaml', object: 'Service shop/web', level: 'error' },
  ]);
  for (const name of ['web-primary', 'web-canary']) {
    expect(findings(contestedTarget, validManifests, service(name))).toMatchObject([
      { object: `Service shop/${name}` },
    ]);
  }
  expect(findings(contestedTarget, validManifests, service('web-admin'))).toEqual([]);
  expect(
    findings(
      contestedTarget,
      validManifestsWith('service: { port: 8080 }', 'service: { port: 8080, name: front }'),
      service('web'),
    ),
  ).toEqual([]);
});

test('a Service that was exported from a cluster and is owned by the Canary passes', () => {
  const owned = `${service('web-primary').trimEnd().replace(' }', ', ownerReferences: [{ kind: Canary, name: web }] }')}\n`;
  expect(findings(contestedTarget, validManifests, owned)).toEqual([]);
});

test('a Deployment without a name, or a patch of one, is not a target', () => {
  const [canary = ''] = validManifests.split('---\n');
  const part = (metadata: string) =>
    `apiVersion: apps/v1\nkind: Deployment\n${metadata}spec: { replicas: 2, template: { spec: {} } }\n`;
  expect(findings(contestedTarget, canary, part(''))).toEqual([]);
  expect(findings(contestedTarget, canary, part('metadata: { name: web, namespace: shop }\n'))).toEqual([]);
});
