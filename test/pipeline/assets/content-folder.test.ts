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

const make = () => ensureContentFolder('bundle', hash, files, temporary);
const above = () => join(temporary, `bowline-bundle-${process.getuid?.() ?? 0}`);
const path = () => join(above(), hash.slice(0, 24));
const expectWhole = () => {
  expect(readFileSync(join(path(), 'bowline.mjs'), 'utf8')).toBe('program');
  expect(readFileSync(join(path(), 'catalog', 'platform.yaml'), 'utf8')).toBe('name: acme');
  expect(readdirSync(path(), { recursive: true }).sort()).toEqual(['bowline.mjs', 'catalog', 'catalog/platform.yaml']);
  expect(readdirSync(above())).toHaveLength(1);
};

test('content is laid down once, and found again', () => {
  expect(make()).toBe(path());
  expectWhole();
  expect(make()).toBe(path());
  expectWhole();
});

test.each<[string, () => void]>([
  ['with another program', () => writeFileSync(join(path(), 'bowline.mjs'), 'evil')],
  ['with a file more', () => writeFileSync(join(path(), 'package.json'), '{}')],
  ['where a cleaner has taken a file', () => rmSync(join(path(), 'catalog'), { recursive: true })],
  [
    'whose file leads elsewhere',
    () => {
      rmSync(join(path(), 'bowline.mjs'));
      writeFileSync(join(temporary, 'elsewhere'), 'program');
      symlinkSync(join(temporary, 'elsewhere'), join(path(), 'bowline.mjs'));
    },
  ],
  [
    'that is a link itself',
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
])('a folder %s is not trusted by its name', (_, spoil) => {
  make();
  spoil();
  expect(make()).toBe(path());
  expectWhole();
});

test('a folder above that others may open is refused, before anything is written', () => {
  mkdirSync(above(), { mode: 0o755 });
  chmodSync(above(), 0o777);
  expect(make).toThrow('must be a folder that this user alone may open');
  expect(existsSync(path())).toBe(false);
});

test('a folder above that leads elsewhere is refused', () => {
  symlinkSync(temporary, above());
  expect(make).toThrow('must be a folder that this user alone may open');
});

test('what can not be written is said, and taken for no success of another', () => {
  const impossible = new Map([
    ['a', Buffer.from('')],
    ['a/b', Buffer.from('')],
  ]);
  expect(() => ensureContentFolder('bundle', hash, impossible, temporary)).toThrow();
  expect(readdirSync(above())).toEqual([]);
});

test('one that is right is left in place, since another synth may read from it', () => {
  make();
  const before = statSync(path()).ino;
  make();
  expect(statSync(path()).ino).toBe(before);
});
