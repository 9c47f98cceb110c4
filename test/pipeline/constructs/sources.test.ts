import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describeProblem, parseCatalog, type Service, watchedPaths } from '../../../lib/catalog';
import { pathGlobs, pathRegExp } from '../../../lib/pipeline/release-plan/path-patterns';
import { rules } from '../../../lib/pipeline/rules';
import { accountOf } from '../../iam/account';
import { matchesEventPattern } from '../monitoring/event-pattern';
import {
  type Assembly,
  catalogOf,
  exampleCatalog,
  filesOf,
  pullRequestsOf,
  releasePipelineOf,
  resourcesOf,
  synthesize,
} from '../synthesize';

const example = readFileSync(join(exampleCatalog, 'platform.yaml'), 'utf8');
const platformWith = (source: string) => example.replace(/source:\n {2}connection: (\S+)\n/, `source: ${source}\n`);
const connection = /connection: (\S+)/.exec(example)?.[1] ?? '';
const serviceWith = (source: string) => `{ version: 1, name: hello, team: storefront, source: ${source} }`;
const problemsOf = (platform: string, service: string) => {
  const result = parseCatalog({ file: 'platform.yaml', text: platform }, [{ file: 'hello.yaml', text: service }]);
  return result.ok ? [] : result.problems.map(describeProblem);
};
const assemblyOf = (source: string, service: string, more = {}) =>
  synthesize({ parsed: catalogOf({ platform: platformWith(source), services: [serviceWith(service)] }), ...more });
const sourceActionOf = (assembly: Assembly) => {
  const [stage] = (releasePipelineOf(assembly).Properties.Stages ?? []) as readonly {
    Actions: readonly Record<string, unknown>[];
  }[];
  return stage?.Actions.find(({ Name }) => Name === 'Source') as {
    ActionTypeId: { Provider: string };
    Configuration: Record<string, unknown>;
  };
};

describe('a source behind a connection', () => {
  test.each([
    ['github', 'acme/hello'],
    ['bitbucket', 'acme/hello'],
    ['gitlab', 'acme/backend/hello'],
  ])('on %s is read by branch, through the configured connection only', (provider, repository) => {
    const assembly = assemblyOf(
      `{ connection: "${connection}", provider: ${provider} }`,
      `{ repository: ${repository} }`,
    );
    const { ActionTypeId, Configuration } = sourceActionOf(assembly);
    expect(ActionTypeId.Provider).toBe('CodeStarSourceConnection');
    expect(Configuration).toEqual({ ConnectionArn: connection, FullRepositoryId: repository, BranchName: 'main' });
    const account = accountOf(assembly);
    for (const action of ['codestar-connections:UseConnection', 'codeconnections:UseConnection']) {
      expect(account.whoMay(action, connection)).toEqual(['acme-hello-run']);
      expect(account.whoMay(action, connection.replace(/.$/, '0'))).toEqual([]);
      const of = (id: string) => ({ [action.replace('UseConnection', 'FullRepositoryId')]: id });
      expect(account.may('acme-hello-run', action, connection, of(repository))).toBe('allowed');
      expect(account.may('acme-hello-run', action, connection, of('acme/ledger'))).toBe('denied');
    }
  });

  test('on GitLab or Bitbucket has no pull request builds, and synth warns', () => {
    const assembly = assemblyOf(`{ connection: "${connection}", provider: gitlab }`, '{ repository: acme/hello }', {
      pullRequests: pullRequestsOf(),
    });
    expect(resourcesOf(assembly, 'AWS::CodeBuild::Project').map(({ Properties }) => Properties.Name)).not.toContain(
      'acme-hello-pr',
    );
    expect(warningsOf(assembly)).toEqual([expect.stringContaining('pull requests of hello are not built')]);
  });
});

