import { markdownTable } from '../../bench/table';
import type { CheckerFinding } from './checkers';

/**
 * Accepted findings of trivy, which reads no accepted findings from templates: either the equivalent check of checkov, or a reason.
 * Any other finding is open.
 */
const acceptedByTrivyRule: Readonly<Record<string, { readonly sameAs: string } | { readonly reason: string }>> = {
  'AWS-0017': { sameAs: 'CKV_AWS_158' },
  'AWS-0031': { sameAs: 'CKV_AWS_51' },
  'AWS-0033': { sameAs: 'CKV_AWS_136' },
  'AWS-0089': { sameAs: 'CKV_AWS_18' },
  'AWS-0095': { sameAs: 'CKV_AWS_26' },
  'AWS-0132': {
    reason:
      'S3 encrypts every object with its own key; a customer managed key would add one more permission to every role, and artifacts would be lost together with the key',
  },
  'DS-0002': {
    reason:
      'the toolbox runs only in CodeBuild, as root on its own machine, because BuildKit creates namespaces and mounts',
  },
  'DS-0026': { reason: 'no program checks the health of a container that runs one build' },
};

/** Renders the tables of docs/reference/template-checks.md. @throws Error for an open finding of trivy in a platform of Bowline */
export function renderChecksPage(
  checkers: readonly string[],
  findingsOf: (checker: string, app: string) => readonly CheckerFinding[],
): string {
  const inFullPlatforms = (checker: string) => [...findingsOf(checker, 'github'), ...findingsOf(checker, 'codecommit')];
  const openTrivyFinding = inFullPlatforms('trivy').find(({ rule }) => !(rule in acceptedByTrivyRule));
  if (openTrivyFinding !== undefined) {
    throw new Error(`trivy finds ${openTrivyFinding.rule} in ${openTrivyFinding.file}: fix it, or add a reason`);
  }
  return [
    markdownTable(
      ['Checker', 'plain: found', 'example: open', 'accepted', 'full: open', 'accepted'],
      checkers.map((checker) => [
        checker,
        String(findingsOf(checker, 'plain').length),
        ...countOpenAndAccepted(findingsOf(checker, 'example')),
        ...countOpenAndAccepted(inFullPlatforms(checker)),
      ]),
    ),
    'Findings in the plain app:\n',
    textTable(
      ['Checker', 'Rules, with the number of findings'],
      checkers.map((checker) => [checker, tallyRules(findingsOf(checker, 'plain')) || 'none']),
    ),
    "Accepted findings in Bowline's platforms, with the number of findings in both full platforms together:\n",
    textTable(
      ['Rule', 'Findings', 'Reason'],
      [
        ...acceptedRows([...inFullPlatforms('cdk-nag'), ...inFullPlatforms('checkov')]),
        ...trivyRows(inFullPlatforms('trivy')),
      ],
    ),
  ].join('\n');
}

function countOpenAndAccepted(findings: readonly CheckerFinding[]): readonly [open: string, accepted: string] {
  const accepted = findings.filter(({ accepted, rule }) => accepted !== undefined || rule in acceptedByTrivyRule);
  return [String(findings.length - accepted.length), String(accepted.length)];
}

/** A table whose columns contain text, so none is aligned to the right. */
function textTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return markdownTable(head, rows).replaceAll('---:', '---');
}

function tallyRules(findings: readonly CheckerFinding[]): string {
  const counts = new Map<string, number>();
  for (const { rule } of findings) {
    const id = ruleId(rule);
    counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  return [...counts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([id, count]) => `${id} × ${count}`)
    .join(', ');
}

function acceptedRows(findings: readonly CheckerFinding[]): readonly (readonly string[])[] {
  const rows = new Map<string, { readonly id: string; readonly reason: string; count: number }>();
  for (const { rule, accepted = '' } of findings) {
    const id = ruleId(rule);
    // Each wildcard has its own reason, beside the permission.
    const reason =
      id === 'AwsSolutions-IAM5'
        ? 'a wildcard in a permission: [permissions.md](permissions.md) gives the reason of each'
        : accepted;
    const row = rows.get(id + reason) ?? { id, reason, count: 0 };
    row.count += 1;
    rows.set(id + reason, row);
  }
  return [...rows.values()]
    .sort((a, b) => (a.id + a.reason < b.id + b.reason ? -1 : 1))
    .map(({ id, reason, count }) => [id, String(count), reason]);
}

function trivyRows(findings: readonly CheckerFinding[]): readonly (readonly string[])[] {
  return Object.entries(acceptedByTrivyRule).map(([rule, accepted]) => [
    rule,
    String(findings.filter((finding) => finding.rule === rule).length),
    'sameAs' in accepted ? `the same as ${accepted.sameAs}` : accepted.reason,
  ]);
}

/** cdk-nag appends the resource of a wildcard to the rule. */
function ruleId(rule: string): string {
  return rule.replace(/\[.*$/, '');
}
