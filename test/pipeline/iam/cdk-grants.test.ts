import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  App,
  aws_codepipeline_actions as actions,
  aws_codebuild as codebuild,
  aws_codecommit as codecommit,
  aws_codepipeline as codepipeline,
  Stack,
  aws_s3 as s3,
} from 'aws-cdk-lib';
import { templatePermissions } from '../../../lib/pipeline';
import { matchesIamPattern } from '../../iam/evaluate';
import { assemblyDirectory, catalogOf, exampleCatalog, featureFlags, synthesize } from '../synthesize';
import { omissions } from './cdk-grants';

const artifactBucket = 'acme-artifacts-111111111111-eu-west-1';
const assetBucket = 'cdk-hnb659fds-assets-111111111111-eu-west-1';
const connection = 'arn:aws:codeconnections:eu-west-1:111111111111:connection/11111111-2222-3333-4444-555555555555';

const sources = [
  { kind: 'connection', clone: 'archive' },
  { kind: 'connection', clone: 'full' },
  { kind: 'codecommit', clone: 'archive' },
  { kind: 'codecommit', clone: 'full' },
] as const;
type Source = (typeof sources)[number];

/** Action patterns by kind of resource. */
type Grants = ReadonlyMap<string, ReadonlySet<string>>;

/** What the CDK's own constructs grant for a pipeline with the actions of a release: source, bundle, build, approval. */
function grantsOfTheCdk({ kind, clone }: Source): Readonly<Record<'pipeline' | 'project', Grants>> {
  const stack = new Stack(new App({ outdir: assemblyDirectory(), context: featureFlags() }), 'Plain', {
    env: { account: '111111111111', region: 'eu-west-1' },
  });
  const [output, bundle, built] = ['Source', 'Bowline', 'Built'].map((name) => new codepipeline.Artifact(name));
  if (output === undefined || bundle === undefined || built === undefined) {
    throw new Error('expected three artifacts');
  }
  const project = new codebuild.PipelineProject(stack, 'Project', { projectName: 'acme-hello-build' });
  const common = { actionName: 'Source', output, codeBuildCloneOutput: clone === 'full' };
  const pipeline = new codepipeline.Pipeline(stack, 'Pipeline', {
    pipelineName: 'acme-hello',
    artifactBucket: s3.Bucket.fromBucketName(stack, 'Artifacts', artifactBucket),
    usePipelineRoleForActions: true,
    crossAccountKeys: false,
    stages: [
      {
        stageName: 'Source',
        actions: [
          kind === 'connection'
            ? new actions.CodeStarConnectionsSourceAction({
                ...common,
                connectionArn: connection,
                owner: 'acme',
                repo: 'hello',
              })
            : new actions.CodeCommitSourceAction({
                ...common,
                repository: codecommit.Repository.fromRepositoryName(stack, 'Repository', 'hello'),
                trigger: actions.CodeCommitTrigger.NONE,
              }),
          new actions.S3SourceAction({
            actionName: 'Bowline',
            bucket: s3.Bucket.fromBucketName(stack, 'Assets', assetBucket),
            bucketKey: 'bundle.zip',
            output: bundle,
            trigger: actions.S3Trigger.NONE,
          }),
        ],
      },
      {
        stageName: 'Build',
        actions: [
          new actions.CodeBuildAction({
            actionName: 'Build',
            project,
            input: output,
            extraInputs: [bundle],
            outputs: [built],
          }),
          new actions.ManualApprovalAction({ actionName: 'Approve', runOrder: 2 }),
        ],
      },
    ],
  });
  const roles = templatePermissions([App.of(stack)?.synth().getStackByName(stack.stackName).template ?? {}], []);
  const named = (construct: codepipeline.Pipeline | codebuild.Project) => {
    const id = stack.getLogicalId(construct.role?.node.defaultChild as never);
    return grantsOf(roles.find(({ role }) => role === id)?.permissions ?? []);
  };
  return { pipeline: named(pipeline), project: named(project) };
}

