import { checkObjects, parseObjects } from '../../../../charts/rules';
import { competingCanaries } from '../../../../charts/rules/definitions/pd020-competing-canaries';

const canary = (name: string, target: string, more = '', provider = 'istio') =>
  `apiVersion: flagger.app/v1beta1
kind: Canary
metadata: { name: ${name}, namespace: shop }
spec:
  provider: ${provider}
  targetRef: { kind: Deployment, name: ${target} }
${more}`;
const kustomization = (resources: string) =>
  `apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [${resources}]\n`;

const check = (files: Readonly<Record<string, string>>) =>
  checkObjects(
    Object.entries(files).flatMap(([file, text]) => parseObjects(file, text).objects),
    [competingCanaries],
  );

test('two Canaries of one name in one file or one folder are an error that names the other place', () => {
  const two = `${canary('web', 'web')}---\n${canary('web', 'other')}`;
  expect(check({ 'all.yaml': two })).toMatchObject([
    {
      level: 'error',
      field: 'metadata.name',
      place: { line: 10 },
      message:
        'another Canary web in this namespace is at all.yaml:3, and the one that is applied last is in force: keep one of them',
    },
  ]);
  expect(check({ 'shop/a.yaml': canary('web', 'web'), 'shop/b.yaml': canary('web', 'web') })).toMatchObject([
    { level: 'error', file: 'shop/b.yaml' },
  ]);
});

test('two Canaries of one target are an error', () => {
  expect(check({ 'a.yaml': canary('web', 'web'), 'b.yaml': canary('web2', 'web') })).toMatchObject([
    { level: 'error', field: 'spec.targetRef.name', message: expect.stringContaining('Deployment web') },
  ]);
});

test('in different folders, or for different meshes, it is a warning', () => {
  expect(check({ 'dev/a.yaml': canary('web', 'web'), 'prod/a.yaml': canary('web', 'web') })).toMatchObject([
    { level: 'warning' },
  ]);
  expect(check({ 'a.yaml': canary('web', 'web'), 'b.yaml': canary('web', 'web', '', 'kuma') })).toMatchObject([
    { level: 'warning' },
  ]);
});

test('other names, other namespaces, and files that the kustomization leaves out pass', () => {
  expect(check({ 'a.yaml': canary('web', 'web'), 'b.yaml': canary('cart', 'cart') })).toEqual([]);
  expect(check({ 'a.yaml': canary('web', 'web'), 'b.yaml': canary('web', 'web').replace('shop', 'other') })).toEqual(
    [],
  );
  const files = { 'shop/a.yaml': canary('web', 'web'), 'shop/b.yaml': canary('web', 'web') };
  expect(check({ ...files, 'shop/kustomization.yaml': kustomization('./a.yaml') })).toEqual([]);
  expect(check({ ...files, 'shop/kustomization.yaml': kustomization('a.yaml, b.yaml') })).toHaveLength(1);
});
