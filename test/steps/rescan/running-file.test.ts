import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RunningReleases, readRunningFile, writeRunningFile } from '../../../lib/steps';
import { digestOf, type ImageReference } from '../../../lib/values';

const image = `registry.example.com/acme/shop@${digestOf('shop')}` as ImageReference;
const running: RunningReleases = {
  commit: 'c'.repeat(40),
  releases: [
    { environment: 'prod', service: 'shop', image },
    { environment: 'prod', service: 'pay', code: 'unreadable-release', problem: 'not JSON' },
  ],
};

let directory: string;
let out: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'bowline-test-'));
  out = join(directory, 'release');
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

test('a list is read back as it was written, and its hash is exported to the next job', () => {
  const sha256 = writeRunningFile(out, running);
  expect(readRunningFile(out, sha256)).toEqual(running);
  expect(readFileSync(join(directory, 'exports', 'RUNNING_SHA256'), 'utf8')).toBe(`${sha256}\n`);
  const empty: RunningReleases = { commit: undefined, releases: [] };
  expect(readRunningFile(out, writeRunningFile(out, empty))).toEqual({ releases: [] });
});

test('a list that is not there is bad input, and one that was changed is inconclusive', () => {
  expect(() => readRunningFile(out, digestOf(''))).toThrow(
    expect.objectContaining({ code: 'running-missing', exitCode: 3 }),
  );
  const sha256 = writeRunningFile(out, running);
  writeRunningFile(out, { ...running, releases: running.releases.slice(1) });
  expect(() => readRunningFile(out, sha256)).toThrow(expect.objectContaining({ code: 'running-altered', exitCode: 1 }));
});

test.each([
  ['not JSON', '{'],
  ['no list', '{"commit":"c"}'],
  [
    'an image by tag',
    `{"releases":[{"environment":"prod","service":"shop","image":"registry.example.com/acme/shop:1"}]}`,
  ],
  ['a release without an image', `{"releases":[{"environment":"prod","service":"shop"}]}`],
  ['a field that is not known', `{"releases":[],"skipped":["shop"]}`],
])('%s is malformed, also with the right hash', (_, text) => {
  writeRunningFile(out, running);
  writeFileSync(join(out, 'running.json'), text);
  expect(() => readRunningFile(out, digestOf(text))).toThrow(
    expect.objectContaining({ code: 'running-malformed', exitCode: 1 }),
  );
});
