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

describe('the route of the provider', () => {
  const object = (apiVersion: string, kind: string, name: string) =>
    `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: { name: ${name}, namespace: shop }\n`;
  const canaryOf = (provider: string) =>
    validManifestsWith(
      'provider: gatewayapi:v1',
      `provider: ${provider}\n  ingressRef: { apiVersion: networking.k8s.io/v1, kind: Ingress, name: front }`,
    );

  test.each([
    ['gatewayapi:v1', 'gateway.networking.k8s.io/v1', 'HTTPRoute', 'web'],
    ['gatewayapi:v1beta1', 'gateway.networking.k8s.io/v1beta1', 'HTTPRoute', 'web'],
    ['istio', 'networking.istio.io/v1', 'VirtualService', 'web'],
    ['istio', 'networking.istio.io/v1beta1', 'DestinationRule', 'web-canary'],
    ['linkerd', 'split.smi-spec.io/v1alpha1', 'TrafficSplit', 'web'],
    ['smi:v1alpha2', 'split.smi-spec.io/v1alpha2', 'TrafficSplit', 'web'],
    ['nginx', 'networking.k8s.io/v1', 'Ingress', 'front-canary'],
    ['skipper', 'networking.k8s.io/v1', 'Ingress', 'front-canary'],
    ['contour', 'projectcontour.io/v1', 'HTTPProxy', 'web'],
    ['traefik', 'traefik.io/v1alpha1', 'TraefikService', 'web'],
    ['gloo', 'gateway.solo.io/v1', 'RouteTable', 'web'],
  ])('of %s in git is an error: %s %s %s', (provider, apiVersion, kind, name) => {
    expect(findings(contestedTarget, canaryOf(provider), object(apiVersion, kind, name))).toMatchObject([
      {
        file: 'file-1.yaml',
        level: 'error',
        object: `${kind} shop/${name}`,
        message: expect.stringContaining(`Flagger creates the ${kind} ${name} itself`),
      },
    ]);
  });

  test.each([
    ['a route of another name', 'gatewayapi:v1', 'gateway.networking.k8s.io/v1', 'HTTPRoute', 'web-internal'],
    ['a route of another provider', 'istio', 'gateway.networking.k8s.io/v1', 'HTTPRoute', 'web'],
    ['the Ingress that Flagger copies', 'nginx', 'networking.k8s.io/v1', 'Ingress', 'front'],
    ['a VirtualService that delegates', 'istio', 'networking.istio.io/v1', 'VirtualService', 'public'],
    ['a route with blue-green', 'kubernetes', 'gateway.networking.k8s.io/v1', 'HTTPRoute', 'web'],
  ])('%s passes', (_, provider, apiVersion, kind, name) => {
    expect(findings(contestedTarget, canaryOf(provider), object(apiVersion, kind, name))).toEqual([]);
  });

  test.each([
    ['networking.istio.io/v1', 'VirtualService'],
    ['gateway.networking.k8s.io/v1', 'HTTPRoute'],
    ['split.smi-spec.io/v1alpha2', 'TrafficSplit'],
  ])('is a warning where the Canary names no provider: %s %s', (apiVersion, kind) => {
    const canary = validManifestsWith('  provider: gatewayapi:v1\n', '');
    expect(findings(contestedTarget, canary, object(apiVersion, kind, 'web'))).toMatchObject([
      { level: 'warning', object: `${kind} shop/web`, message: expect.stringContaining('names no provider') },
    ]);
  });

  test('the name of spec.service counts', () => {
    const canary = validManifestsWith('service: { port: 8080 }', 'service: { port: 8080, name: front }');
    const route = (name: string) => object('gateway.networking.k8s.io/v1', 'HTTPRoute', name);
    expect(findings(contestedTarget, canary, route('front'))).toHaveLength(1);
    expect(findings(contestedTarget, canary, route('web'))).toEqual([]);
  });

  test('the primary in git is an error', () => {
    expect(findings(contestedTarget, validManifests, object('apps/v1', 'Deployment', 'web-primary'))).toMatchObject([
      { object: 'Deployment shop/web-primary', level: 'error' },
    ]);
  });
});

describe('autoscalers', () => {
  const scaler = (name: string, target: string, kind = 'HorizontalPodAutoscaler', apiVersion = 'autoscaling/v2') =>
    `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: { name: ${name}, namespace: shop }\nspec: { scaleTargetRef: { kind: Deployment, name: ${target} } }\n`;
  const unnamed = validManifestsWith(
    '  autoscalerRef: { apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, name: web }\n',
    '',
  );

  test.each([
    ['HorizontalPodAutoscaler', 'autoscaling/v2'],
    ['HorizontalPodAutoscaler', 'autoscaling/v1'],
    ['ScaledObject', 'keda.sh/v1alpha1'],
  ])('of the target that the Canary does not name are an error: %s %s', (kind, apiVersion) => {
    expect(findings(contestedTarget, unnamed, scaler('web', 'web', kind, apiVersion))).toMatchObject([
      { file: 'file-1.yaml', level: 'error', message: expect.stringContaining('name it in spec.autoscalerRef') },
    ]);
  });

  test('that the Canary names pass, and so do those of other workloads', () => {
    expect(findings(contestedTarget, validManifests, scaler('web', 'web'))).toEqual([]);
    expect(findings(contestedTarget, unnamed, scaler('cart', 'cart'))).toEqual([]);
  });

  test('beside the one that the Canary names are an error', () => {
    expect(findings(contestedTarget, validManifests, scaler('other', 'web'))).toMatchObject([
      { object: 'HorizontalPodAutoscaler shop/other' },
    ]);
    expect(findings(contestedTarget, validManifests, scaler('mine', 'web-primary'))).toMatchObject([
      { message: expect.stringContaining('Flagger creates the autoscaler web-primary') },
    ]);
  });
});
