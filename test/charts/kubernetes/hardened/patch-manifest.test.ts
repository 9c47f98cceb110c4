import { JsonPatch } from 'cdk8s';
import { k8s } from 'cdk8s-plus-27';
import { patchManifest } from '../../../../charts/kubernetes/hardened/patch-manifest';
import { synthesizeObject } from '../../synthesize-object';

const patchedPod = (patch: (pod: k8s.KubePod) => void) =>
  synthesizeObject((scope) => {
    const pod = new k8s.KubePod(scope, 'Pod', {
      metadata: { name: 'hello' },
      spec: { containers: [{ name: 'hello' }] },
    });
    patch(pod);
  });
const sleep = JsonPatch.add('/spec/containers/0/lifecycle', { preStop: { sleep: { seconds: 5 } } });

test('keeps a field that Kubernetes 1.27 does not define, which addJsonPatch drops', () => {
  expect(JSON.stringify(patchedPod((pod) => pod.addJsonPatch(sleep)))).not.toContain('sleep');
  expect(JSON.stringify(patchedPod((pod) => patchManifest(pod, [sleep])))).toContain('"sleep":{"seconds":5}');
});

test('sorts added fields by name', () => {
  const added = patchedPod((pod) =>
    patchManifest(pod, [JsonPatch.add('/spec/affinity', {}), JsonPatch.add('/data', {})]),
  );
  expect(Object.keys(added)).toEqual(['apiVersion', 'kind', 'metadata', 'data', 'spec']);
  expect(Object.keys(added.spec as object)).toEqual(['affinity', 'containers']);
});

test('applies later patches after earlier ones', () => {
  const object = patchedPod((pod) => {
    patchManifest(pod, [JsonPatch.add('/spec/affinity', {})]);
    patchManifest(pod, [JsonPatch.remove('/spec/affinity'), JsonPatch.remove('/spec')]);
  });
  expect(object).not.toHaveProperty('spec');
});
