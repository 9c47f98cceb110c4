import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mustRun } from '../../lib/process';
import { synthesize } from '../pipeline/synthesize';

const root = join(__dirname, '..', '..');

/** Stacks that a command of the CDK names: `npx cdk deploy '*\/Keys'`. A code span, a bracket or the end of the line ends the command. */
function selectorsIn(text: string): readonly string[] {
  return [...text.matchAll(/npx cdk (?:deploy|destroy|diff|import)((?: +(?:'[^'\n]*'|[^\s`"'(),]+))*)/g)].flatMap(
    ([, words = '']) =>
      (words.match(/'[^']*'|\S+/g) ?? [])
        .filter((word, index, all) => !word.startsWith('-') && all[index - 1] !== '--require-approval')
        .map((word) => word.replaceAll("'", '')),
  );
}

function textsBelow(path: string): readonly string[] {
  return readdirSync(join(root, path), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(?:md|ts)$/.test(name))
    .map((name) => readFileSync(join(root, path, name), 'utf8'));
}

const selectors = [
  ...new Set(
    [readFileSync(join(root, 'README.md'), 'utf8'), ...['docs', 'templates', 'lib', 'bin'].flatMap(textsBelow)].flatMap(
      selectorsIn,
    ),
  ),
].sort();

let directory: string;
let assembly: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'bowline-test-'));
  const catalog = join(directory, 'catalog');
  cpSync(join(root, 'catalog'), catalog, { recursive: true });
  // The service that the pages deploy.
  const service = readFileSync(join(catalog, 'services', 'hello.yaml'), 'utf8');
  writeFileSync(join(catalog, 'services', 'orders.yaml'), service.replace('name: hello', 'name: orders'));
  assembly = synthesize({ catalog, roleEvents: true }).directory;
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** The stacks that the command line of the CDK selects. */
async function stacksOf(selector: string): Promise<readonly string[]> {
  const { stdout } = await mustRun({
    program: process.execPath,
    arguments: [join(root, 'node_modules', '.bin', 'cdk'), 'list', '--app', assembly, selector],
    environment: { PATH: process.env.PATH ?? '', HOME: directory, CI: 'true' },
    timeoutSeconds: 120,
  });
  return stdout.split('\n').filter((line) => line !== '');
}

test('the pages and messages name stacks', () => {
  expect(selectors).toEqual(expect.arrayContaining(['*/Keys', '*/RoleEvents', '*/Toolbox', '*/orders']));
});

test.each(selectors)('the command line of the CDK finds the stack %s', async (selector) => {
  expect((await stacksOf(selector)).join()).toContain(`/${selector.slice('*/'.length)} (`);
});

test('a stack is not found by its name: the CDK selects by the path of the construct', async () => {
  expect(await stacksOf('acme-keys')).toEqual([]);
});
