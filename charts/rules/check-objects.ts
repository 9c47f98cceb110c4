import { annotations } from '../flagger/annotations';
import type { LocatedObject, Position } from './manifests/objects';
import type { Finding, Level, Rule } from './rule';

/** A finding with its rule and its position, as it is printed and exported. */
export interface ReportedFinding {
  readonly rule: string;
  readonly level: Level;
  readonly file: string;
  readonly place: Position;
  /** Kind, namespace and name: `Canary shop/web`. */
  readonly object: string;
  /** The field: `spec.analysis.interval`. */
  readonly field: string;
  readonly message: string;
  /** Why the finding is accepted: the reason in the object's annotation `bowline.dev/accept`. */
  readonly accepted?: string | undefined;
}

/** Checks objects against rules. Findings are sorted by file, then by position. */
export function checkObjects(objects: readonly LocatedObject[], rules: readonly Rule[]): readonly ReportedFinding[] {
  const acceptances = new Map(objects.map((object) => [object, parseAcceptances(object, rules)]));
  const isAccepted = (rule: Rule, { object }: Finding) => acceptances.get(object)?.reasons.has(rule.id) === true;
  const checked = rules.map((rule) => ({ rule, findings: rule.check(objects) }));
  const mismatches = checked.flatMap(({ rule, findings }) =>
    rule.validatesSchema === true ? findings.filter((finding) => !isAccepted(rule, finding)) : [],
  );
  const found = checked.flatMap(({ rule, findings }) =>
    findings
      .filter((finding) => !isComputedFromMismatch(rule, finding, mismatches))
      .map((finding) => ({
        ...report(rule, finding),
        accepted: acceptances.get(finding.object)?.reasons.get(rule.id),
      })),
  );
  const invalid = objects.flatMap((object) => acceptances.get(object)?.invalid ?? []);
  // Several Canaries may have the same Deployment as their target, and a rule reports it for each.
  const distinct = new Map([...found, ...invalid].map((finding) => [JSON.stringify(finding), finding]));
  return [...distinct.values()].sort(
    (a, b) =>
      compareText(a.file, b.file) ||
      a.place.line - b.place.line ||
      a.place.column - b.place.column ||
      compareText(a.rule, b.rule),
  );
}

/**
 * Whether a finding is computed from a part of an object that does not match its schema. With a misspelled `interval`, every time that a rule computes
 * is one of the default interval.
 */
function isComputedFromMismatch(rule: Rule, finding: Finding, mismatches: readonly Finding[]): boolean {
  return mismatches.some(
    ({ object, path }) =>
      [finding.object, finding.basis].includes(object) && path.slice(0, 2).join('.') === rule.computesFrom,
  );
}

/** The rule about the annotations that accept findings. */
export const acceptanceRule = {
  id: 'PD000',
  title: 'An accepted finding names its rule and the reason',
  why: `The annotation \`${annotations.accept}\` of an object accepts findings about that object: \`"PD013: the namespace is never pruned; PD014: …"\`. An entry with an unknown rule or without a reason accepts nothing.`,
  level: 'error',
} as const;

interface Acceptances {
  /** Reasons by rule. */
  readonly reasons: ReadonlyMap<string, string>;
  readonly invalid: readonly ReportedFinding[];
}

function parseAcceptances(object: LocatedObject, rules: readonly Rule[]): Acceptances {
  const path = ['metadata', 'annotations', annotations.accept];
  const text = object.get(...path);
  const reasons = new Map<string, string>();
  const invalid: ReportedFinding[] = [];
  const entries = typeof text === 'string' ? text.split(';').map((entry) => entry.trim()) : [];
  for (const entry of entries.filter((each) => each !== '')) {
    const [, id = '', reason = ''] = /^([A-Za-z0-9]+)\s*:\s*(.*)$/s.exec(entry) ?? [];
    const isKnown = rules.some((rule) => rule.id === id);
    if (isKnown && reason !== '') {
      reasons.set(id, reason);
      continue;
    }
    const missing = isKnown ? 'the reason is missing' : 'expected a rule and a reason';
    const message = `${JSON.stringify(entry)} accepts nothing: ${missing}. Write, for example, "PD013: this namespace is never pruned"`;
    invalid.push(report(acceptanceRule, { object, path, message }));
  }
  return { reasons, invalid };
}

function report(
  rule: { readonly id: string; readonly level: Level },
  { object, path, message, level }: Finding,
): ReportedFinding {
  return {
    rule: rule.id,
    level: level ?? rule.level,
    file: object.file,
    place: object.locate(path),
    object: describeObject(object),
    field: path.join('.'),
    message,
  };
}

function describeObject(object: LocatedObject): string {
  const name = [object.namespace, object.name].filter((part) => part !== '').join('/');
  return name === '' ? object.kind : `${object.kind} ${name}`;
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
