import type { Rule } from './rule';

/** docs/reference/pipeline-rules.md: what every rule wants and why. */
export function renderRulesPage(rules: readonly Rule[]): string {
  return `# Rules of the pipeline's templates

Every synth holds its templates against these, and fails on a finding. This page is generated from the rules (one per file, in lib/pipeline/rules);
after a change: \`BOWLINE_WRITE_GENERATED=1 npx jest test/pipeline/rules\`.

| Rule | What holds | Why |
|---|---|---|
${rules.map(({ id, title, why }) => `| [\`${id}\`](../../lib/pipeline/rules/${id}.ts) | ${title} | ${why} |\n`).join('')}`;
}
