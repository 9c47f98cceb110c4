import { createHash } from 'node:crypto';
import { parseCheckovInput } from '../../../lib/gate';
import { kindsWithChecks } from '../../../lib/gate/readers/checkov-input';
import { deployment, manifest, parseFiles } from '../report-fixtures';

const namespaces = 'platform/dev/namespaces.yaml';

describe('parseCheckovInput', () => {
  test.each([
    ['text that is not YAML', 'kind: [', 'Flow sequence in block collection'],
    ['an empty document', '# nothing\n', 'no document'],
    ['a document without a kind', 'foo: 1\n', 'a document without apiVersion'],
    ['a document without a name', 'apiVersion: v1\nkind: Namespace\nmetadata: {}\n', 'without metadata.name'],
  ])('rejects %s', (_, text, found) => {
    const input = parseCheckovInput(new Map([[namespaces, text]]));
    expect(input).toMatchObject({ ok: false, message: expect.stringContaining(found) });
    expect(input).toMatchObject({ message: expect.stringContaining(`${namespaces}: expected Kubernetes manifests`) });
  });

  test('counts the items of a List', () => {
    const list = JSON.stringify({
      apiVersion: 'v1',
      kind: 'List',
      items: [{ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a', namespace: 'dev' } }],
    });
    expect(parseFiles({ [deployment]: list })).toMatchObject([{ resources: ['Pod.dev.a'], hasChecks: true }]);
  });

  test('a Dockerfile is no manifest, and has checks', () => {
    expect(parseFiles({ Dockerfile: 'FROM scratch\n' })).toEqual([
      {
        path: 'Dockerfile',
        framework: 'dockerfile',
        sha1: createHash('sha1').update('FROM scratch\n').digest('hex'),
        resources: [],
        hasChecks: true,
      },
    ]);
    expect(parseCheckovInput(new Map([['other/Dockerfile', 'FROM scratch\n']]))).toMatchObject({ ok: false });
  });

  test('a manifest has the names of its documents, without empty ones, and checks if checkov has some for one of them', () => {
    const text = `---\n${manifest('Namespace', 'shop')}---\n---\n${manifest('Pod', 'a', 'dev')}---\n`;
    expect(parseFiles({ [deployment]: text, [namespaces]: manifest('Namespace', 'shop') })).toEqual([
      {
        path: deployment,
        framework: 'kubernetes',
        sha1: createHash('sha1').update(text).digest('hex'),
        resources: ['Namespace.default.shop', 'Pod.dev.a'],
        hasChecks: true,
      },
      {
        path: namespaces,
        framework: 'kubernetes',
        sha1: createHash('sha1').update(manifest('Namespace', 'shop')).digest('hex'),
        resources: ['Namespace.default.shop'],
        hasChecks: false,
      },
    ]);
  });

  test.each([
    ['a text', 'hello\n', 'a document without any key'],
    ['a list', '- 1\n', 'a document without any key'],
    ['an empty version', 'apiVersion: ""\nkind: Pod\nmetadata: {name: a}\n', 'a document without apiVersion'],
    ['an empty kind', 'apiVersion: v1\nkind: ""\nmetadata: {name: a}\n', 'a document without kind'],
    ['an empty name', 'apiVersion: v1\nkind: Pod\nmetadata: {name: ""}\n', 'a document without metadata.name'],
    [
      'a namespace that is no text',
      'apiVersion: v1\nkind: Pod\nmetadata: {name: a, namespace: 3}\n',
      'metadata.namespace',
    ],
    ['no metadata', 'apiVersion: v1\nkind: Pod\n', 'a document without metadata'],
    ['an empty list', 'apiVersion: v1\nkind: List\nitems: []\n', 'no document'],
    ['a list without items', 'apiVersion: v1\nkind: List\n', 'a document without metadata'],
    ['items of another kind', 'apiVersion: v1\nkind: PodList\nitems: []\n', 'a document without metadata'],
    ['a bad item', 'apiVersion: v1\nkind: List\nitems: [{kind: Pod}]\n', 'a document without apiVersion'],
    ['a bad document after a good one', `${manifest('Pod')}---\nfoo: 1\n`, 'a document without apiVersion'],
    ['a document that is cut off', `${manifest('Pod')}---\nkind: [\n`, 'Flow sequence'],
  ])('rejects %s', (_, text, found) => {
    const input = parseCheckovInput(new Map([[namespaces, text]]));
    expect(input).toMatchObject({ ok: false, message: expect.stringContaining(found) });
    expect(input).not.toMatchObject({ message: expect.stringContaining('\n') });
  });
});

test('checkov has checks for these kinds', () => {
  expect([...kindsWithChecks].join(' ')).toBe(
    'AdmissionConfiguration ClusterRole ClusterRoleBinding ConfigMap CronJob DaemonSet Deployment DeploymentConfig Ingress Job Pod PodSecurityPolicy PodTemplate ReplicaSet ReplicationController Role RoleBinding Secret Service ServiceAccount StatefulSet',
  );
});
