import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { toolPath } from '../../lib/tools';

/** A finding of a third-party checker about a template. */
export interface CheckerFinding {
  readonly rule: string;
  readonly file: string;
  /** Why the finding is accepted. @default the finding is open */
  readonly accepted?: string;
}

/** Lists every template below a folder. */
export function templatesBelow(directory: string): readonly string[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.template.json'))
    .map((name) => join(directory, name))
    .sort();
}

/** Reads the findings of cdk-nag (AwsSolutions) from the validation report of a synthesized app. */
export function nagFindings(outdir: string): readonly CheckerFinding[] {
  const { pluginReports } = JSON.parse(readFileSync(join(outdir, 'validation-report.json'), 'utf8')) as {
    readonly pluginReports: readonly {
      readonly pluginName: string;
      readonly violations: readonly NagViolation[];
      readonly suppressedViolations?: readonly NagViolation[];
    }[];
  };
  const report = pluginReports.find(({ pluginName }) => pluginName === 'AwsSolutions');
  if (report === undefined) {
    throw new Error(`expected a report of cdk-nag in ${outdir}, found none`);
  }
  const toFindings = ({ ruleName, violatingConstructs = [undefined], reason }: NagViolation) =>
    violatingConstructs.map(() => ({ rule: ruleName, file: outdir, accepted: reason }));
  return [...report.violations, ...(report.suppressedViolations ?? [])].flatMap(toFindings);
}

interface NagViolation {
  readonly ruleName: string;
  readonly violatingConstructs?: readonly unknown[];
  readonly reason?: string;
}

/** Runs cfn-lint over every template below a folder. */
export function cfnLintFindings(directory: string): readonly CheckerFinding[] {
  const templates = templatesBelow(directory);
  const { stdout, stderr } = runPython('cfn-lint', ['--regions', 'eu-west-1', '--format', 'json', '--', ...templates]);
  const found = JSON.parse(stdout || fail('cfn-lint', stderr)) as { Rule: { Id: string }; Filename: string }[];
  return found.map(({ Rule, Filename }) => ({ rule: Rule.Id, file: Filename }));
}

/** Runs checkov over every template below a folder. @throws Error for a template that checkov could not read, or skipped */
export function checkovFindings(directory: string): readonly CheckerFinding[] {
  const options = ['--directory', directory, '--framework', 'cloudformation', '--output', 'json', '--skip-download'];
  const { stdout, stderr } = runPython('checkov', options);
  const { results, summary } = JSON.parse(stdout || fail('checkov', stderr)) as {
    readonly results: Readonly<Record<'passed_checks' | 'failed_checks' | 'skipped_checks', readonly CheckovCheck[]>>;
    readonly summary: { readonly parsing_errors: number };
  };
  const checked = new Set(results.passed_checks.map(({ file_path }) => file_path.replace(/^\//, '')));
  const skipped = templatesBelow(directory).filter((template) => !checked.has(relative(directory, template)));
  if (summary.parsing_errors > 0 || skipped.length > 0) {
    throw new Error(`checkov did not read all templates: ${skipped.join(', ')}`);
  }
  const toFinding = ({ check_id, file_path, check_result }: CheckovCheck): CheckerFinding => ({
    rule: check_id,
    file: join(directory, file_path),
    accepted: check_result.suppress_comment,
  });
  return [...results.failed_checks, ...results.skipped_checks].map(toFinding);
}

interface CheckovCheck {
  readonly check_id: string;
  readonly file_path: string;
  readonly check_result: { readonly suppress_comment?: string };
}

/** Runs trivy over a folder. trivy reads no accepted findings from templates. @throws Error for a template that trivy skipped */
export function trivyFindings(directory: string): readonly CheckerFinding[] {
  const options = ['config', '--skip-check-update', '--format', 'json', '--disable-telemetry', '--skip-version-check'];
  const { stdout, stderr } = spawnSync(
    toolPath('trivy'),
    [...options, '--quiet', '--cache-dir', join(directory, '..', 'trivy-cache'), directory],
    { encoding: 'utf8', maxBuffer: 2 ** 28, env: { PATH: process.env.PATH ?? '', HOME: '/nonexistent' } },
  );
  const { Results: results = [] } = JSON.parse(stdout || fail('trivy', stderr)) as {
    readonly Results?: readonly { Target: string; Misconfigurations?: readonly { ID: string; Status: string }[] }[];
  };
  const checked = new Set(results.map(({ Target }) => join(directory, Target)));
  const skipped = templatesBelow(directory).filter((template) => !checked.has(template));
  if (skipped.length > 0) {
    throw new Error(`trivy did not read all templates: ${skipped.join(', ')}`);
  }
  return results.flatMap(({ Target, Misconfigurations = [] }) =>
    Misconfigurations.filter(({ Status }) => Status === 'FAIL').map(({ ID }) => ({
      rule: ID,
      file: join(directory, Target),
    })),
  );
}

/** Runs a program of checkov's Python environment, without a home directory and without credentials. */
function runPython(program: string, programArguments: readonly string[]) {
  const environment = dirname(toolPath('checkov'));
  return spawnSync(join(environment, 'python'), [join(environment, program), ...programArguments], {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    env: { PATH: process.env.PATH ?? '', HOME: '/nonexistent', LOG_LEVEL: 'ERROR' },
  });
}

function fail(program: string, stderr: string): never {
  throw new Error(`expected JSON on the standard output of ${program}, got none: ${stderr.slice(-2000)}`);
}
