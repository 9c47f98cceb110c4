import { readVerdictPredicate, type VerdictPredicate } from '../release';
import type { KeyFacts } from './facts';

/** The verdicts that a key signed and that can be read. A malformed one fails a check of its own. */
export function signedVerdicts({ verdicts }: KeyFacts): readonly VerdictPredicate[] {
  return (verdicts.kind === 'signed' ? verdicts.values : [])
    .map(readVerdictPredicate)
    .flatMap((read) => (read.ok ? [read.predicate] : []));
}
