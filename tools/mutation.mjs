// Mutation tests: changes the code that decides about evidence in one place at a time, and expects a test to fail.
//   npm run test:mutation                       every folder of test/mutation/folders.cjs
//   npm run test:mutation -- gate               one folder
//   npm run test:mutation -- gate lib/gate/vex.ts   some of its files, without the report
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cpus } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Stryker } from '@stryker-mutator/core';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const { folders } = createRequire(import.meta.url)('../test/mutation/folders.cjs');
const file = (name) => join(root, 'test', 'mutation', name);
const readJson = (name) => JSON.parse(readFileSync(file(name), 'utf8'));
const aim = 90;

process.chdir(root);
const [only, ...files] = process.argv.slice(2);
if (only !== undefined && folders[only] === undefined) {
  process.stderr.write(`unknown folder ${only}: expected ${Object.keys(folders).join(', ')}\n`);
  process.exit(64);
}
let isGood = true;
for (const folder of only === undefined ? Object.keys(folders) : [only]) {
  const started = Date.now();
  const isAnew = !existsSync(incrementalFileOf(folder));
  const mutants = await mutate(folder, files.length > 0 ? files : folders[folder].mutate);
  const minutes = (Date.now() - started) / 60_000;
  const score = scoreOf(mutants);
  const problems = problemsOf(mutants, files.length === 0);
  process.stdout.write(
    `${folder}: ${mutants.length} mutants, ${score.toFixed(1)} % killed, in ${minutes.toFixed(1)} minutes\n${problems.map((line) => `${line}\n`).join('')}`,
  );
  isGood = isGood && problems.length === 0 && (files.length > 0 || score >= aim);
  if (files.length === 0) {
    report(folder, mutants, isAnew ? Math.ceil(minutes) : undefined);
  }
}
process.exitCode = isGood ? 0 : 1;

/** Runs Stryker. @returns the mutants that can be killed: without those in texts, and those that do not compile */
async function mutate(folder, patterns) {
  process.env.BOWLINE_MUTATION_FOLDER = folder;
  const incrementalFile = incrementalFileOf(folder);
  forgetStaticSurvivors(incrementalFile);
  const mutants = await new Stryker({
    mutate: patterns,
    plugins: [file('runner.mjs'), file('texts.mjs')],
    ignorers: ['texts'],
    testRunner: 'in-process',
    coverageAnalysis: 'perTest',
    // Stryker reads this file with the API of TypeScript, which TypeScript 7 does not have.
    tsconfigFile: 'none.json',
    ignorePatterns: [
      '/*',
      '!/lib',
      '!/test',
      '!/package.json',
      '!/jest.config.cjs',
      '!/schemas',
      '!/charts',
      '!/catalog',
    ],
    concurrency: Number(process.env.BOWLINE_MUTATION_CONCURRENCY ?? Math.max(1, Math.floor(cpus().length / 2))),
    incremental: true,
    incrementalFile,
    tempDirName: '.bowline/mutation/sandbox',
    reporters: ['clear-text', 'progress-append-only'],
    clearTextReporter: {
      allowColor: false,
      logTests: false,
      reportTests: false,
      reportMutants: false,
      reportScoreTable: true,
    },
    thresholds: { break: null },
    allowEmpty: false,
    // A loop that does not end is found by counting; a slow machine must kill no mutant.
    timeoutMS: 300_000,
    logLevel: process.env.BOWLINE_MUTATION_LOG ?? 'warn',
  }).runMutationTest();
  return mutants.filter(({ status }) => status !== 'Ignored' && status !== 'CompileError');
}

/** What earlier runs found: only what has changed since is tried again. */
function incrementalFileOf(folder) {
  return `.bowline/mutation/${folder}.json`;
}

/**
 * Of what runs while a module loads, Stryker does not know which tests reach it: a new test would not make it try a survivor again. What timed out is
 * tried again too.
 */
function forgetStaticSurvivors(path) {
  if (!existsSync(path)) {
    return;
  }
  const before = JSON.parse(readFileSync(path, 'utf8'));
  for (const each of Object.values(before.files)) {
    // A run beside much other work may have had no time for the last tests.
    each.mutants = each.mutants.filter(
      ({ static: isStatic, status }) => status !== 'Timeout' && !(isStatic && status === 'Survived'),
    );
  }
  writeFileSync(path, JSON.stringify(before));
}

function isKilled({ status }) {
  return status === 'Killed' || status === 'Timeout' || status === 'RuntimeError';
}

function scoreOf(mutants) {
  return (100 * mutants.filter(isKilled).length) / mutants.length;
}

