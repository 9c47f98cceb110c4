import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { errorCodes } from '../../lib/errors';
import { allChecks } from '../../lib/verify';

const page = join(__dirname, '..', '..', 'docs', 'reference', 'verify-checks.md');

test('docs/reference/verify-checks.md lists every check', () => {
  const rendered = renderChecksPage();
  if (process.env.BOWLINE_WRITE_GENERATED === '1') {
    writeFileSync(page, rendered);
  }
  expect(readFileSync(page, 'utf8')).toBe(rendered);
});

function renderChecksPage(): string {
  const rows = allChecks.map(
    ({ id, title, codes }) => `| \`${id}\` | ${title} | ${codes.map((code) => `\`${code}\``).join(', ')} |`,
  );
  const meanings = [...new Set(allChecks.flatMap(({ codes }) => codes))]
    .sort()
    .map((code) => `| \`${code}\` | ${errorCodes[code].meaning} | ${errorCodes[code].action} |`);
  return `# Checks of an image

This page lists what \`promote\` and \`bowline verify\` check ([how to](../how-to/verify-an-image.md)). It is generated from \`lib/verify/checks\`.

Every fact comes from the registry, by digest, and from cosign. Bowline hashes each manifest itself. Evidence by one public key must pass every check.
The code of the first failed check is the code of the rejection, with exit code 2. If the registry does not answer (\`registry-unreachable\`), returns
other content (\`registry-mismatch\`), or cosign has no answer (\`evidence-unreadable\`), the result is inconclusive: exit code 1.

Without a catalog, \`repository\`, \`source\`, \`verdict-age\`, \`database-age\` and \`findings\` have nothing to compare with and are skipped, and
\`provenance\` accepts any pipeline on AWS. \`record\` and \`commit\` are checked in a pipeline only.

| Check | Requirement | Codes |
|---|---|---|
${rows.join('\n')}

## Codes

| Code | Meaning | What to do |
|---|---|---|
${meanings.join('\n')}
`;
}
