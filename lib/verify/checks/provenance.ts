import { buildType, describeExpectedBuilder, isExpectedBuilder, readProvenance } from '../../provenance';
import type { VerdictPredicate } from '../../release';
import { type Check, type Expectations, failed, passed, unknown, verdictCheck } from '../check';

/** The image was built by the expected pipeline, from the very source that the verdict is about. */
export const provenanceCheck: Check = verdictCheck(
  'provenance',
  'The key signed where the image comes from: the builder, and the source of the verdict',
  ['no-provenance', 'provenance-mismatch'],
  (verdict, { facts: { provenances }, expected }) => {
    if (provenances.kind === 'unknown') {
      return unknown('evidence-unreadable', provenances.message);
    }
    if (provenances.kind === 'not-signed') {
      return failed(
        'no-provenance',
        'the image has no provenance by this key: release it again with a version of Bowline that signs provenance',
      );
    }
    // An image that is built from several commits has provenance for each. What differs from the verdict in any respect says nothing about it.
    const differences = provenances.values.map((value) => difference(value, verdict, expected));
    return differences.includes(undefined)
      ? passed(describeExpectedBuilder(expected.builder))
      : failed('provenance-mismatch', [...new Set(differences)].join('; '));
  },
);

/** What differs between signed provenance and what it must be, if anything. Compared as a whole: a prefix is another source. */
function difference(
  value: unknown,
  { service, source }: VerdictPredicate,
  { builder }: Expectations,
): string | undefined {
  const read = readProvenance(value);
  if (!read.ok) {
    return `signed provenance is malformed at ${read.message}`;
  }
  const { claims } = read;
  if (!isExpectedBuilder(claims.builder, builder)) {
    return `the image is built by ${claims.builder}, expected ${describeExpectedBuilder(builder)}`;
  }
  const comparisons = [
    ['the type of the build', claims.buildType, buildType],
    ['the artifact', claims.artifact, 'image'],
    ['the service', claims.service, service],
    ['the source repository', claims.repository, source.repository],
    ['the ref', claims.ref, source.ref],
    ['the commit', claims.commit, source.commit],
  ] as const;
  const different = comparisons.find(([, found, wanted]) => found !== wanted);
  return different === undefined
    ? undefined
    : `${different[0]} of the provenance is ${different[1]}, expected ${different[2]}`;
}
