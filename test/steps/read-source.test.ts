import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { readSource } from '../../lib/steps';

let source: string;
beforeEach(() => {
  source = mkdtempSync(join(tmpdir(), 'bowline-read-source-'));
});
afterEach(() => rmSync(source, { recursive: true, force: true }));

function write(files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(source, path)), { recursive: true });
    writeFileSync(join(source, path), text);
  }
}

const embedding = (pattern: string) => `package a\n\nimport _ "embed"\n\n//go:embed ${pattern}\nvar a string\n`;

test('a folder without go.mod is rejected, and the message names source.directory', () => {
  expect(() => readSource(source)).toThrow(expect.objectContaining({ code: 'recipe', exitCode: 3 }));
  expect(() => readSource(source)).toThrow(/no go\.mod in .*source\.directory/);
});

test('reads the embed patterns of packages, but not those in tests, testdata and folders of other tools', () => {
  write({
    'go.mod': 'module a\n',
    'main.go': embedding('page.html'),
    'web/web.go': embedding('static all:templates'),
    'web/web_test.go': embedding('only-for-tests'),
    'web/testdata/a.go': embedding('x'),
    'node_modules/a/a.go': embedding('y'),
  });
  expect(readSource(source)).toMatchObject({
    hasGoSum: false,
    hasVendor: false,
    embeds: [
      { directory: '.', patterns: ['page.html'] },
      { directory: 'web', patterns: ['all:templates', 'static'] },
    ],
  });
});

test('reads the embed patterns of vendored packages if vendor/modules.txt exists', () => {
  write({ 'go.mod': 'module a\n', 'vendor/example.com/roots/roots.go': embedding('roots.pem') });
  expect(readSource(source).embeds).toEqual([]);
  write({ 'vendor/modules.txt': '' });
  expect(readSource(source)).toMatchObject({
    hasVendor: true,
    embeds: [{ directory: 'vendor/example.com/roots', patterns: ['roots.pem'] }],
  });
});

test('follows a link to a source file, and ignores a broken link', () => {
  write({ 'go.mod': 'module a\n', 'shared/a.txt': embedding('page.html') });
  symlinkSync('shared/a.txt', join(source, 'a.go'));
  symlinkSync('nowhere.txt', join(source, 'b.go'));
  expect(readSource(source).embeds).toEqual([{ directory: '.', patterns: ['page.html'] }]);
});
