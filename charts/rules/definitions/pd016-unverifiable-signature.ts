import { findByKind, listAt, mapAt } from '../manifests/canaries';
import type { LocatedObject } from '../manifests/objects';
import type { Finding, Rule } from '../rule';

export const unverifiableSignature: Rule = {
  id: 'PD016',
  title: 'Admission asks for signatures that it can verify',
  why: "cosign 3 signs as a bundle. With a key (and not an identity) policy-controller refuses every bundle (validator.go: must be keyless), and Kyverno's verifyImages and ImageValidatingPolicy do not read it reliably: nothing is admitted, a rollback's pods included.",
  level: 'error',
  check: (objects) => [...policyController(objects), ...kyverno(objects), ...imageValidating(objects)],
};

const way = 'Sign with --new-bundle-format=false, or verify before the release goes into git';

function policyController(objects: readonly LocatedObject[]): readonly Finding[] {
  return findByKind(objects, 'ClusterImagePolicy', 'policy.sigstore.dev').flatMap((policy) =>
    listAt(policy, ['spec', 'authorities']).flatMap((_, index) => {
      const path = ['spec', 'authorities', index];
      return hasKey(policy, path) && policy.get(...path, 'signatureFormat') === 'bundle'
        ? [
            {
              object: policy,
              path: [...path, 'signatureFormat'],
              message: `policy-controller verifies a bundle by identity alone, and this authority has a key: it admits nothing. ${way}.`,
            },
          ]
        : [];
    }),
  );
}

function hasKey(object: LocatedObject, path: readonly (string | number)[]): boolean {
  return Object.keys(mapAt(object, [...path, 'key'])).length > 0;
}

function kyverno(objects: readonly LocatedObject[]): readonly Finding[] {
  return ['ClusterPolicy', 'Policy']
    .flatMap((kind) => findByKind(objects, kind, 'kyverno.io'))
    .flatMap((policy) =>
      listAt(policy, ['spec', 'rules']).flatMap((_, rule) =>
        listAt(policy, ['spec', 'rules', rule, 'verifyImages']).flatMap((_, check) => {
          const path = ['spec', 'rules', rule, 'verifyImages', check];
          const keyed = JSON.stringify(policy.get(...path, 'attestors') ?? '').includes('"keys"');
          return keyed && policy.get(...path, 'type') === 'SigstoreBundle'
            ? [
                {
                  object: policy,
                  path: [...path, 'type'],
                  message: `Kyverno verifies a SigstoreBundle by identity alone, and this attestor has keys: it admits nothing. ${way}, and say type: Cosign.`,
                },
              ]
            : [];
        }),
      ),
    );
}

function imageValidating(objects: readonly LocatedObject[]): readonly Finding[] {
  return findByKind(objects, 'ImageValidatingPolicy', 'policies.kyverno.io').flatMap((policy) =>
    listAt(policy, ['spec', 'attestors']).flatMap((_, index) => {
      const path = ['spec', 'attestors', index, 'cosign'];
      return hasKey(policy, path)
        ? [
            {
              object: policy,
              path: [...path, 'key'],
              level: 'warning' as const,
              message: `Kyverno 1.19.0 does not verify bundles by a key here (kyverno#17363), and cosign 3 signs bundles. ${way}.`,
            },
          ]
        : [];
    }),
  );
}
