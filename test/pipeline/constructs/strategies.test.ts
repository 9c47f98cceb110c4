import { App, type aws_codebuild as codebuild, Stack } from 'aws-cdk-lib';
import {
  type GitOpsWriter,
  type ImageBuilder,
  Platform,
  type ProjectHandle,
  type Signer,
  SigningKeys,
  type StepProject,
  type Strategies,
  type VulnerabilityGate,
} from '../../../lib/pipeline';
import {
  type Assembly,
  assemblyDirectory,
  catalogOf,
  exampleCatalog,
  featureFlags,
  program,
  type Resource,
  resourcesOf,
  synthesize,
} from '../synthesize';

/** A project that somebody's own code has made, with more to it than its name. */
interface TheirProject extends ProjectHandle {
  readonly owner: 'them';
}
const theirs = (projectName: string): TheirProject => ({ projectName, owner: 'them' });
const builder: ImageBuilder<TheirProject> = { bindBuilder: () => theirs('their-build') };
const gate: VulnerabilityGate<TheirProject> = { bindGate: () => theirs('their-scan') };
const signer: Signer<TheirProject> = {
  bindKeys: (scope, platform) => new SigningKeys(scope, 'Keys', platform, 'their-signer'),
  bindSigner: () => theirs('their-sign'),
};
const writer: GitOpsWriter<TheirProject> = { bindWriter: () => theirs('their-promote') };

interface Stage {
  readonly Actions: readonly { readonly Configuration: { readonly ProjectName?: string } }[];
}
const projectsStarted = (assembly: Assembly) =>
  resourcesOf(assembly, 'AWS::CodePipeline::Pipeline')
    .flatMap(({ Properties }) => Properties.Stages as readonly Stage[])
    .flatMap(({ Actions }) => Actions)
    .flatMap(({ Configuration }) => Configuration.ProjectName ?? []);
const projectsMade = (assembly: Assembly) =>
  resourcesOf(assembly, 'AWS::CodeBuild::Project').map(({ Properties }) => Properties.Name);
const mayStart = (assembly: Assembly) =>
  JSON.stringify(
    resourcesOf(assembly, 'AWS::IAM::Role').find(({ Properties }) => Properties.RoleName === 'acme-hello-run'),
  );

describe('a strategy of the platform takes the place of ours', () => {
  test.each<[string, Strategies, string, string]>([
    ['builds', { builder }, 'their-build', 'acme-hello-build'],
    ['decides', { gate }, 'their-scan', 'acme-scan'],
    ['signs', { signer }, 'their-sign', 'acme-sign'],
    ['writes the ledger', { writer }, 'their-promote', 'acme-promote'],
  ])('where it %s, and nothing else changes', (_, strategies, name, ours) => {
    const assembly = synthesize({ strategies });
    const usual = synthesize();
    expect(projectsStarted(assembly)).toEqual(
      projectsStarted(usual).map((project) => (project === ours ? name : project)),
    );
    expect(projectsMade(assembly)).toEqual(projectsMade(usual).filter((project) => project !== ours));
    expect(mayStart(assembly)).toContain(`project/${name}"`);
    expect(mayStart(assembly)).not.toContain(`project/${ours}"`);
  });

  test('also in all four places at once', () => {
    const assembly = synthesize({ strategies: { builder, gate, signer, writer } });
    expect(projectsMade(assembly)).toEqual(['acme-toolbox']);
    expect([...new Set(projectsStarted(assembly))].sort()).toEqual([
      'their-build',
      'their-promote',
      'their-scan',
      'their-sign',
    ]);
  });
});

describe('a signer that signs with a role of its own', () => {
  const assembly = synthesize({ strategies: { signer } });
  const role = 'arn:aws:iam::111111111111:role/their-signer';

  test('is the one whom the keys let sign', () => {
    const keys = resourcesOf(assembly, 'AWS::KMS::Key');
    expect(keys).toHaveLength(2);
    for (const { Properties } of keys) {
      expect(JSON.stringify(Properties.KeyPolicy)).toContain(role);
      expect(JSON.stringify(Properties.KeyPolicy)).not.toContain('role/acme-sign');
    }
  });

  test('is the one about whom no alarm is raised', () => {
    const watch = resourcesOf(assembly, 'AWS::Events::Rule').find(
      ({ Properties }) => Properties.Name === 'acme-other-signer',
    ) as Resource;
    expect(JSON.stringify(watch.Properties.EventPattern)).toContain(role);
    expect(JSON.stringify(watch.Properties.EventPattern)).not.toContain('role/acme-sign');
  });

  test('is watched by the names of its project and of its role', () => {
    const pattern = (name: string) =>
      JSON.stringify(
        resourcesOf(assembly, 'AWS::Events::Rule').find(({ Properties }) => Properties.Name === name)?.Properties
          .EventPattern,
      );
    expect(pattern('acme-road-touched')).toContain('"projectName":["their-sign","acme-promote"');
    expect(pattern('acme-roles-touched')).toContain('"roleName":["their-signer","acme-promote"]');
  });

  test('need not bring keys, and then there is nothing to watch', () => {
    const keyless = synthesize({ strategies: { signer: { bindSigner: () => theirs('their-sign') } } });
    expect(resourcesOf(keyless, 'AWS::KMS::Key')).toEqual([]);
    expect(resourcesOf(keyless, 'AWS::Events::Rule').map(({ Properties }) => Properties.Name)).not.toContain(
      'acme-other-signer',
    );
  });
});

describe('what a platform is typed with', () => {
  const platformOf = <B extends ProjectHandle = StepProject>(strategies?: Strategies<B, StepProject>) =>
    new Platform(new App({ outdir: assemblyDirectory(), context: featureFlags() }), 'Platform', {
      catalog: exampleCatalog,
      program,
      parsed: catalogOf({}),
      ...(strategies === undefined ? {} : { strategies }),
    });

  test('is our own projects, down to each L2', () => {
    const { services, shared, keys, toolbox } = new Platform(
      new App({ outdir: assemblyDirectory(), context: featureFlags() }),
      'Platform',
      { catalog: exampleCatalog, program },
    );
    const build: StepProject | undefined = services.get('hello')?.release.build;
    const project: codebuild.PipelineProject | undefined = build?.project;
    expect(project).toBeDefined();
    for (const verb of [shared.scan, shared.sign, shared.promote]) {
      expect([verb.project, verb.role.role, verb.logGroup].map((construct) => Stack.of(construct))).toEqual([
        shared,
        shared,
        shared,
      ]);
    }
    expect([...(keys.keys?.aliases.keys() ?? [])]).toEqual(['nonproduction', 'production']);
    expect(Stack.of(toolbox.logGroup)).toBe(toolbox);
  });

  test("is a strategy's own project, where there is one", () => {
    const platform = platformOf({ builder });
    const owner: 'them' | undefined = platform.services.get('hello')?.release.build.owner;
    expect(owner).toBe('them');
  });
});
