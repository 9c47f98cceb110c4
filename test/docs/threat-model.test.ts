import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { builderId, buildType } from '../../lib/provenance';

const root = join(__dirname, '..', '..');
const read = (path: string) => readFileSync(join(root, 'docs', path), 'utf8');

test('every test that the threat model names exists', () => {
  const files = [...read('explanation/threat-model.md').matchAll(/`(test\/[^`]+)`/g)].map(([, file = '']) => file);
  expect(files.length).toBeGreaterThan(8);
  expect(files.filter((file) => !existsSync(join(root, file)))).toEqual([]);
});

test('the page of the build type has its URI and those of the builders', () => {
  const page = read('reference/provenance.md');
  expect(page).toContain(`\`${buildType}\``);
  expect(page).toContain(`\`${builderId({ kind: 'local' })}\``);
  expect(page).toContain(`\`${builderId({ kind: 'codebuild', pipeline: '<ARN of the pipeline>' })}\``);
});
