import { acceptanceRule } from './check-objects';
import type { Rule } from './rule';

/** docs/reference/manifest-rules.md: what every rule wants and why. */
export function renderRulesPage(rules: readonly Rule[], files: ReadonlyMap<string, string>): string {
  const rows = rules.map(
    ({ id, title, why, level }) =>
      `| [${id}](../../charts/rules/definitions/${files.get(id)}) | ${title} | ${level} | ${why} |\n`,
  );
  return `# Rules of progressive delivery

Every rendered service is held against these at synth, and \`bowline check manifests <path>\` holds any manifests of Flagger, Argo CD and Prometheus
against them. An error stops; a warning is shown, at synth on standard error. This page is generated from the rules (one per file,
in charts/rules/definitions); after a change: \`BOWLINE_WRITE_GENERATED=1 npx jest test/charts/rules\`.

| Rule | What holds | Level | Why |
|---|---|---|---|
| ${acceptanceRule.id} | ${acceptanceRule.title} | error | ${acceptanceRule.why} |
${rows.join('')}`;
}
