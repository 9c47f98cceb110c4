import { acceptanceRule } from './check-objects';
import type { Rule } from './rule';

/** Renders docs/reference/manifest-rules.md: what every rule requires, and why. */
export function renderRulesPage(rules: readonly Rule[], files: ReadonlyMap<string, string>): string {
  const rows = rules.map(
    ({ id, title, why, level }) =>
      `| [${id}](../../charts/rules/definitions/${files.get(id)}) | ${title} | ${level} | ${why} |\n`,
  );
  return `# Manifest rules

The rules of progressive delivery that Bowline checks manifests against. Synth checks every rendered service, and \`bowline check manifests <path>\` checks
any manifests of Flagger, Argo CD and Prometheus ([how to check manifests](../how-to/check-manifests.md)). An error fails the check; a warning is
printed, at synth to standard error.

This page is generated from the rules, one per file in charts/rules/definitions. After a change, run
\`BOWLINE_WRITE_GENERATED=1 npx jest test/charts/rules\`.

| Rule | Requirement | Level | Why |
|---|---|---|---|
| ${acceptanceRule.id} | ${acceptanceRule.title} | ${acceptanceRule.level} | ${acceptanceRule.why} |
${rows.join('')}`;
}
