import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureContentFolder } from '../../../lib/pipeline/assets/content-folder';

const hash = 'ab'.repeat(32);
const files = new Map([
  ['bowline.mjs', Buffer.from('program')],
  ['catalog/platform.yaml', Buffer.from('name: acme')],
]);
let temporary: string;

beforeEach(() => {
  temporary = mkdtempSync(join(tmpdir(), 'bowline-test-'));
});
afterEach(() => rmSync(temporary, { recursive: true, force: true }));

const ensure = () => ensureContentFolder({ kind: 'bundle', hash, files, temporary });
const parent = () => join(temporary, `bowline-bundle-${process.getuid?.() ?? 0}`);
const path = () => join(parent(), hash.slice(0, 24));
const expectComplete = () => {
  expect(readFileSync(join(path(), 'bowline.mjs'), 'utf8')).toBe('program');
  expect(readFileSync(join(path(), 'catalog', 'platform.yaml'), 'utf8')).toBe('name: acme');
  expect(readdirSync(path(), { recursive: true }).sort()).toEqual(['bowline.mjs', 'catalog', 'catalog/platform.yaml']);
  expect(readdirSync(parent())).toHaveLength(1);
};

test('the folder is created once and reused', () => {
  expect(ensure()).toBe(path());
  expectComplete();
  expect(ensure()).toBe(path());
  expectComplete();
});

test.each<[string, () => void]>([
  ['with another program', () => writeFileSync(join(path(), 'bowline.mjs'), 'evil')],
  ['with an additional file', () => writeFileSync(join(path(), 'package.json'), '{}')],
  ['from which a cleaner removed files', () => rmSync(join(path(), 'catalog'), { recursive: true })],
  [
    'in which a file is a symbolic link',
    () => {
      rmSync(join(path(), 'bowline.mjs'));
      writeFileSync(join(temporary, 'elsewhere'), 'program');
      symlinkSync(join(temporary, 'elsewhere'), join(path(), 'bowline.mjs'));
    },
  ],
  [
    'that is a symbolic link',
    () => {
      rmSync(path(), { recursive: true });
      symlinkSync(temporary, path());
    },
  ],
  [
    'that is a file',
    () => {
      rmSync(path(), { recursive: true });
      writeFileSync(path(), '');
    },
  ],
])('a folder %s is replaced', (_, spoil) => {
  ensure();
  spoil();
  expect(ensure()).toBe(path());
  expectComplete();
});

test('a parent folder that other users can access is refused before anything is written', () => {
  mkdirSync(parent(), { mode: 0o755 });
  chmodSync(parent(), 0o777);
  expect(ensure).toThrow('must be a folder that only the current user can access');
  expect(existsSync(path())).toBe(false);
});

test('a parent folder that is a symbolic link is refused', () => {
  symlinkSync(temporary, parent());
  expect(ensure).toThrow('must be a folder that only the current user can access');
});

test('a write error is reported, and not taken for a concurrent success', () => {
  const impossible = new Map([
    ['a', Buffer.from('')],
    ['a/b', Buffer.from('')],
  ]);
  expect(() => ensureContentFolder({ kind: 'bundle', hash, files: impossible, temporary })).toThrow();
  expect(readdirSync(parent())).toEqual([]);
});

test('a correct folder is not replaced, because another synth may read from it', () => {
  ensure();
  const before = statSync(path()).ino;
  ensure();
  expect(statSync(path()).ino).toBe(before);
});
