import type { ZodType } from 'zod';
import {
  binaryFileField,
  byImagePlatform,
  bySomeImagePlatforms,
  commitField,
  digestField,
  imageRepositoryField,
  instantField,
  nameField,
  refField,
  sourceFileField,
  sourceRepositoryField,
  tagField,
} from '../../lib/release/fields';
import { digestOf } from '../../lib/values';

const digest = digestOf('x');
const commit = '0123456789abcdef0123456789abcdef01234567';

const fields: Readonly<Record<string, { field: ZodType; good: readonly unknown[]; bad: readonly unknown[] }>> = {
  digest: {
    field: digestField,
    good: [digest],
    bad: ['', `${digest}0`, `x${digest}`, digest.slice(7), [digest], 1, null],
  },
  commit: {
    field: commitField,
    good: [commit],
    bad: [
      '',
      `${commit}0`,
      `0${commit}`,
      ` ${commit}`,
      `${commit}\n`,
      commit.slice(1),
      commit.toUpperCase(),
      [commit],
      1,
    ],
  },
  ref: {
    field: refField,
    good: ['refs/heads/main', 'refs/heads/release/1.x'],
    bad: ['main', 'refs/heads/', 'refs/heads/a b', ['refs/heads/main'], 1],
  },
  instant: {
    field: instantField,
    good: ['2026-11-30T01:50:44Z'],
    bad: ['2026-11-30', '2026-11-30T01:50:44+01:00', '2026-11-30T01:50:44.5Z', ['2026-11-30T01:50:44Z'], 0],
  },
  'image repository': {
    field: imageRepositoryField,
    good: ['registry.example/acme/hello', '127.0.0.1:5000/hello'],
    bad: ['', 'registry.example/acme/hello:tag', 'https://registry.example/x', ['registry.example/acme/hello'], 1],
  },
  name: {
    field: nameField,
    good: ['a', 'ab', 'a-1', 'a'.repeat(40)],
    bad: ['', '1a', 'a-', '-a', 'A', 'aB', 'a_b', 'a/b', 'a\n', 'xa!', 'a'.repeat(41)],
  },
  'source repository': {
    field: sourceRepositoryField,
    good: ['hello', 'a', 'acme/hello', 'acme/group/hello', 'A1/b_.-2'],
    bad: [
      '',
      '/hello',
      'acme/',
      'acme//hello',
      '.hello',
      'acme/-hello',
      'acme/hello evil',
      'x@acme/hello',
      'acme/hello\n',
    ],
  },
  'source file': {
    field: sourceFileField,
    good: ['go.sum', 'api/go.mod', 'a b/ü', '...', '..a/.b', 'a/...', 'x'.repeat(4096)],
    bad: [
      '',
      '.',
      '..',
      './a',
      '../a',
      'a/..',
      'a/.',
      'a/../b',
      'a/./b',
      '/a',
      'a/',
      'a//b',
      'a\n',
      'a/b\u0000',
      '\u0007',
      'x'.repeat(4097),
    ],
  },
  tag: {
    field: tagField,
    good: ['a', '_', '1.2-3_x', 'a'.repeat(128)],
    bad: ['', '.a', '-a', 'a/b', 'a b', 'a:b', 'a\n', 'a'.repeat(129)],
  },
  'binary file': {
    field: binaryFileField,
    good: ['hello-linux-mips', 'a-linux-386', 'my-app2-windows-amd64.exe'],
    bad: [
      '',
      'hello',
      'hello-linux',
      'Hello-linux-mips',
      '1-linux-mips',
      '../hello-linux-mips',
      'hello-linux-mips.sh',
      'hello-linux-mips.exe.sh',
      'hello--',
      'hello-linux-mips/',
      'hello-linux-mipsxexe\n',
    ],
  },
  'record by image platform': {
    field: byImagePlatform(digestField),
    good: [{ 'linux/amd64': digest }, { 'linux/amd64': digest, 'linux/arm64': digest }],
    bad: [{}, { 'linux/amd64': '' }, { 'linux/mips': digest }, { 'linux/amd64': digest, x: digest }],
  },
  'record by some image platforms': {
    field: bySomeImagePlatforms(digestField),
    good: [{}, { 'linux/amd64': digest }],
    bad: [{ 'linux/amd64': '' }, { 'linux/mips': digest }],
  },
};

const cases = (kind: 'good' | 'bad') =>
  Object.entries(fields).flatMap(([name, { field, [kind]: values }]) =>
    values.map((value) => ({ name, shown: JSON.stringify(value).slice(0, 60), field, value })),
  );

test.each(cases('good'))('a $name may be $shown', ({ field, value }) => {
  expect(field.safeParse(value)).toEqual({ success: true, data: value });
});

test.each(cases('bad'))('a $name is not $shown', ({ field, value }) => {
  expect(field.safeParse(value).success).toBe(false);
});
