import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { parseCatalog } from '../../lib/catalog';
import { program } from '../../lib/cli/program';
import { run } from '../../lib/process';
import { pages, type Snippet, snippetsOf } from './snippets';
import { isStep, missingWalkthroughs } from './walkthrough';

const root = join(__dirname, '..', '..');
const snippets = pages(root).flatMap((page) => snippetsOf(root, page));
const place = ({ page, line }: Snippet) => `${page}:${line}`;
const named = (language: string) =>
  snippets.filter((snippet) => snippet.language === language).map((snippet) => [place(snippet), snippet] as const);

/** Commands that are quick and change nothing: run as they stand. The others have tests of their own; here their words are checked. */
const harmless =
  /^npx bowline (?:check catalog|explain|dockerfile|schema)\b(?!.*<)(?!.* orders)(?!.* --out )|^npx bowline [a-z -]* --help$/;

test('every page has snippets that are known to a checker', () => {
  const known = ['sh', 'yaml', 'ts', 'json', 'text', 'go', 'dockerfile'];
  const isKnown = (snippet: Snippet) =>
    known.includes(snippet.language) || (snippet.language === 'diff' && isStep(snippet));
  expect(snippets.filter((snippet) => !isKnown(snippet)).map(place)).toEqual([]);
  expect(snippets.length).toBeGreaterThan(8);
});

test('the sections whose blocks how-to-add.test.ts applies exist', () => {
  expect(missingWalkthroughs(root)).toEqual([]);
});

describe('a file of the catalog in a page', () => {
  const files = named('yaml').flatMap(([where, snippet]) => {
    const path = /^# (?:catalog\/)?((?:services\/[a-z-]+|platform)\.yaml)/.exec(snippet.text)?.[1];
    return path === undefined ? [] : [[where, path, snippet.text] as const];
  });
  const platform = readFileSync(join(root, 'catalog', 'platform.yaml'), 'utf8');

  test.each(files)('%s passes the check', (where, path, text) => {
    const result = path.startsWith('services/')
      ? parseCatalog({ file: 'platform.yaml', text: platform }, [{ file: where, text }])
      : parseCatalog({ file: where, text }, []);
    expect(result.ok ? [] : result.problems).toEqual([]);
  });
});

describe('a command in a page', () => {
  const lines = named('sh').flatMap(([, { page, line, text }]) =>
    text
      .split('\n')
      .flatMap((command, index) => (command === '' ? [] : [[`${page}:${line + index}`, command] as const])),
  );
  const ours = lines.filter(([, command]) => command.startsWith('npx bowline'));

  test.each(ours)('%s is one that there is: %s', (_, command) => {
    expect(unknownWords(command.split(/\s+#/)[0] ?? '')).toEqual([]);
  });

  test.each(lines.filter(([, command]) => /^npm (?:run|test)/.test(command)))('%s is a script: %s', (_, command) => {
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: object };
    expect(Object.keys(scripts)).toContain(/^npm (?:run )?([\w:-]+)/.exec(command)?.[1]);
  });

  const runnable = [...new Set(ours.map(([, command]) => command).filter((command) => harmless.test(command)))];
  test.each(runnable)('ends well: %s', async (command) => {
    // Where its answer goes is the shell's matter.
    const [, , ...words] = command.replace(/ > \S+$/, '').split(' ');
    const outcome = await run({
      program: process.execPath,
      arguments: [join(root, 'bin', 'bowline.mjs'), ...words],
      directory: root,
      timeoutSeconds: 300,
    });
    expect(outcome).toMatchObject({ exitCode: 0 });
  });
});

/** Words of a bowline command that its parser would refuse. */
function unknownWords(command: string): readonly string[] {
  const words = command.split(' ').slice(2);
  let current = program();
  const names: string[] = [];
  while (words[0] !== undefined && current.commands.some((each) => each.name() === words[0])) {
    names.push(words[0]);
    current = current.commands.find((each) => each.name() === words.shift()) as typeof current;
  }
  if (names.length === 0 && !words.every((word) => word.startsWith('-'))) {
    return [`no command ${words[0]}`];
  }
  const flags = words.filter((word) => word.startsWith('-')).map((word) => word.split('=')[0] ?? '');
  return flags.filter(
    (flag) =>
      !['--help', '-h', '--version', '-V'].includes(flag) &&
      !current.options.some(({ long, short }) => long === flag || short === flag),
  );
}

test('TypeScript in the pages compiles', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'bowline-snippets-'));
  try {
    // Steps of a walkthrough are files of the checkout: how-to-add.test.ts compiles them at their paths.
    const independent = named('ts').filter(([, snippet]) => !isStep(snippet));
    const files = independent.map(([where, { text }]) => {
      const file = join(folder, `${where.replaceAll(/[^A-Za-z0-9]/g, '-')}.ts`);
      writeFileSync(file, text);
      return file;
    });
    // There is one at least, so that a broken compiler shows.
    writeFileSync(join(folder, 'always.ts'), "import { loadCatalog } from 'bowline/catalog';\nvoid loadCatalog;\n");
    const { compilerOptions } = JSON.parse(readFileSync(join(root, 'tsconfig.json'), 'utf8')) as {
      compilerOptions: object;
    };
    const paths = {
      bowline: [join(root, 'lib', 'pipeline', 'index.ts')],
      'bowline/charts': [join(root, 'charts', 'index.ts')],
      'bowline/*': [join(root, 'lib', '*')],
      '*': [join(root, 'node_modules', '*')],
    };
    const typeRoots = [join(root, 'node_modules', '@types')];
    writeFileSync(
      join(folder, 'tsconfig.json'),
      JSON.stringify({
        compilerOptions: { ...compilerOptions, noEmit: true, typeRoots, paths },
        files: [join(folder, 'always.ts'), ...files],
      }),
    );
    const outcome = await run({
      program: join(root, 'node_modules', '.bin', 'tsc'),
      arguments: ['--project', folder],
      timeoutSeconds: 300,
    });
    expect(outcome).toMatchObject({ exitCode: 0, stdout: '' });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('every link inside of the documentation leads somewhere', () => {
  const broken = pages(root).flatMap((page) =>
    [...readFileSync(join(root, page), 'utf8').matchAll(/\]\(([^)#]+)(?:#[^)]*)?\)/g)]
      .map(([, target = '']) => target)
      .filter((target) => !/^[a-z]+:/.test(target) && !existsSync(resolve(root, dirname(page), target)))
      .map((target) => `${page}: ${target}`),
  );
  expect(broken).toEqual([]);
});
