import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeProblem, parseCatalog } from '../../../lib/catalog';
import { parseBuildspec } from '../../../lib/local/assembly/buildspec';
import { accountOf } from '../../iam/account';
import { type Assembly, catalogOf, exampleCatalog, pullRequestsOf, resourcesOf, synthesize } from '../synthesize';

const example = readFileSync(join(exampleCatalog, 'platform.yaml'), 'utf8');
const connection = /connection: (\S+)/.exec(example)?.[1] ?? '';
const platformWith = (source: string) => example.replace(/source:\n {2}connection: (\S+)\n/, `source: ${source}\n`);
const service = (name: string, source: string) =>
  `{ version: 1, name: ${name}, team: storefront, source: { ${source} } }`;
const assemblyOf = (source: string, services: readonly string[], more = {}) =>
  synthesize({ parsed: catalogOf({ platform: platformWith(source), services: [...services] }), ...more });

interface Stage {
  readonly Actions: readonly {
    readonly Name: string;
    readonly ActionTypeId: { readonly Provider: string };
    readonly Configuration: Readonly<Record<string, unknown>>;
    readonly InputArtifacts?: readonly { readonly Name: string }[];
  }[];
}
const actionsOf = (assembly: Assembly, pipeline: string) =>
  resourcesOf(assembly, 'AWS::CodePipeline::Pipeline')
    .filter(({ Properties }) => Properties.Name === pipeline)
    .flatMap(({ Properties }) => (Properties.Stages as readonly Stage[]).flatMap(({ Actions }) => Actions));
const projectOf = (assembly: Assembly, name: string) =>
  resourcesOf(assembly, 'AWS::CodeBuild::Project').find(({ Properties }) => Properties.Name === name)?.Properties
    .Source as { readonly BuildSpec: string; readonly GitSubmodulesConfig?: object };
const hasCredentials = (assembly: Assembly, project: string) =>
  /git-credential-helper"?:\s*"?yes"?/.test(projectOf(assembly, project).BuildSpec);

const cloned = service('hello', 'repository: acme/hello, clone: full, submodules: [acme/proto]');
const archived = service('orders', 'repository: acme/orders');

describe('a source behind a connection with clone: full', () => {
  const assembly = assemblyOf(`{ connection: "${connection}" }`, [cloned, archived], {
    pullRequests: pullRequestsOf(),
  });
  const account = accountOf(assembly);
  const use = ['codestar-connections', 'codeconnections'] as const;

  test('is a reference that CodeBuild clones, and only the actions of CodeBuild read it', () => {
    const actions = actionsOf(assembly, 'acme-hello');
    expect(actions.find(({ Name }) => Name === 'Source')?.Configuration).toMatchObject({
      OutputArtifactFormat: 'CODEBUILD_CLONE_REF',
    });
    const readers = actions.filter(({ InputArtifacts = [] }) => InputArtifacts.some(({ Name }) => Name === 'Source'));
    expect(readers.map(({ Name, ActionTypeId }) => `${Name} ${ActionTypeId.Provider}`)).toEqual([
      'Build CodeBuild',
      'Scan CodeBuild',
    ]);
  });

  test('is read by its pipeline, its build and the scan: this repository and its private submodules, nothing else', () => {
    for (const prefix of use) {
      const action = `${prefix}:UseConnection`;
      const of = (id: string) => ({ [`${prefix}:FullRepositoryId`]: id });
      const readers = (id: string) =>
        [...account.roles.keys()].filter((role) => account.may(role, action, connection, of(id)) === 'allowed').sort();
      expect(readers('acme/hello')).toEqual(['acme-hello-build', 'acme-hello-run', 'acme-scan']);
      expect(readers('acme/proto')).toEqual(['acme-hello-build', 'acme-scan']);
      expect(readers('acme/orders')).toEqual(['acme-orders-run']);
      expect(readers('acme/ledger')).toEqual([]);
      expect(account.whoMay(action, connection.replace(/.$/, '0'))).toEqual([]);
    }
  });

  test('gives no job a token of the connection of releases', () => {
    for (const prefix of use) {
      expect(account.whoMay(`${prefix}:GetConnectionToken`, connection)).toEqual([]);
    }
  });

  test('lets git log in only where a job clones', () => {
    expect(hasCredentials(assembly, 'acme-hello-build')).toBe(true);
    expect(hasCredentials(assembly, 'acme-scan')).toBe(true);
    expect(hasCredentials(assembly, 'acme-orders-build')).toBe(false);
    expect(hasCredentials(assembly, 'acme-sign')).toBe(false);
    expect(hasCredentials(assembly, 'acme-promote')).toBe(false);
  });

  test('has buildspecs that the local run executes, too', () => {
    for (const project of ['acme-hello-build', 'acme-scan']) {
      const { env } = parseBuildspec(projectOf(assembly, project).BuildSpec);
      expect(env['git-credential-helper']).toBe('yes');
    }
  });

  test('has its submodules in builds of pull requests, through their own connection', () => {
    expect(projectOf(assembly, 'acme-hello-pr').GitSubmodulesConfig).toEqual({ FetchSubmodules: true });
    expect(projectOf(assembly, 'acme-orders-pr').GitSubmodulesConfig).toBeUndefined();
    expect(hasCredentials(assembly, 'acme-hello-pr')).toBe(true);
    expect(hasCredentials(assembly, 'acme-orders-pr')).toBe(false);
    const own = pullRequestsOf().connection;
    const of = (id: string) => ({ 'codeconnections:FullRepositoryId': id });
    expect(account.may('acme-hello-pr', 'codeconnections:UseConnection', own, of('acme/proto'))).toBe('allowed');
    expect(account.may('acme-orders-pr', 'codeconnections:UseConnection', own, of('acme/proto'))).toBe('denied');
  });
});

