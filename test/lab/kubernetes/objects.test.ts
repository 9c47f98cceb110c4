import { parseRequirement } from '../../../lab/go-modules';
import { objectPath, objectsOf, pluralOf } from '../../../lab/kubernetes/apply';
import { definitionsIn } from '../../../lab/kubernetes/definitions';

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
])('the path of an object', (object, path) => {
  expect(objectPath(object)).toBe(path);
});

test('empty documents are no objects, broken YAML is an error', () => {
  expect(objectsOf('---\n# nothing\n---\nkind: A\n').map(({ kind }) => kind)).toEqual(['A']);
  expect(() => objectsOf('a: [')).toThrow();
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

test('definitions are cut out of a file with their names, and without the status that some files carry', () => {
  const text = `---\n${definition('canaries.flagger.app')}status:\n  conditions: []\n  storedVersions: []\n---\n${definition('metrictemplates.flagger.app')}---\nkind: Namespace\n`;
  const found = definitionsIn(text);
  expect(found.map(({ name }) => name)).toEqual(['canaries.flagger.app', 'metrictemplates.flagger.app']);
  expect(found[0]?.text).not.toContain('status:');
  expect(found[0]?.text).toContain('group: flagger.app');
});

test('a definition without a name is an error', () => {
  expect(() => definitionsIn('kind: CustomResourceDefinition\nspec: {}\n')).toThrow('without a name');
});

test.each([
  ['require example.com/a v1.2.3\n', 'v1.2.3'],
  ['require (\n\texample.com/a/v2 v2.0.0\n\texample.com/a v0.1.0 // indirect\n)\n', 'v0.1.0'],
  ['replace example.com/a => example.com/b v9.9.9\n', undefined],
])('the pinned version of a module', (goMod, version) => {
  expect(parseRequirement(goMod, 'example.com/a')).toBe(version);
});
