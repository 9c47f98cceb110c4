import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ErrorDescription, errorCodes, exitCodes } from '../../lib/errors';

const page = join(__dirname, '..', '..', 'docs', 'reference', 'errors.md');

test('docs/reference/errors.md lists every error code', () => {
  const rendered = renderErrorsPage();
  if (process.env.BOWLINE_WRITE_GENERATED === '1') {
    writeFileSync(page, rendered);
  }
  expect(readFileSync(page, 'utf8')).toBe(rendered);
});

function renderErrorsPage(): string {
  return `# Errors and exit codes

This page lists the exit codes of the command line and every error code. It is generated from
\`lib/errors/error-codes.ts\`.

A command that fails writes one message to standard error. With \`--json\` it also writes one object to standard output:
\`{ "ok": false, "code": "…", "message": "…" }\`. Codes are stable; messages are not. \`BOWLINE_STACK=1\` adds the stack trace.

## Exit codes

| Exit code | Name | Meaning |
|---|---|---|
| ${exitCodes.passed} | passed | The step passed. |
| ${exitCodes.inconclusive} | inconclusive | The step has no result: a tool is missing or out of date, crashed, or wrote nothing. |
| ${exitCodes.rejected} | rejected | A gate rejects the release, or the ledger refuses the change. |
| ${exitCodes.badInput} | bad configuration or input | The configuration, the source or an option is wrong. |
| ${exitCodes.usage} | usage | The command line itself is wrong: an unknown command or option. |

## Error codes

Some codes have more than one exit code, depending on the step.

| Code | Exit code | Meaning | What to do |
|---|---|---|---|
${Object.entries(errorCodes)
  .sort(([a], [b]) => (a < b ? -1 : 1))
  .map(([code, description]) => row(code, description))
  .join('\n')}
`;
}

function row(code: string, { kinds, meaning, action }: ErrorDescription): string {
  const exits = kinds.map((kind) => exitCodes[kind]).join(', ');
  return `| \`${code}\` | ${exits} | ${meaning} | ${action} |`;
}
