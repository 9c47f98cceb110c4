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
])('finds %s with its line', (line) => {
  expect(find(`kind: Pod\n${line}\n`)).toEqual(['manifests/dev/hello/config-files.yaml:2']);
});

test.each(['image: aquasec/trivy:0.74.0', '# scanned by checkov', 'ignore: [a]', 'skip: true'])(
  'does not take %s for one',
  (line) => {
    expect(find(line)).toEqual([]);
  },
);
