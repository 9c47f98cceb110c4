import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { toolPath } from '../../lib/tools';
import { pullRequestsOf, synthesize } from './synthesize';

/** Other people's readers of templates, in their own environment: no home, no network, no account. */
function checker(program: string, words: readonly string[]) {
  const environment = dirname(toolPath('checkov'));
  return spawnSync(join(environment, 'python'), [join(environment, program), ...words], {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    env: { PATH: process.env.PATH ?? '', HOME: '/nonexistent', LOG_LEVEL: 'ERROR' },
  });
}

const directory = synthesize({ pullRequests: pullRequestsOf() }).directory;
const templates = readdirSync(directory)
  .filter((name) => name.endsWith('.template.json'))
  .map((name) => join(directory, name));

test('cfn-lint has nothing to say to any template, and it read them all', () => {
  expect(templates).toHaveLength(4);
  const { status, stdout } = checker('cfn-lint', ['--regions', 'eu-west-1', '--format', 'json', '--', ...templates]);
  expect({ status, found: JSON.parse(stdout) }).toEqual({ status: 0, found: [] });
});

test('checkov fails nothing in any template, and reports on every one', () => {
  const { status, stdout } = checker('checkov', [
    '--directory',
    directory,
    '--framework',
    'cloudformation',
    '--output',
    'json',
    '--skip-download',
  ]);
  const { results, summary } = JSON.parse(stdout) as {
    readonly results: {
      readonly failed_checks: readonly unknown[];
      readonly passed_checks: readonly { file_path: string }[];
    };
    readonly summary: { readonly failed: number; readonly parsing_errors: number; readonly skipped: number };
  };
  expect({ status, failed: results.failed_checks, unread: summary.parsing_errors }).toEqual({
    status: 0,
    failed: [],
    unread: 0,
  });
  expect(new Set(results.passed_checks.map(({ file_path }) => file_path)).size).toBe(templates.length);
});
