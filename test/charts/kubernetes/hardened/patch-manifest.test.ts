import { JsonPatch } from 'cdk8s';
import { k8s } from 'cdk8s-plus-27';
import { correct } from '../../../../charts/kubernetes/hardened/patch-manifest';
import { written } from '../../synthesize-object';

const pods = (correction: (object: k8s.KubePod) => void) =>
  written((scope) => {
    const pod = new k8s.KubePod(scope, 'Pod', {
      metadata: { name: 'hello' },
      spec: { containers: [{ name: 'hello' }] },
    });
    correction(pod);
  });
const sleep = JsonPatch.add('/spec/containers/0/lifecycle', { preStop: { sleep: { seconds: 5 } } });

test('a field that Kubernetes 1.27 did not know is kept, which a patch of cdk8s loses in silence', () => {
  expect(JSON.stringify(pods((pod) => pod.addJsonPatch(sleep)))).not.toContain('sleep');
  expect(JSON.stringify(pods((pod) => correct(pod, [sleep])))).toContain('"sleep":{"seconds":5}');
});

test('what is added stands where its name belongs, so that manifests read alike', () => {
  const added = pods((pod) => correct(pod, [JsonPatch.add('/spec/affinity', {}), JsonPatch.add('/data', {})]));
  expect(Object.keys(added)).toEqual(['apiVersion', 'kind', 'metadata', 'data', 'spec']);
  expect(Object.keys(added.spec as object)).toEqual(['affinity', 'containers']);
});

test('operations that come later count as well', () => {
  const operations: JsonPatch[] = [];
  const object = pods((pod) => {
    correct(pod, operations);
    operations.push(JsonPatch.remove('/spec'));
  });
  expect(object).not.toHaveProperty('spec');
});