test('without clone: full, a source is an archive, and no job reads the repository', () => {
  const assembly = assemblyOf(`{ connection: "${connection}" }`, [archived]);
  const source = actionsOf(assembly, 'acme-orders').find(({ Name }) => Name === 'Source');
  expect(source?.Configuration).not.toHaveProperty('OutputArtifactFormat');
  expect(accountOf(assembly).whoMay('codeconnections:UseConnection', connection)).toEqual(['acme-orders-run']);
  expect(hasCredentials(assembly, 'acme-scan')).toBe(false);
});

test('a source in CodeCommit with clone: full is pulled by its build and the scan, and pushed by nobody', () => {
  const assembly = assemblyOf('{ kind: codecommit }', [
    service('hello', 'repository: hello, clone: full, submodules: [proto]'),
    service('orders', 'repository: orders'),
  ]);
  const repository = (name: string) => `arn:aws:codecommit:eu-west-1:111111111111:${name}`;
  const account = accountOf(assembly);
  expect(actionsOf(assembly, 'acme-hello').find(({ Name }) => Name === 'Source')?.Configuration).toMatchObject({
    OutputArtifactFormat: 'CODEBUILD_CLONE_REF',
    PollForSourceChanges: false,
  });
  for (const name of ['hello', 'proto']) {
    expect([...account.whoMay('codecommit:GitPull', repository(name))].sort()).toEqual([
      'acme-hello-build',
      'acme-scan',
    ]);
    expect(account.whoMay('codecommit:GitPush', repository(name))).toEqual([]);
  }
  expect(account.whoMay('codecommit:GitPull', repository('orders'))).toEqual([]);
  expect(hasCredentials(assembly, 'acme-hello-build')).toBe(true);
});

describe('the catalog refuses', () => {
  test.each([
    [
      'submodules without a clone',
      'repository: acme/hello, submodules: [acme/proto]',
      'expected source.clone: full, without which the pipeline has no submodules, or no repositories',
    ],
    [
      'a submodule without an owner',
      'repository: acme/hello, clone: full, submodules: [proto]',
      'expected owner/repository',
    ],
    ['another kind of clone', 'repository: acme/hello, clone: shallow', 'source.clone'],
  ])('%s', (_, source, expected) => {
    const result = parseCatalog({ file: 'platform.yaml', text: example }, [
      { file: 'hello.yaml', text: service('hello', source) },
    ]);
    const problems = result.ok ? [] : result.problems.map(describeProblem);
    expect(problems).toEqual([expect.stringContaining(expected)]);
  });
});
