import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type Outcome, run } from '../../lib/process';
import { catalogField, manifestRule, type Step, stepsOf, type Walkthrough } from './walkthrough';

const root = join(__dirname, '..', '..');
const timeoutSeconds = 900;

/** A copy of the checkout that a walkthrough changes. */
interface ScratchCopy {
  readonly checkout: string;
  /** For the caches of the programs that the steps run, so that they vanish with the copy. */
  readonly temporary: string;
}

let folder: string;
let copy: ScratchCopy;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'bowline-how-to-add-'));
  copy = await copyCheckout(folder);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test(
  'the steps of "How to add a manifest rule" add a rule that bowline check manifests reports',
  async () => {
    const { exitCode } = await walk(manifestRule);
    expect(exitCode).toBe(0);
    expect(readCopy('docs/reference/manifest-rules.md')).toMatch(/^\| \[PD900\]\(.*\| warning \|/m);
  },
  timeoutSeconds * 1000,
);

test(
  'the steps of "How to add a catalog field" add a field that the catalog checks and a manifest shows',
  async () => {
    const { exitCode } = await walk(catalogField);
    expect(exitCode).toBe(3);
    expect(readCopy('schemas/service.schema.json')).toContain('"runbook"');
    expect(readCopy('docs/reference/catalog.md')).toContain('| `runbook` | string |');
    expect(readCopy('docs/reference/manifests.md')).toContain('| `runbook` | dashboard |');
  },
  timeoutSeconds * 1000,
);

/** Applies every step in order and compares each output that the page shows. Returns the outcome of the last command. */
async function walk(walkthrough: Walkthrough): Promise<Outcome> {
  const steps = stepsOf(root, walkthrough);
  expect(new Set(steps.map(({ kind }) => kind))).toEqual(new Set(['write', 'edit', 'run', 'output']));
  let last: Outcome | undefined;
  for (const [index, step] of steps.entries()) {
    const place = `${walkthrough.page}:${step.line}`;
    switch (step.kind) {
      case 'write':
        writeNewFile(step.path, step.text);
        break;
      case 'edit':
        expect({ place, ...(await applyDiff(step.diff)) }).toMatchObject({ place, exitCode: 0 });
        break;
      case 'run':
        last = await runCommand(step.command);
        // Only a command whose output the page shows may fail.
        if (steps[index + 1]?.kind !== 'output') {
          expect({ place, ...last }).toMatchObject({ place, exitCode: 0 });
        }
        break;
      case 'output':
        expect({ place, text: `${last?.stdout}${last?.stderr}`.trim() }).toEqual({ place, text: step.text });
        break;
    }
  }
  const formatted = await runProgram('node_modules/.bin/biome', ['ci', ...changedSources(steps)]);
  expect(formatted).toMatchObject({ exitCode: 0 });
  return last as Outcome;
}

/** Copies the files that git tracks or would add. The packages are linked. */
async function copyCheckout(into: string): Promise<ScratchCopy> {
  const [checkout, temporary] = [join(into, 'checkout'), join(into, 'tmp')];
  mkdirSync(temporary);
  const listed = await run({
    program: 'git',
    arguments: ['ls-files', '-z', '--cached', '--others', '--exclude-standard'],
    directory: root,
    timeoutSeconds,
  });
  expect(listed).toMatchObject({ exitCode: 0 });
  for (const file of listed.stdout.split('\0').filter((name) => name !== '' && existsSync(join(root, name)))) {
    mkdirSync(dirname(join(checkout, file)), { recursive: true });
    copyFileSync(join(root, file), join(checkout, file));
  }
  symlinkSync(join(root, 'node_modules'), join(checkout, 'node_modules'));
  return { checkout, temporary };
}

/** @throws Error if the file exists: the page promises a new one */
function writeNewFile(path: string, text: string): void {
  const file = join(copy.checkout, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text, { flag: 'wx' });
}

function applyDiff(diff: string): Promise<Outcome> {
  return runProgram('git', ['apply', '--verbose', '-'], { input: diff });
}

/** Runs a line such as `NAME=value npx jest test/charts`, without a shell. */
function runCommand(command: string): Promise<Outcome> {
  const {
    assignments = '',
    tool = '',
    rest = '',
  } = /^(?<assignments>(?:[A-Z_]+=\w+ )*)npx (?<tool>jest|tsc|bowline)(?<rest>(?: [\w./-]+)*)$/.exec(command)?.groups ??
  {};
  const environment = Object.fromEntries(
    assignments
      .trim()
      .split(' ')
      .map((each) => each.split('=')),
  );
  const words = rest.split(' ').slice(1);
  switch (tool) {
    case 'jest':
      // One worker: the suite that contains this test uses the other cores.
      return runProgram('node_modules/.bin/jest', [...words, '--maxWorkers=1'], { environment });
    case 'tsc':
      return runProgram('node_modules/.bin/tsc', words, { environment });
    case 'bowline':
      return runProgram(process.execPath, ['bin/bowline.mjs', ...words], { environment });
    default:
      throw new Error(`not a command that a walkthrough may run: ${command}`);
  }
}

/** Runs a program in the copy. Nothing of the jest run around it reaches the program. */
function runProgram(
  program: string,
  words: readonly string[],
  {
    environment = {},
    input,
  }: { readonly environment?: Readonly<Record<string, string>>; readonly input?: string } = {},
): Promise<Outcome> {
  return run({
    program,
    arguments: words,
    directory: copy.checkout,
    environment: {
      TMPDIR: copy.temporary,
      NO_COLOR: '1',
      FORCE_COLOR: undefined,
      JEST_WORKER_ID: undefined,
      BOWLINE_WRITE_GENERATED: undefined,
      GIT_DIR: undefined,
      GIT_INDEX_FILE: undefined,
      GIT_CEILING_DIRECTORIES: folder,
      ...environment,
    },
    ...(input === undefined ? {} : { input }),
    timeoutSeconds,
  });
}

function changedSources(steps: readonly Step[]): readonly string[] {
  const paths = steps.flatMap((step) => {
    switch (step.kind) {
      case 'write':
        return [step.path];
      case 'edit':
        return [...step.diff.matchAll(/^\+\+\+ b\/(.*)$/gm)].map(([, path = '']) => path);
      default:
        return [];
    }
  });
  return paths.filter((path) => path.endsWith('.ts'));
}

function readCopy(path: string): string {
  return readFileSync(join(copy.checkout, path), 'utf8');
}
