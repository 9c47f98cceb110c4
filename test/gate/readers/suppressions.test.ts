import { findSuppressions } from '../../../lib/gate';

const find = (text: string) => findSuppressions(new Map([['manifests/dev/hello/config-files.yaml', text]]));

test.each([
  '#trivy:ignore:KSV-0017',
  '# trivy:ignore:*',
  '    #trivy:exp:2030-01-01:ignore:KSV-0017',
  '# tfsec:ignore:aws-s3',
  '# checkov:skip=CKV_K8S_16: because',
  '#bridgecrew:skip=CKV_K8S_16',
  '# cortex:skip=CKV_K8S_16',
  '  checkov.io/skip1: CKV_K8S_16=because',
  '  "bridgecrew.io/skip2": CKV_K8S_16',
  '    # Checkov:Skip=CKV_K8S_16',
  '# trivy : ignore',
  '# trivy  :  exp:2030-01-01  ignore',
  '# tfsec:exp:2030-01-01:ignore:x',
  '# checkov  :  skip=CKV_K8S_16',
  '# bridgecrew : skip=CKV_K8S_16',
  '# cortex :skip=CKV_K8S_16',
  'cortex.io/skip3: CKV_K8S_16',
  'checkov.io/skip: CKV_K8S_16',
  '(checkov:skip',
])('finds %s with its line', (line) => {
  expect(find(`kind: Pod\n${line}\n`)).toEqual(['manifests/dev/hello/config-files.yaml:2']);
});

test.each([
  'image: aquasec/trivy:0.74.0',
  '# scanned by checkov',
  'ignore: [a]',
  'skip: true',
  'mytrivy:ignore',
  'mycheckov:skip',
  'mycheckov.io/skip1: x',
  'checkovXio/skip1: x',
  'trivy-ignore',
  'checkov skip',
])('does not take %s for one', (line) => {
  expect(find(line)).toEqual([]);
});

test('names each line of each file', () => {
  const files = new Map([
    ['a', 'trivy:ignore\n\ncheckov:skip'],
    ['b', 'fine'],
    ['c', '\ncheckov.io/skip1: x'],
  ]);
  expect(findSuppressions(files)).toEqual(['a:1', 'a:3', 'c:2']);
});