describe('a source in CodeCommit', () => {
  const assembly = assemblyOf('{ kind: codecommit }', '{ repository: shop, branch: release-1.0 }');
  const account = accountOf(assembly);
  const repository = (name: string) => `arn:aws:codecommit:eu-west-1:111111111111:${name}`;

  test('is read from its repository without polling', () => {
    const { ActionTypeId, Configuration } = sourceActionOf(assembly);
    expect(ActionTypeId.Provider).toBe('CodeCommit');
    expect(Configuration).toEqual({ RepositoryName: 'shop', BranchName: 'release-1.0', PollForSourceChanges: false });
    expect(account.whoMay('codecommit:UploadArchive', repository('shop'))).toEqual(['acme-hello-run']);
    expect(account.whoMay('codecommit:UploadArchive', repository('shop-2'))).toEqual([]);
    expect(account.whoMay('codecommit:GitPush', repository('shop'))).toEqual([]);
  });

  const rule = resourcesOf(assembly, 'AWS::Events::Rule').find(
    ({ Properties }) => Properties.Name === 'acme-hello-push',
  );
  const push = {
    source: 'aws.codecommit',
    'detail-type': 'CodeCommit Repository State Change',
    resources: repository('shop'),
    detail: { event: 'referenceUpdated', referenceType: 'branch', referenceName: 'release-1.0' },
  };

  test('is released by a push to its branch', () => {
    expect(matchesEventPattern(rule?.Properties.EventPattern, push)).toBe(true);
    expect(
      matchesEventPattern(rule?.Properties.EventPattern, {
        ...push,
        detail: { ...push.detail, event: 'referenceCreated' },
      }),
    ).toBe(true);
    expect(resourcesOf(assembly, 'AWS::CodePipeline::Pipeline').map(({ Properties }) => Properties.Name)).toEqual([
      'acme.rescan',
      'acme-hello',
    ]);
    expect(JSON.stringify(rule?.Properties.Targets)).toContain('"Ref":"ReleasePipeline');
  });

  test.each([
    ['a branch with the same prefix', { ...push, detail: { ...push.detail, referenceName: 'release-1.0-rc' } }],
    [
      'a branch that an unescaped dot would match',
      { ...push, detail: { ...push.detail, referenceName: 'release-1x0' } },
    ],
    ['a tag of the same name', { ...push, detail: { ...push.detail, referenceType: 'tag' } }],
    ['the deletion of the branch', { ...push, detail: { ...push.detail, event: 'referenceDeleted' } }],
    ['another repository', { ...push, resources: repository('shop-2') }],
    ['another service', { ...push, source: 'aws.codepipeline' }],
  ])('is not released by %s', (_, event) => {
    expect(matchesEventPattern(rule?.Properties.EventPattern, event)).toBe(false);
  });

  test('is started by that rule, which can start nothing else', () => {
    const pipeline = (name: string) => `arn:aws:codepipeline:eu-west-1:111111111111:${name}`;
    expect(account.whoMay('codepipeline:StartPipelineExecution', pipeline('acme-hello'))).toEqual(['acme-hello-start']);
    expect(account.whoMay('codepipeline:StartPipelineExecution', pipeline('acme-other'))).toEqual([]);
  });

  test('satisfies the rules', () => {
    expect(
      [...assembly.templates.values()].flatMap(({ Resources }) => rules.flatMap((each) => each.check(Resources))),
    ).toEqual([]);
  });
});

