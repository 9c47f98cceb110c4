import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { toolPath } from '../../lib/tools';

/** What a checker of other people's says about a template. */
export interface CheckerFinding {
  readonly rule: string;
  readonly file: string;
  /** Why we live with it; none for what is open. */
  readonly accepted?: string;
}

/** Every template below a folder. */
export function templatesBelow(directory: string): readonly string[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.template.json'))
    .map((name) => join(directory, name))
    .sort();
}

/** cdk-nag's AwsSolutions, as the validation report of a synthesized app has it. */
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
    throw new Error(`cdk-nag has not looked at ${outdir}`);
  }
  const each = ({ ruleName, violatingConstructs = [undefined], reason }: NagViolation) =>
    violatingConstructs.map(() => ({
      rule: ruleName,
      file: outdir,
      ...(reason === undefined ? {} : { accepted: reason }),
    }));
  return [...report.violations, ...(report.suppressedViolations ?? [])].flatMap(each);
}

interface NagViolation {
  readonly ruleName: string;
  readonly violatingConstructs?: readonly unknown[];
  readonly reason?: string;
}

/** cfn-lint over every template below a folder. */
export function cfnLintFindings(directory: string): readonly CheckerFinding[] {
  const templates = templatesBelow(directory);
  const { stdout, stderr } = python('cfn-lint', ['--regions', 'eu-west-1', '--format', 'json', '--', ...templates]);
  const found = JSON.parse(stdout || fail('cfn-lint', stderr)) as { Rule: { Id: string }; Filename: string }[];
  return found.map(({ Rule, Filename }) => ({ rule: Rule.Id, file: Filename }));
}

/** checkov over every template below a folder. @throws Error for a template that it could not read, or did not look at */
export function checkovFindings(directory: string): readonly CheckerFinding[] {
  const words = ['--directory', directory, '--framework', 'cloudformation', '--output', 'json', '--skip-download'];
  const { stdout, stderr } = python('checkov', words);
  const { results, summary } = JSON.parse(stdout || fail('checkov', stderr)) as {
    readonly results: Readonly<Record<'passed_checks' | 'failed_checks' | 'skipped_checks', readonly CheckovCheck[]>>;
    readonly summary: { readonly parsing_errors: number };
  };
  const looked = new Set(results.passed_checks.map(({ file_path }) => file_path.replace(/^\//, '')));
  const passedOver = templatesBelow(directory).filter((template) => !looked.has(relative(directory, template)));
  if (summary.parsing_errors > 0 || passedOver.length > 0) {
    throw new Error(`checkov did not read all templates: ${passedOver.join(', ')}`);
  }
  const finding = ({ check_id, file_path, check_result }: CheckovCheck): CheckerFinding => ({
    rule: check_id,
    file: join(directory, file_path),
    ...(check_result.suppress_comment === undefined ? {} : { accepted: check_result.suppress_comment }),
  });
  return [...results.failed_checks, ...results.skipped_checks].map(finding);
}

interface CheckovCheck {
  readonly check_id: string;
  readonly file_path: string;
  readonly check_result: { readonly suppress_comment?: string };
}

/** trivy over everything below a folder. It takes no reasons out of templates. @throws Error for a template that it did not look at */
export function trivyFindings(directory: string): readonly CheckerFinding[] {
  const words = ['config', '--skip-check-update', '--format', 'json', '--disable-telemetry', '--skip-version-check'];
  const { stdout, stderr } = spawnSync(
    toolPath('trivy'),
    [...words, '--quiet', '--cache-dir', join(directory, '..', 'trivy-cache'), directory],
    { encoding: 'utf8', maxBuffer: 2 ** 28, env: { PATH: process.env.PATH ?? '', HOME: '/nonexistent' } },
  );
  const { Results: results = [] } = JSON.parse(stdout || fail('trivy', stderr)) as {
    readonly Results?: readonly { Target: string; Misconfigurations?: readonly { ID: string; Status: string }[] }[];
  };
  const looked = new Set(results.map(({ Target }) => join(directory, Target)));
  const passedOver = templatesBelow(directory).filter((template) => !looked.has(template));
  if (passedOver.length > 0) {
    throw new Error(`trivy did not read all templates: ${passedOver.join(', ')}`);
  }
  return results.flatMap(({ Target, Misconfigurations = [] }) =>
    Misconfigurations.filter(({ Status }) => Status === 'FAIL').map(({ ID }) => ({
      rule: ID,
      file: join(directory, Target),
    })),
  );
}

/** Programs of checkov's own environment: no home, no network, no account. */
function python(program: string, words: readonly string[]) {
  const environment = dirname(toolPath('checkov'));
  return spawnSync(join(environment, 'python'), [join(environment, program), ...words], {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    env: { PATH: process.env.PATH ?? '', HOME: '/nonexistent', LOG_LEVEL: 'ERROR' },
  });
}

function fail(program: string, stderr: string): never {
  throw new Error(`${program} gave no answer: ${stderr.slice(-2000)}`);
}
