import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { catalogOf, pullRequestsOf, type Resource, synthesize } from '../pipeline/synthesize';

const root = join(__dirname, '..', '..');
const services = 100;

/** Default quotas of an account and region, and the AWS page that lists them (as of November 2026; * from memory). */
const quotas: readonly {
  readonly what: string;
  readonly type: string;
  readonly quota: number;
  readonly source: string;
}[] = [
  {
    what: 'pipelines',
    type: 'AWS::CodePipeline::Pipeline',
    quota: 1000,
    source: 'codepipeline/latest/userguide/limits.html',
  },
  {
    what: 'build projects',
    type: 'AWS::CodeBuild::Project',
    quota: 5000,
    source: 'codebuild/latest/userguide/limits.html',
  },
  {
    what: 'IAM roles',
    type: 'AWS::IAM::Role',
    quota: 1000,
    source: 'IAM/latest/UserGuide/reference_iam-quotas.html *',
  },
  {
    what: 'EventBridge rules',
    type: 'AWS::Events::Rule',
    quota: 300,
    source: 'eventbridge/latest/userguide/eb-quota.html (100 in some regions)',
  },
  {
    what: 'ECR repositories',
    type: 'AWS::ECR::Repository',
    quota: 100_000,
    source: 'AmazonECR/latest/userguide/service-quotas.html *',
  },
  {
    what: 'log groups',
    type: 'AWS::Logs::LogGroup',
    quota: 1_000_000,
    source: 'AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html *',
  },
  {
    what: 'KMS keys',
    type: 'AWS::KMS::Key',
    quota: 100_000,
    source: 'kms/latest/developerguide/resource-limits.html *',
  },
  {
    what: 'alarms',
    type: 'AWS::CloudWatch::Alarm',
    quota: 5000,
    source: 'AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html *',
  },
  { what: 'topics', type: 'AWS::SNS::Topic', quota: 100_000, source: 'sns/latest/dg/sns-quotas.html *' },
];

const count = (templates: readonly { readonly Resources: Readonly<Record<string, Resource>> }[], type: string) =>
  templates.flatMap(({ Resources }) => Object.values(Resources)).filter(({ Type }) => Type === type).length;

function table(): string {
  const names = Array.from({ length: services }, (_, index) => `service-${index}`);
  const parsed = catalogOf({
    services: names.map(
      (name) => `{ version: 1, name: ${name}, team: storefront, source: { repository: acme/${name} } }`,
    ),
  });
  const templates = [...synthesize({ parsed, pullRequests: pullRequestsOf() }).templates];
  const all = templates.map(([, template]) => template);
  const one = templates.filter(([name]) => name === 'acme-service-service-7').map(([, template]) => template);
  const largest = Math.max(...all.map(({ Resources }) => Object.keys(Resources).length));
  const line = (what: string, each: number | string, sum: number, quota: number, source: string) =>
    `| ${what} | ${each} | ${sum} | ${quota.toLocaleString('en-US')} | ${((100 * sum) / quota).toFixed(sum / quota < 0.001 ? 3 : 1)} % | ${source} |`;
  return [
    '| Resource | per service | 100 services | default quota | share | docs.aws.amazon.com/ |',
    '|---|---:|---:|---:|---:|---|',
    ...quotas.map(({ what, type, quota, source }) => line(what, count(one, type), count(all, type), quota, source)),
    line('stacks', 1, all.length, 2000, 'AWSCloudFormation/latest/UserGuide/cloudformation-limits.html *'),
    line('resources of the largest stack', '', largest, 500, 'the same page *'),
    '',
  ].join('\n');
}

test('docs/how-to/runbook.md shows how much of each quota a hundred services use', () => {
  const path = join(root, 'docs', 'how-to', 'runbook.md');
  const fresh = readFileSync(path, 'utf8').replace(
    /<!-- generated: quotas -->[\s\S]*?<!-- end -->/,
    `<!-- generated: quotas -->\n\n${table()}\n<!-- end -->`,
  );
  if (process.env.BOWLINE_WRITE_GENERATED === '1') {
    writeFileSync(path, fresh);
  }
  expect(readFileSync(path, 'utf8')).toBe(fresh);
});
