import { checkObjects, parseObjects, rules } from '../../../../charts/rules';
import { schemaMismatch } from '../../../../charts/rules/definitions/pd018-schema-mismatch';
import { findings, onlyFinding, validManifests, validManifestsWith } from '../valid-manifests';

test('valid manifests match their schemas', () => {
  expect(findings(schemaMismatch, validManifests)).toEqual([]);
});

test.each([
  ['an unknown field', 'interval: 10s', 'intervall: 10s', 'spec.analysis.intervall', 'did you mean interval?'],
  ['a wrong type', 'threshold: 3', 'threshold: "3"', 'spec.analysis.threshold', 'expected a number, found "3"'],
  ['an unknown provider', 'provider: gatewayapi:v1', 'provider: nginxx', 'spec.provider', 'did you mean nginx?'],
  ['a provider without its version', 'gatewayapi:v1', 'gatewayapi', 'spec.provider', 'did you mean gatewayapi:v1?'],
  [
    'a duration that is a number',
    'interval: 10s',
    'interval: 10',
    'spec.analysis.interval',
    'expected a text, found 10',
  ],
  ['an unknown unit', 'interval: 10s', 'interval: 1h', 'spec.analysis.interval', 'found "1h"'],
  ['a number as text', 'max: 1 }', 'max: "1" }', 'spec.analysis.metrics.0.thresholdRange.max', 'expected a number'],
  [
    'an unknown webhook type',
    'type: rollback',
    'type: rolback',
    'spec.analysis.webhooks.0.type',
    'did you mean rollback',
  ],
  [
    'a field in the wrong place',
    '  revertOnDeletion',
    '  threshold: 5\n  revertOnDeletion',
    'spec.threshold',
    'remove it',
  ],
  ['an annotation that is a number', '"200"', '200', 'metadata.annotations.bowline.dev/requests-per-second', 'a text'],
  ['a misspelled part', '  analysis:', '  anlysis:', 'spec.anlysis', 'did you mean analysis?'],
  ['a field of a monitor', 'interval: 5s', 'intervall: 5s', 'spec.endpoints.0.intervall', 'did you mean interval?'],
  [
    'an unknown metric provider',
    'type: prometheus',
    'type: prometeus',
    'spec.provider.type',
    'did you mean prometheus',
  ],
  [
    'a field of a Deployment',
    '  selector:\n    m',
    '  replica: 2\n  selector:\n    m',
    'spec.replica',
    'mean replicas?',
  ],
])('%s is an error at its place', (_, was, is, field, message) => {
  const found = findings(schemaMismatch, validManifestsWith(was, is));
  expect(found).toContainEqual(
    expect.objectContaining({ level: 'error', field, message: expect.stringContaining(message) }),
  );
});

test('the position is that of the field, and the message names the project and its version', () => {
  expect(onlyFinding(schemaMismatch, validManifestsWith('interval: 10s', 'intervall: 10s'))).toMatchObject({
    at: 'intervall: 10s',
    message: expect.stringMatching(/^Flagger \d+\.\d+\.\d+ has no field intervall here/),
  });
});

test.each([
  [
    'Application',
    'apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: { name: a }\nspec:\n  project: default\n  destination: {}\n  syncPolicy: { automatted: {} }\n',
    'spec.syncPolicy.automatted',
  ],
  [
    'AppProject',
    'apiVersion: argoproj.io/v1alpha1\nkind: AppProject\nmetadata: { name: a }\nspec: { sourceRepos: "*" }\n',
    'spec.sourceRepos',
  ],
  [
    'ApplicationSet',
    'apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nmetadata: { name: a }\nspec:\n  generators: [{ lists: {} }]\n  template: { metadata: {}, spec: { project: a, destination: {} } }\n',
    'spec.generators.0.lists',
  ],
  [
    'PodMonitor',
    'apiVersion: monitoring.coreos.com/v1\nkind: PodMonitor\nmetadata: { name: a }\nspec: { selector: {}, podMetricsEndpoints: [{ interval: 5 }] }\n',
    'spec.podMetricsEndpoints.0.interval',
  ],
  [
    'PrometheusRule',
    'apiVersion: monitoring.coreos.com/v1\nkind: PrometheusRule\nmetadata: { name: a }\nspec: { groups: [{ name: a, rules: [{ alert: A, exprr: up }] }] }\n',
    'spec.groups.0.rules.0.exprr',
  ],
  [
    'HTTPRoute',
    'apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata: { name: a }\nspec: { rules: [{ backendRefs: [{ name: a, port: 80800 }] }] }\n',
    'spec.rules.0.backendRefs.0.port',
  ],
  [
    'AlertProvider',
    'apiVersion: flagger.app/v1beta1\nkind: AlertProvider\nmetadata: { name: a }\nspec: { type: slak, address: "https://hooks.example.com" }\n',
    'spec.type',
  ],
  [
    'HorizontalPodAutoscaler',
    'apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: { name: a }\nspec: { scaleTargetRef: { kind: Deployment, name: a }, maxReplicas: many }\n',
    'spec.maxReplicas',
  ],
])('the kind %s has a schema', (_, text, field) => {
  expect(findings(schemaMismatch, text).map((found) => found.field)).toContain(field);
});

test('a version that is not served, and a kind that Flagger does not have, are errors', () => {
  expect(
    onlyFinding(
      schemaMismatch,
      validManifestsWith('flagger.app/v1beta1\nkind: Canary', 'flagger.app/v1alpha3\nkind: Canary'),
    ),
  ).toMatchObject({ field: 'apiVersion', message: expect.stringContaining('use flagger.app/v1beta1') });
  expect(onlyFinding(schemaMismatch, validManifestsWith('kind: Canary', 'kind: Canery'))).toMatchObject({
    field: 'kind',
  });
});

test.each([
  ['a variable of Flux', 'threshold: 3', `threshold: $\{THRESHOLD}`],
  ['a variable of Helm', 'threshold: 3', 'threshold: "{{ .Values.threshold }}"'],
  ['a variable without quotes', 'threshold: 3', 'threshold: {{ .Values.threshold }}'],
  ['an empty field', 'revertOnDeletion: true', 'revertOnDeletion: true\n  ingressRef:'],
  ['a status', 'kind: Deployment\n', 'kind: Deployment\nstatus: { anything: 1 }\n'],
  ['a kind without a schema', 'kind: ServiceMonitor', 'kind: SomethingElse'],
])('%s passes', (_, was, is) => {
  expect(findings(schemaMismatch, validManifestsWith(was, is))).toEqual([]);
});

test('rules that compute times skip an analysis that does not match, unless the mismatch is accepted, and others do not', () => {
  const text = validManifestsWith('interval: 10s', 'intervall: 10s');
  const rulesOf = (manifests: string) => [
    ...new Set(checkObjects(parseObjects('a.yaml', manifests).objects, rules).map(({ rule }) => rule)),
  ];
  expect(rulesOf(text)).toEqual(['PD018']);
  const accepted = text.replace(
    '  annotations:\n',
    '  annotations:\n    bowline.dev/accept: "PD018: a newer Flagger"\n',
  );
  expect(rulesOf(accepted).sort()).toEqual(['PD001', 'PD010', 'PD018'].sort());
  const withMore = text
    .replace('revertOnDeletion: true', 'revertOnDeletion: false')
    .replace('stepWeights: [5, 10, 25, 50]', 'stepWeight: 500')
    .replace('{ name: web-errors, namespace: shop }\n    web', '{ name: web-error, namespace: shop }\n    web');
  expect(rulesOf(withMore).sort()).toEqual(['PD006', 'PD013', 'PD018', 'PD021']);
});
