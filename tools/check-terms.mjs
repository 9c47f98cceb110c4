// Reports words that docs/glossary.md retires, and British spellings, in every file of the checkout: `node tools/check-terms.mjs`.
// The list has unambiguous terms only. A term that has a second, proper meaning is left to the reviewer.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

/** What to write instead. A pattern matches within one line. */
export const retiredTerms = [
  {
    pattern: /(?<![A-Za-z])[Rr]oad(?![a-z])|[a-z]Road(?![a-z])/,
    use: 'release pipeline, or end to end',
  },
  {
    pattern: /(?<![A-Za-z])verbs?(?![A-Za-z:])|Verb[A-Z]\w*|[a-z]Verbs?(?![a-z])/,
    use: 'pipeline step (a verb is an RBAC word)',
  },
  { pattern: /\b(?:take|takes|taken|took|taking)(?: \w+){0,2} back\b/i, use: 'roll back' },
  { pattern: /\bgoing[ -]back\b|GoingBack|goingBack/i, use: 'rollback' },
  { pattern: /\b(?:say|says|said) no\b/i, use: 'a gate rejects, admission denies, the command line refuses' },
  { pattern: /\brelied on\b/i, use: 'inconclusive' },
  { pattern: /\bcan not\b/i, use: 'cannot' },
  { pattern: /\bcan't\b/i, use: 'cannot', only: /\.md$/ },
  { pattern: /\b(?:is|are|was|were|be|been) told\b|\btold of\b|\bwho hears\b/i, use: 'is notified, reports, receiver' },
  { pattern: /\bmistakes?\b/i, use: 'error' },
  { pattern: /\bmend(?:s|ed|ing)?\b/i, use: 'fix' },
  { pattern: /\banew\b/i, use: 'again' },
  { pattern: /\b(?:held|holds) (?:against|to)\b/i, use: 'checked against, verified by, covered by' },
  { pattern: /\b(?:is|be) had\b|\bwhat is there\b/i, use: 'installed, available, how to install' },
  { pattern: /\bsince \d+ ?[smh]\b/i, use: 'has been … for …' },
  {
    pattern: /\buntold\b|\b(?:road|roles|watch)-touched\b|touch-patterns/i,
    use: 'notification-failed, pipeline-tampered, roles-tampered, monitoring-tampered',
  },
  { pattern: /RoadWatch|KeyWatch/, use: 'PipelineMonitor, SigningKeyMonitor' },
  { pattern: /hold-to-rules|holdToRules/, use: 'validate-rules' },
  { pattern: /\btame[ds]?\b|\bunasked\b/i, use: 'hardened, by default' },
  { pattern: /\bworkshop\b/i, use: 'layer builder' },
  { pattern: /\bstand-ins?\b|standIn|StandIn/i, use: 'fixture database, or placeholder' },
  { pattern: /handedOn|giveBack|\bwishOf\b/, use: 'a name that says what it does' },
  { pattern: /\bwould-lose\b/, use: 'would-remove' },
  { pattern: /\bmoved-on\b/, use: 'superseded' },
  { pattern: /\bby (?:luck|noise)\b/i, use: 'by chance, false rollback' },
  {
    pattern:
      /\b(?:colour|behaviour|favour|honour|neighbour|catalogue|centre|licence|organis|recognis|normalis|synthesis(?:e[ds]?|ing)\b|serialis|initialis|summaris|prioritis|analys(?:e[ds]?|ing)\b)\w*/i,
    use: 'the American spelling',
  },
];

/** Files that quote retired terms on purpose, and files of others. */
const excluded =
  /^(?:CHANGELOG\.md|docs\/glossary\.md|tools\/check-terms\.mjs|test\/docs\/terms\.test\.ts|LICENSE|package-lock\.json)$|go\.(?:sum|mod)$|\/testdata\/.*\/vendor\/|^tools\/python\/.*\.txt$|\.(?:png|svg)$/;

/** Every use of a retired term in a text. Lines and columns count from 1. */
export function findRetiredTerms(file, text) {
  const lines = text.split('\n');
  const found = [];
  for (const [index, line] of lines.entries()) {
    for (const { pattern, use, only } of retiredTerms) {
      if (only === undefined || only.test(file)) {
        for (const match of line.matchAll(new RegExp(pattern, `${pattern.flags}g`))) {
          found.push({ file, line: index + 1, column: match.index + 1, term: match[0], use });
        }
      }
    }
  }
  return found;
}

/** Every use in the files that git tracks or would add. */
export function checkTerms() {
  const { stdout, status } = spawnSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  if (status !== 0) {
    throw new Error('git ls-files failed: the term check needs a git checkout');
  }
  return stdout
    .split('\0')
    .filter((file) => file !== '' && !excluded.test(file) && existsSync(join(root, file)))
    .flatMap((file) => [
      ...findRetiredTerms('path', file).map((use) => ({ ...use, file })),
      ...findRetiredTerms(file, readFileSync(join(root, file), 'utf8')),
    ]);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const found = checkTerms();
  for (const { file, line, column, term, use } of found) {
    process.stderr.write(`${file}:${line}:${column}: "${term}" is retired: write ${use}\n`);
  }
  process.stderr.write(
    found.length === 0 ? 'terms: no retired word\n' : `${found.length} retired words: see docs/glossary.md\n`,
  );
  process.exitCode = found.length === 0 ? 0 : 1;
}
