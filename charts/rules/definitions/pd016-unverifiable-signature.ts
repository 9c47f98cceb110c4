import { findByKind, listAt, mapAt } from '../manifests/find-objects';
import type { LocatedObject, Path } from '../manifests/objects';
import type { Finding, Rule } from '../rule';

export const unverifiableSignature: Rule = {
  id: 'PD016',
  title: 'Admission requires only signatures that it can verify',
  why: "cosign 3 signs in bundle format. With a key instead of an identity, policy-controller rejects every bundle (validator.go: must be keyless), and Kyverno's verifyImages and ImageValidatingPolicy do not verify bundles reliably: admission denies all pods, including those of a rollback.",
  level: 'error',
  check: (objects) => [
    ...checkClusterImagePolicies(objects),
    ...checkKyvernoPolicies(objects),
    ...checkImageValidatingPolicies(objects),
  ],
};

const remedy = 'Sign with --new-bundle-format=false, or verify signatures before the release is committed';

function checkClusterImagePolicies(objects: readonly LocatedObject[]): readonly Finding[] {
  return findByKind(objects, 'ClusterImagePolicy', 'policy.sigstore.dev').flatMap((policy) =>
    listAt(policy, ['spec', 'authorities']).flatMap((_, index) => {
      const path = ['spec', 'authorities', index];
      return hasKey(policy, path) && policy.get(...path, 'signatureFormat') === 'bundle'
        ? [
            {
              object: policy,
              path: [...path, 'signatureFormat'],
              message: `policy-controller verifies bundles only by identity, and this authority has a key: it admits nothing. ${remedy}`,
            },
          ]
        : [];
    }),
  );
}

function checkKyvernoPolicies(objects: readonly LocatedObject[]): readonly Finding[] {
  return ['ClusterPolicy', 'Policy']
    .flatMap((kind) => findByKind(objects, kind, 'kyverno.io'))
    .flatMap((policy) =>
      listAt(policy, ['spec', 'rules']).flatMap((_, rule) =>
        listAt(policy, ['spec', 'rules', rule, 'verifyImages']).flatMap((_, verification) => {
          const path = ['spec', 'rules', rule, 'verifyImages', verification];
          const hasKeys = JSON.stringify(policy.get(...path, 'attestors') ?? '').includes('"keys"');
          return hasKeys && policy.get(...path, 'type') === 'SigstoreBundle'
            ? [
                {
                  object: policy,
                  path: [...path, 'type'],
                  message: `Kyverno verifies a SigstoreBundle only by identity, and this attestor has keys: it admits nothing. ${remedy}, and set type: Cosign`,
                },
              ]
            : [];
        }),
      ),
    );
}

function checkImageValidatingPolicies(objects: readonly LocatedObject[]): readonly Finding[] {
  return findByKind(objects, 'ImageValidatingPolicy', 'policies.kyverno.io').flatMap((policy) =>
    listAt(policy, ['spec', 'attestors']).flatMap((_, index) => {
      const path = ['spec', 'attestors', index, 'cosign'];
      return hasKey(policy, path)
        ? [
            {
              object: policy,
              path: [...path, 'key'],
              level: 'warning' as const,
              message: `Kyverno 1.19.0 does not verify bundles by key here (kyverno#17363), and cosign 3 signs in bundle format. ${remedy}`,
            },
          ]
        : [];
    }),
  );
}

function hasKey(object: LocatedObject, path: Path): boolean {
  return Object.keys(mapAt(object, [...path, 'key'])).length > 0;
}
