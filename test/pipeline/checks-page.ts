import { markdownTable } from '../../bench/table';
import type { CheckerFinding } from './checkers';

/**
 * trivy takes no reasons out of templates. What it calls each thing that checkov is told of, and the rest with a reason of its own.
 * Whatever it finds beyond these is open.
 */
const trivys: Readonly<Record<string, { readonly as: string } | { readonly reason: string }>> = {
  'AWS-0017': { as: 'CKV_AWS_158' },
  'AWS-0031': { as: 'CKV_AWS_51' },
  'AWS-0033': { as: 'CKV_AWS_136' },
  'AWS-0089': { as: 'CKV_AWS_18' },
  'AWS-0095': { as: 'CKV_AWS_26' },
  'AWS-0132': {
    reason:
      'S3 encrypts every object with a key of its own; a key of ours would be one more right for every role, and one more thing that artifacts can be lost by',
  },
  'DS-0002': {
    reason:
      'the toolbox runs in CodeBuild alone, as root in a machine of its own, which BuildKit needs for namespaces and mounts',
  },
  'DS-0026': { reason: 'nothing looks at the health of a container that runs one build' },
};

/** The tables of docs/reference/template-checks.md. @throws Error for a finding of trivy's in a platform of ours that has no reason */
export function renderChecksPage(
  checkers: readonly string[],
  of: (checker: string, app: string) => readonly CheckerFinding[],
): string {
  const everything = (checker: string) => [...of(checker, 'github'), ...of(checker, 'codecommit')];
  const counts = (found: readonly CheckerFinding[]) => {
    const accepted = found.filter(({ accepted, rule }) => accepted !== undefined || rule in trivys).length;
    return [String(found.length - accepted), String(accepted)];
  };
  const stranger = everything('trivy').find(({ rule }) => !(rule in trivys));
  if (stranger) {
    throw new Error(`trivy finds ${stranger.rule} in ${stranger.file}, and there is no reason for it`);
  }
  return [
    markdownTable(
      ['Checker', 'plain: found', 'example: open', 'accepted', 'everything: open', 'accepted'],
      checkers.map((checker) => [
        checker,
        String(of(checker, 'plain').length),
        ...counts(of(checker, 'example')),
        ...counts(everything(checker)),
      ]),
    ),
    'What is found in the plain app:\n',
    texts(
      ['Checker', 'Rules, and how often'],
      checkers.map((checker) => [checker, tally(of(checker, 'plain')) || 'nothing']),
    ),
    'What is accepted in ours, and why (how often: in both platforms with everything together):\n',
    texts(
      ['Rule', 'how often', 'Why'],
      [...accepted(everything('cdk-nag'), everything('checkov')), ...trivy(everything('trivy'))],
    ),
  ].join('\n');
}

/** A table whose columns are words. */
function texts(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return markdownTable(head, rows).replaceAll('---:', '---');
}

function tally(found: readonly CheckerFinding[]): string {
  const counts = new Map<string, number>();
  for (const { rule } of found) {
    const id = rule.replace(/\[.*$/, '');
    counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  return [...counts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([id, times]) => `${id} × ${times}`)
    .join(', ');
}

function accepted(...found: readonly (readonly CheckerFinding[])[]): readonly (readonly string[])[] {
  const rows = new Map<string, { readonly rule: string; readonly why: string; times: number }>();
  for (const { rule, accepted: why = '' } of found.flat()) {
    const id = rule.replace(/\[.*$/, '');
    // Each wildcard has its own reason, which stands beside the right.
    const reason =
      id === 'AwsSolutions-IAM5'
        ? 'a pattern in a right: [permissions.md](permissions.md) has the reason of each'
        : why;
    const row = rows.get(id + reason) ?? { rule: id, why: reason, times: 0 };
    row.times += 1;
    rows.set(id + reason, row);
  }
  return [...rows.values()]
    .sort((a, b) => (a.rule + a.why < b.rule + b.why ? -1 : 1))
    .map(({ rule, why, times }) => [rule, String(times), why]);
}

function trivy(found: readonly CheckerFinding[]): readonly (readonly string[])[] {
  return Object.entries(trivys).map(([rule, known]) => [
    rule,
    String(found.filter((finding) => finding.rule === rule).length),
    'as' in known ? `the same as ${known.as}` : known.reason,
  ]);
}
