import type { Rule } from './rule';

/** Renders docs/reference/pipeline-rules.md: what every rule requires and why. */
export function renderRulesPage(rules: readonly Rule[]): string {
  return `# Rules for pipeline templates

This page lists the rules against which every synth checks its CloudFormation templates. A synth with a finding fails.
The page is generated from the rules (one per file, in lib/pipeline/rules/definitions). After a change, run
\`BOWLINE_WRITE_GENERATED=1 npx jest test/pipeline/rules\`.

| Rule | Requirement | Reason |
|---|---|---|
${rules.map(({ id, title, why }) => `| [\`${id}\`](../../lib/pipeline/rules/definitions/${id}.ts) | ${title} | ${why} |\n`).join('')}`;
}
