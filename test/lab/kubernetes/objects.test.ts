import { parseRequirement } from '../../../lab/go-modules';
import { objectPath, parseObjects, pluralOf } from '../../../lab/kubernetes/apply';
import { parseDefinitions } from '../../../lab/kubernetes/definitions';

test.each([
  ['Pod', 'pods'],
  ['Canary', 'canaries'],
  ['GatewayClass', 'gatewayclasses'],
  ['Gateway', 'gateways'],
  ['NetworkPolicy', 'networkpolicies'],
  ['Ingress', 'ingresses'],
  ['EndpointSlice', 'endpointslices'],
  ['Endpoints', 'endpoints'],
])('the plural of %s is %s', (kind, plural) => {
  expect(pluralOf(kind)).toBe(plural);
});

test.each([
  [{ apiVersion: 'v1', kind: 'Service', metadata: { name: 'a', namespace: 'n' } }, '/api/v1/namespaces/n/services/a'],
  [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'n' } }, '/api/v1/namespaces/n'],
  [
    { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'a' } },
    '/apis/apps/v1/namespaces/default/deployments/a',
  ],
])('the API path of an object', (object, path) => {
  expect(objectPath(object)).toBe(path);
});

test('skips empty documents, and throws for invalid YAML', () => {
  expect(parseObjects('---\n# nothing\n---\nkind: A\n').map(({ kind }) => kind)).toEqual(['A']);
  expect(() => parseObjects('a: [')).toThrow();
});

const definition = (name: string) => `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  annotations:
    version: v1
  name: ${name}
spec:
  group: flagger.app
  names:
    name: not-this
`;

test('splits a file into its definitions, and removes their status', () => {
  const text = `---\n${definition('canaries.flagger.app')}status:\n  conditions: []\n  storedVersions: []\n---\n${definition('metrictemplates.flagger.app')}---\nkind: Namespace\n`;
  const definitions = parseDefinitions(text);
  expect(definitions.map(({ name }) => name)).toEqual(['canaries.flagger.app', 'metrictemplates.flagger.app']);
  expect(definitions[0]?.text).not.toContain('status:');
  expect(definitions[0]?.text).toContain('group: flagger.app');
});

test('a definition without a name is an error', () => {
  expect(() => parseDefinitions('kind: CustomResourceDefinition\nspec: {}\n')).toThrow('without a name');
});

test.each([
  ['require example.com/a v1.2.3\n', 'v1.2.3'],
  ['require (\n\texample.com/a/v2 v2.0.0\n\texample.com/a v0.1.0 // indirect\n)\n', 'v0.1.0'],
  ['replace example.com/a => example.com/b v9.9.9\n', undefined],
])('finds the pinned version of a module', (goMod, version) => {
  expect(parseRequirement(goMod, 'example.com/a')).toBe(version);
});