/** What identifies a mutant in the list of survivors: its line and its change, not the number of the line, which moves. */
function identify({ fileName, location, replacement }) {
  const lines = readFileSync(fileName, 'utf8').split('\n');
  const { start, end } = location;
  const text = lines
    .slice(start.line - 1, end.line)
    .map((line, index, all) =>
      line.slice(index === 0 ? start.column - 1 : 0, index === all.length - 1 ? end.column - 1 : undefined),
    );
  const short = (words) => words.join(' ').replaceAll(/\s+/g, ' ').trim();
  return {
    file: relative(root, fileName),
    line: lines[start.line - 1].trim(),
    found: short(text),
    mutant: short([replacement]),
  };
}

function keyOf({ file: name, line, found, mutant }) {
  return JSON.stringify([name, line, found, mutant]);
}

/** Survivors without a reason; and reasons without a survivor, if everything was mutated. */
function problemsOf(mutants, isComplete) {
  const reasons = new Map(readJson('survivors.json').map((entry) => [keyOf(entry), entry]));
  const survivors = mutants.filter((mutant) => !isKilled(mutant)).map((mutant) => ({ ...identify(mutant), ...mutant }));
  const found = new Set(survivors.map(keyOf));
  const mutated = new Set(mutants.map(({ fileName }) => relative(root, fileName)));
  return [
    ...survivors
      .filter((each) => !reasons.has(keyOf(each)))
      .map(
        (each) =>
          `${each.file}:${each.location.start.line}:${each.location.start.column}: ${each.status}: ${JSON.stringify(identify(each))}`,
      ),
    ...[...reasons]
      .filter(([key, entry]) => isComplete && mutated.has(entry.file) && !found.has(key))
      .map(([key]) => `survivors.json lists ${key}, which does not survive`),
  ];
}

/** Writes the figures of a folder, and the page. The first figures of a folder stay, for comparison, and the minutes of a run that tried every mutant. */
function report(folder, mutants, minutes) {
  const count = (...statuses) => mutants.filter(({ status }) => statuses.includes(status)).length;
  const figures = readJson('figures.json');
  const now = {
    mutants: mutants.length,
    killed: count('Killed', 'RuntimeError'),
    timedOut: count('Timeout'),
    survived: count('Survived'),
    notCovered: count('NoCoverage'),
    score: Number(scoreOf(mutants).toFixed(1)),
  };
  const next = {
    ...figures,
    [folder]: { before: figures[folder]?.before ?? now, now, minutes: minutes ?? figures[folder]?.minutes },
  };
  writeFileSync(file('figures.json'), `${JSON.stringify(next, undefined, 2)}\n`);
  writeFileSync(file('REPORT.md'), page(next));
}

function page(figures) {
  const names = Object.keys(folders).filter((name) => figures[name]?.now !== undefined);
  const rows = names.map((name) => {
    const { before, now, minutes } = figures[name];
    const cells = [
      `\`${folders[name].mutate[0].replace(/\/\*.*/, '')}\``,
      now.mutants,
      now.killed,
      now.timedOut,
      now.survived,
      now.notCovered,
    ];
    return `| ${cells.join(' | ')} | **${now.score} %** | ${before.score} % of ${before.mutants} | ${minutes ?? ''} |`;
  });
  const notes = names.flatMap((name) =>
    figures[name].before.note === undefined ? [] : [`- ${figures[name].before.note}`],
  );
  const survivors = readJson('survivors.json').map(
    ({ file: name, found, mutant, line, reason }) =>
      `| \`${name}\` | ${code(line)} | ${code(found)} → ${code(mutant)} | ${reason} |`,
  );
  return `# Mutation tests

\`npm run test:mutation\` changes the code that decides about evidence in one place at a time, and runs the tests of the folder. A mutant that no test
notices survives. Texts of messages are not changed (\`texts.mjs\`). This page is written by the command.

| Folder | Mutants | Killed | Timed out | Survived | Not reached | Score | First measured | Minutes |
|---|---|---|---|---|---|---|---|---|
${rows.join('\n')}

"First measured" is the score before tests were written for the survivors. "Minutes" is the time of the last run that tried every mutant, on one core
beside other work.

${notes.join('\n')}

## Survivors

The command fails for a survivor that is not in \`survivors.json\`.

| File | Line | Mutant | Why it survives |
|---|---|---|---|
${survivors.join('\n')}
`;
}

/** A table's cell with code. */
function code(text) {
  const cell = text.length > 120 ? `${text.slice(0, 120)}…` : text;
  const fence = cell.includes('`') ? '``' : '`';
  const space = cell.includes('`') || cell === '' ? ' ' : '';
  return `${fence}${space}${cell.replaceAll('|', '\\|')}${space}${fence}`;
}
