import { parseCheckovInput } from '../../../lib/gate';
import { deployment, parseFiles } from '../report-fixtures';

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
});