describe('in a repository with several services', () => {
  const of = (directory: string, ...paths: string[]) => ({ source: { directory, paths } }) as unknown as Service;

  test.each([
    ['a service that is the whole repository', of('.'), []],
    ['a service in a folder', of('services/hello'), ['services/hello/**']],
    ['a service with a shared folder', of('./services/hello/', 'libs/log'), ['services/hello/**', 'libs/log/**']],
    [
      'one of several main packages in a module',
      of('.', './cmd/hello', 'internal/'),
      ['go.mod', 'go.sum', 'cmd/hello/**', 'internal/**'],
    ],
    ['files and folders with dots', of('a', 'go.work', 'api/v1.2/'), ['a/**', 'go.work', 'api/v1.2/**']],
    ['nested paths', of('services/hello', 'services', 'services/hello/x', 'libs', 'libs'), ['services/**', 'libs/**']],
    ['a path that is the whole repository', of('services/hello', '.'), []],
  ])('%s is released by changes of its paths', (_, service, globs) => {
    expect(pathGlobs(service)).toEqual(globs);
  });

  const segment = fc.stringMatching(/^[a-z][a-z.]{0,3}$/);
  const path = fc.array(segment, { minLength: 1, maxLength: 3 }).map((segments) => segments.join('/'));

  test('a changed file starts the release if and only if it starts the pull request build', () => {
    fc.assert(
      fc.property(fc.array(path, { minLength: 1, maxLength: 7 }), path, (paths, file) => {
        const service = of('services/hello', ...paths);
        const globs = pathGlobs(service);
        const glob = globs.some((each) => (each.endsWith('/**') ? file.startsWith(each.slice(0, -2)) : file === each));
        expect(new RegExp(pathRegExp(service) ?? '').test(file)).toBe(globs.length === 0 || glob);
      }),
    );
  });

  test('omitting nested paths does not change the covered files', () => {
    fc.assert(
      fc.property(fc.array(path, { maxLength: 7 }), path, (paths, file) => {
        const isCovered = (watched: readonly { kind: string; path: string }[]) =>
          watched.some((one) => (one.kind === 'folder' ? file.startsWith(`${one.path}/`) : file === one.path));
        const isCoveredByOnePath = paths.some((one) =>
          isCovered(watchedPaths(of(`${one}/`)) && watchedPaths(of('zzz', one))),
        );
        expect(isCovered(watchedPaths(of('zzz', ...paths)))).toBe(isCoveredByOnePath);
      }),
    );
  });

  test('a filter accepts eight patterns', () => {
    const paths = Array.from({ length: 7 }, (_, index) => `lib/${index}`);
    const assembly = assemblyOf(
      `{ connection: "${connection}" }`,
      `{ repository: acme/shop, directory: a, paths: [${paths}] }`,
    );
    const [trigger] = (releasePipelineOf(assembly).Properties.Triggers ?? []) as {
      GitConfiguration: { Push: object[] };
    }[];
    expect(trigger?.GitConfiguration.Push).toEqual([
      { Branches: { Includes: ['main'] }, FilePaths: { Includes: ['a/**', ...paths.map((one) => `${one}/**`)] } },
    ]);
  });

  test('the catalog refuses a ninth pattern, with position, reason and fix', () => {
    const paths = Array.from({ length: 8 }, (_, index) => `lib/${index}`);
    expect(problemsOf(example, serviceWith(`{ repository: acme/shop, directory: a, paths: [${paths}] }`))).toEqual([
      expect.stringMatching(
        /^hello\.yaml:1:\d+ source\.paths: found .* expected at most 8 paths including those of the service itself .*CodePipeline accepts 8 patterns per filter\. List a common parent folder/,
      ),
    ]);
  });
});

test.each([
  ['no connection', '{ provider: gitlab }', '{ repository: acme/hello }', 'expected source.connection, the ARN'],
  ['no owner', `{ connection: "${connection}" }`, '{ repository: hello }', 'expected owner/repository'],
  ['groups on GitHub', `{ connection: "${connection}" }`, '{ repository: a/b/c }', 'expected owner/repository'],
  ['an owner in CodeCommit', '{ kind: codecommit }', '{ repository: a/b }', 'only the name of a CodeCommit repository'],
  [
    'paths in CodeCommit',
    '{ kind: codecommit }',
    '{ repository: a, paths: [b] }',
    'CodeCommit events do not list files',
  ],
  ['another kind', '{ kind: svn }', '{ repository: a/b }', 'expected "connection" or "codecommit"'],
])('%s is an error of the catalog', (_, source, service, message) => {
  expect(problemsOf(platformWith(source), serviceWith(service)).join('\n')).toContain(message);
});

function warningsOf(assembly: Assembly): readonly string[] {
  return [...filesOf(assembly.directory).keys()]
    .filter((file) => file.endsWith('.metadata.json'))
    .flatMap((file) => Object.values(JSON.parse(readFileSync(join(assembly.directory, file), 'utf8'))).flat())
    .map((entry) => entry as { type: string; data: string })
    .filter(({ type }) => type === 'aws:cdk:warning')
    .map(({ data }) => data);
}
