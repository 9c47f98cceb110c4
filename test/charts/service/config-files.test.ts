import { parse } from 'yaml';
import { renderer } from '../../../charts/render';
import { requireCatalog, serviceInEnvironment } from '../../../lib/catalog';
import { canonicalJson } from '../../../lib/values';
import { exampleFiles } from '../../catalog/example-files';
import { releaseOf, serviceOf } from '../../ledger/fixtures';

const render = (files: Readonly<Record<string, string>> | undefined, name = 'one') =>
  renderer.service(serviceOf('hello', 'prod', { files }), releaseOf('hello', 'prod', name));
const configMapOf = (files: ReadonlyMap<string, string>) =>
  parse(files.get('manifests/prod/hello/config-files.yaml') as string);
const podOf = (files: ReadonlyMap<string, string>) =>
  parse(files.get('manifests/prod/hello/deployment.yaml') as string).spec.template.spec;

const two = { '/etc/app/config.yaml': 'level: info\n', '/etc/other/config.yaml': 'a: $(B)\n' };

test('a service without files has no ConfigMap', () => {
  expect(render(undefined).has('manifests/prod/hello/config-files.yaml')).toBe(false);
});

test('each file is mounted read-only at its path, with its content unchanged', () => {
  const files = render(two);
  const { data, metadata } = configMapOf(files);
  const { volumes, containers } = podOf(files);
  const volume = volumes.find(({ name }: { name: string }) => name === 'config-files');
  expect(volume.configMap.name).toBe(metadata.name);
  const mounts = containers[0].volumeMounts.filter(({ name }: { name: string }) => name === 'config-files');
  expect(
    Object.fromEntries(
      mounts.map(({ mountPath, subPath }: { mountPath: string; subPath: string }) => [mountPath, data[subPath]]),
    ),
  ).toEqual(two);
  expect(mounts.every(({ readOnly }: { readOnly: boolean }) => readOnly)).toBe(true);
});

test.each([
  [{ '/etc/app/empty.conf': '' }],
  [{ '/etc/app/empty.conf': '', '/etc/app/other.conf': '' }],
  [{ '/etc/app/empty.conf': '', '/etc/app/full.conf': 'a' }],
])('every key that is mounted exists, even if its text is empty: %j', (texts) => {
  const files = render(texts);
  const { data } = configMapOf(files);
  const mounts = podOf(files).containers[0].volumeMounts.filter(
    ({ name }: { name: string }) => name === 'config-files',
  );
  expect(
    Object.fromEntries(
      mounts.map(({ mountPath, subPath }: { mountPath: string; subPath: string }) => [mountPath, data[subPath]]),
    ),
  ).toEqual(texts);
});

test('a changed file changes the pod template, and restoring it restores the template byte for byte', () => {
  const before = render(two).get('manifests/prod/hello/deployment.yaml');
  const changed = render({ ...two, '/etc/app/config.yaml': 'level: debug\n' });
  expect(changed.get('manifests/prod/hello/deployment.yaml')).not.toBe(before);
  expect(render(JSON.parse(canonicalJson(two))).get('manifests/prod/hello/deployment.yaml')).toBe(before);
});

test('a release with equal files keeps the ConfigMap', () => {
  expect(configMapOf(render(two, 'two'))).toEqual(configMapOf(render(two, 'one')));
});

test('the content of a name cannot change, and Argo CD and Flagger leave it to the primary that mounts it', () => {
  const { immutable, metadata } = configMapOf(render(two));
  expect(immutable).toBe(true);
  expect(metadata.annotations).toMatchObject({
    'argocd.argoproj.io/sync-options': 'Prune=false',
    'argocd.argoproj.io/compare-options': 'IgnoreExtraneous',
    'flagger.app/config-tracking': 'disabled',
  });
});

test('a sync does not wait for pods because of the ConfigMaps that Argo CD keeps', () => {
  const application = parse(render(two).get('apps/prod/hello.yaml') as string);
  expect(application.spec.syncPolicy.syncOptions).not.toContain('PruneLast=true');
});

test('files differ by environment', () => {
  const text = `${exampleFiles.service}environments:\n  prod: { files: { /etc/app/config.yaml: "level: warn" } }\n`;
  const { platform, services } = requireCatalog({ file: 'platform.yaml', text: exampleFiles.platform }, [
    { file: 'hello.yaml', text },
  ]);
  const [hello] = services;
  const filesIn = platform.environments.map(
    (environment) => serviceInEnvironment(platform, hello as NonNullable<typeof hello>, environment).files,
  );
  expect(filesIn).toEqual([undefined, { '/etc/app/config.yaml': 'level: warn' }]);
});
