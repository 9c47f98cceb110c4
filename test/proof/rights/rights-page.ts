import type { ServiceCall } from '../services/service-call';
import type { RightUse } from './rights';
import type { UnusedRights } from './unused-rights';

/** A right with the reason for it, if nobody uses it. */
export interface ExplainedRight extends RightUse {
  readonly why?: UnusedRights['why'];
}

/** Renders the table of roles: calls made, rights granted, and those that nobody used. */
export function renderRights(rights: readonly ExplainedRight[]): string {
  const roles = [...new Set(rights.map(({ role }) => role))].sort();
  const rows = roles.map((role) => {
    const own = rights.filter((right) => right.role === role);
    const actionsBy = (use: RightUse['use']) => actionsOf(own.filter((right) => right.use === use));
    return `| \`${role}\` | ${cell(actionsBy('called'))} | ${cell(actionsBy('by a service'))} | ${actionsOf(own).length} | ${cell(actionsBy('unused'))} |`;
  });
  return [
    '| Role | Called by a job | Called by a service of AWS | Granted actions | Unused on some resource |',
    '|---|---|---|---|---|',
    ...rows,
  ].join('\n');
}

/** Renders the reasons for unused rights. */
export function renderReasons(rights: readonly ExplainedRight[]): string {
  const byReason = new Map<string, Set<string>>();
  for (const { role, id, why } of rights) {
    if (why !== undefined) {
      byReason.set(why, (byReason.get(why) ?? new Set()).add(`\`${role}\`: ${id}`));
    }
  }
  const rows = [...byReason].map(([why, places]) => `| ${[...places].sort().join('<br>')} | ${why} |`).sort();
  return ['| Role and permission | Why it is there although no local run uses it |', '|---|---|', ...rows].join('\n');
}

/** Renders what services do by themselves, with a document per line. */
export function renderServiceCalls(calls: readonly ServiceCall[]): string {
  const lines = new Map<string, Set<string>>();
  for (const { by, action, document } of calls) {
    const line = `${by} | ${document}`;
    lines.set(line, (lines.get(line) ?? new Set()).add(action));
  }
  const rows = [...lines].map(([line, actions]) => {
    const [by, document] = line.split(' | ');
    return `| ${by} | ${cell([...actions].sort())} | ${document} |`;
  });
  return ['| Who | Actions | Document |', '|---|---|---|', ...rows.sort()].join('\n');
}

function actionsOf(rights: readonly RightUse[]): readonly string[] {
  return [...new Set(rights.map(({ action }) => action))].sort();
}

function cell(texts: readonly string[]): string {
  return texts.map((text) => `\`${text}\``).join('<br>');
}
