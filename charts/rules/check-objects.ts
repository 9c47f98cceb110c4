import { annotations } from '../flagger/annotations';
import type { LocatedObject, Place } from './manifests/objects';
import type { Level, Rule } from './rule';

/** A finding as people and programs read it. */
export interface ReportedFinding {
  readonly rule: string;
  readonly level: Level;
  readonly file: string;
  readonly place: Place;
  /** `Canary shop/web` */
  readonly object: string;
  /** `spec.analysis.interval` */
  readonly field: string;
  readonly message: string;
  /** Why it is taken in nevertheless: the annotation `bowline.dev/accept` of the object. */
  readonly accepted?: string;
}

/** Holds objects against rules. The order is that of files, then of lines. */
export function checkObjects(objects: readonly LocatedObject[], rules: readonly Rule[]): readonly ReportedFinding[] {
  const acceptances = new Map(objects.map((object) => [object, acceptancesOf(object, rules)]));
  const found = rules.flatMap((rule) =>
    rule.check(objects).map(({ object, path, message, level }): ReportedFinding => {
      const reason = acceptances.get(object)?.reasons.get(rule.id);
      return {
        rule: rule.id,
        level: level ?? rule.level,
        file: object.file,
        place: object.place(path),
        object: nameOf(object),
        field: path.join('.'),
        message,
        ...(reason === undefined ? {} : { accepted: reason }),
      };
    }),
  );
  const wrong = objects.flatMap((object) => acceptances.get(object)?.wrong ?? []);
  // One Deployment may be the target of many Canaries.
  const apart = new Map([...found, ...wrong].map((finding) => [JSON.stringify(finding), finding]));
  return [...apart.values()].sort(
    (a, b) =>
      compare(a.file, b.file) ||
      a.place.line - b.place.line ||
      a.place.column - b.place.column ||
      compare(a.rule, b.rule),
  );
}

/** The id of what is wrong with an acceptance itself. */
export const acceptanceRule = {
  id: 'PD000',
  title: 'What is accepted is named, with its reason',
  why: `The annotation \`${annotations.accept}\` of an object takes findings about it in: \`"PD013: the namespace is never pruned; PD014: …"\`. An unknown rule or a missing reason accepts nothing.`,
} as const;

interface Acceptances {
  readonly reasons: ReadonlyMap<string, string>;
  readonly wrong: readonly ReportedFinding[];
}

function acceptancesOf(object: LocatedObject, rules: readonly Rule[]): Acceptances {
  const path = ['metadata', 'annotations', annotations.accept];
  const text = object.get(...path);
  const reasons = new Map<string, string>();
  const wrong: ReportedFinding[] = [];
  const parts = typeof text === 'string' ? text.split(';').map((part) => part.trim()) : [];
  for (const part of parts.filter((each) => each !== '')) {
    const [, id = '', reason = ''] = /^([A-Za-z0-9]+)\s*:\s*(.*)$/s.exec(part) ?? [];
    const known = rules.some((rule) => rule.id === id);
    if (known && reason !== '') {
      reasons.set(id, reason);
      continue;
    }
    wrong.push({
      rule: acceptanceRule.id,
      level: 'error',
      file: object.file,
      place: object.place(path),
      object: nameOf(object),
      field: path.join('.'),
      message: `${JSON.stringify(part)} accepts nothing: ${known ? 'say why' : 'a rule and a reason'}, such as "PD013: this namespace is never pruned"`,
    });
  }
  return { reasons, wrong };
}

function nameOf(object: LocatedObject): string {
  const name = [object.namespace, object.name].filter((part) => part !== '').join('/');
  return name === '' ? object.kind : `${object.kind} ${name}`;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