/** What the roles of Bowline have for a pipeline with the same actions. */
function grantsOfBowline({ kind, clone }: Source): Readonly<Record<'pipeline' | 'project', Grants>> {
  const repository = kind === 'connection' ? 'acme/hello' : 'hello';
  const example = readFileSync(join(exampleCatalog, 'platform.yaml'), 'utf8');
  const parsed = catalogOf({
    platform: example.replace(
      /source:\n {2}connection: \S+\n/,
      kind === 'connection' ? `source: { connection: "${connection}" }\n` : 'source: { kind: codecommit }\n',
    ),
    services: [
      `{ version: 1, name: hello, team: storefront, source: { repository: ${repository}, clone: ${clone} }, build: {} }`,
    ],
  });
  const roles = templatePermissions([...synthesize({ parsed }).templates.values()], []);
  const named = (name: string) => grantsOf(roles.find(({ role }) => role === name)?.permissions ?? []);
  return { pipeline: named('acme-hello-run'), project: named('acme-hello-build') };
}

function grantsOf(
  permissions: readonly { readonly actions: readonly string[]; readonly resources: readonly string[] }[],
) {
  const grants = new Map<string, Set<string>>();
  for (const permission of permissions) {
    for (const resource of permission.resources) {
      const kind = kindOf(resource);
      const known = grants.get(kind) ?? new Set();
      grants.set(kind, known);
      for (const action of permission.actions.filter((each) => isAbout(kind, each))) {
        known.add(action);
      }
    }
  }
  return grants;
}

const kinds: Readonly<Record<string, RegExp>> = {
  'artifact objects': new RegExp(`:s3:::${artifactBucket}/`),
  'artifact bucket': new RegExp(`:s3:::${artifactBucket}$`),
  'bundle object': new RegExp(`:s3:::${assetBucket}/`),
  'asset bucket': new RegExp(`:s3:::${assetBucket}$`),
  'report group': /:codebuild:.*:report-group\//,
  project: /:codebuild:.*:project\/|\.Arn\}$/,
  'log group': /:logs:/,
  connection: /connections:/,
  repository: /:codecommit:/,
  'image repositories': /:ecr:|^\*$/,
};

function kindOf(resource: string): string {
  const found = Object.entries(kinds).find(([, pattern]) => pattern.test(resource));
  if (found === undefined) {
    throw new Error(`expected a resource of a known kind, got: ${resource}`);
  }
  return found[0];
}

/** The CDK lists bucket and objects in one statement; an action is about one of them. */
function isAbout(kind: string, action: string): boolean {
  const isOfBucket = /^s3:(?:GetBucket|List)/.test(action);
  return kind.endsWith(' bucket')
    ? isOfBucket
    : !(kind.endsWith(' objects') || kind.endsWith(' object')) || !isOfBucket;
}

describe.each(sources)('a source of kind $kind, cloned as $clone', (source) => {
  const cdk = grantsOfTheCdk(source);
  const bowline = grantsOfBowline(source);

  test.each(['pipeline', 'project'] as const)(
    'the %s has what the CDK would grant, except for what a reason is written for',
    (role) => {
      const missing: Record<string, string[]> = {};
      for (const [kind, patterns] of cdk[role]) {
        const granted = [...(bowline[role].get(kind) ?? [])];
        const lacking = [...patterns].filter((pattern) => !granted.some((action) => covers(action, pattern)));
        if (lacking.length > 0) {
          missing[kind] = lacking.sort();
        }
      }
      const written = Object.entries(omissions[role]).map(([kind, reasons]) => [kind, Object.keys(reasons).sort()]);
      const expected = Object.fromEntries(written) as Record<string, string[]>;
      // The CDK grants an ACL only for the source of a connection.
      if (source.kind === 'codecommit' && role === 'pipeline') {
        expected['artifact objects'] = (expected['artifact objects'] ?? []).filter(
          (action) => action !== 's3:PutObjectVersionAcl',
        );
      }
      expect(missing).toEqual(expected);
    },
  );

  test('the pipeline may store sources with an ACL, which CodePipeline does', () => {
    expect(bowline.pipeline.get('artifact objects')).toContain('s3:PutObjectAcl');
    expect(bowline.project.get('artifact objects')).not.toContain('s3:PutObjectAcl');
  });
});

test('every reason is a sentence', () => {
  for (const reasons of Object.values(omissions).flatMap((role) => Object.values(role))) {
    for (const reason of Object.values(reasons)) {
      expect(reason.split(' ').length).toBeGreaterThan(3);
    }
  }
});

function covers(action: string, pattern: string): boolean {
  return action === pattern || (!pattern.includes('*') && matchesIamPattern(action, pattern));
}
