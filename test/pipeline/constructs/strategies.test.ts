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
  releasePipelineOf,
  resourcesOf,
  synthesize,
} from '../synthesize';

/** The project of a custom strategy, with a member of its own. */
interface CustomProject extends ProjectHandle {
  readonly owner: 'them';
}
const customProject = (projectName: string): CustomProject => ({ projectName, owner: 'them' });
const builder: ImageBuilder<CustomProject> = { bindBuilder: () => customProject('their-build') };
const gate: VulnerabilityGate<CustomProject> = { bindGate: () => customProject('their-scan') };
const signer: Signer<CustomProject> = {
  bindKeys: (scope, platform) => new SigningKeys(scope, 'Keys', { platform, signer: 'their-signer' }),
  bindSigner: () => customProject('their-sign'),
};
const writer: GitOpsWriter<CustomProject> = { bindWriter: () => customProject('their-promote') };

interface Stage {
  readonly Actions: readonly { readonly Configuration: { readonly ProjectName?: string } }[];
}
const startedProjects = (assembly: Assembly) =>
  (releasePipelineOf(assembly).Properties.Stages as readonly Stage[])
    .flatMap(({ Actions }) => Actions)
    .flatMap(({ Configuration }) => Configuration.ProjectName ?? []);
const createdProjects = (assembly: Assembly) =>
  resourcesOf(assembly, 'AWS::CodeBuild::Project').map(({ Properties }) => Properties.Name);
const pipelineRole = (assembly: Assembly) =>
  JSON.stringify(
    resourcesOf(assembly, 'AWS::IAM::Role').find(({ Properties }) => Properties.RoleName === 'acme-hello-run'),
  );

describe('a custom strategy replaces the built-in one', () => {
  test.each<[string, Strategies, string, string]>([
    ['builds', { builder }, 'their-build', 'acme-hello-build'],
    ['decides', { gate }, 'their-scan', 'acme-scan'],
    ['signs', { signer }, 'their-sign', 'acme-sign'],
    ['writes the ledger', { writer }, 'their-promote', 'acme-promote'],
  ])('that %s, and nothing else changes', (_, strategies, customName, builtInName) => {
    const assembly = synthesize({ strategies });
    const builtIn = synthesize();
    expect(startedProjects(assembly)).toEqual(
      startedProjects(builtIn).map((project) => (project === builtInName ? customName : project)),
    );
    expect(createdProjects(assembly)).toEqual(createdProjects(builtIn).filter((project) => project !== builtInName));
    expect(pipelineRole(assembly)).toContain(`project/${customName}"`);
    expect(pipelineRole(assembly)).not.toContain(`project/${builtInName}"`);
  });

  test('also for all four strategies together', () => {
    const assembly = synthesize({ strategies: { builder, gate, signer, writer } });
    expect(createdProjects(assembly)).toEqual(['acme-toolbox', 'acme-releases', 'acme-rescan']);
    expect([...new Set(startedProjects(assembly))].sort()).toEqual([
      'their-build',
      'their-promote',
      'their-scan',
      'their-sign',
    ]);
  });
});

describe('a signer with its own role', () => {
  const assembly = synthesize({ strategies: { signer } });
  const role = 'arn:aws:iam::111111111111:role/their-signer';

  test('is the only role that can use the keys', () => {
    const keys = resourcesOf(assembly, 'AWS::KMS::Key');
    expect(keys).toHaveLength(2);
    for (const { Properties } of keys) {
      expect(JSON.stringify(Properties.KeyPolicy)).toContain(role);
      expect(JSON.stringify(Properties.KeyPolicy)).not.toContain('role/acme-sign');
    }
  });

  test('is the only role whose signatures are not reported', () => {
    const rule = resourcesOf(assembly, 'AWS::Events::Rule').find(
      ({ Properties }) => Properties.Name === 'acme-other-signer',
    ) as Resource;
    expect(JSON.stringify(rule.Properties.EventPattern)).toContain(role);
    expect(JSON.stringify(rule.Properties.EventPattern)).not.toContain('role/acme-sign');
  });

  test('is monitored by the names of its project and its role', () => {
    const pattern = (name: string) =>
      JSON.stringify(
        resourcesOf(assembly, 'AWS::Events::Rule').find(({ Properties }) => Properties.Name === name)?.Properties
          .EventPattern,
      );
    expect(pattern('acme-source-overridden')).toContain('"acme-scan","their-sign","acme-promote"');
    expect(pattern('acme-pipeline-tampered')).toContain('"name":["their-sign","acme-promote"');
    expect(pattern('acme-pipeline-tampered')).toContain('"suffix":":project/their-sign"');
    expect(pattern('acme-roles-tampered')).toContain('"roleName":["their-signer","acme-promote"');
  });

  test('can have no keys, and then there is no key monitor', () => {
    const keyless = synthesize({ strategies: { signer: { bindSigner: () => customProject('their-sign') } } });
    expect(resourcesOf(keyless, 'AWS::KMS::Key')).toEqual([]);
    expect(resourcesOf(keyless, 'AWS::Events::Rule').map(({ Properties }) => Properties.Name)).not.toContain(
      'acme-other-signer',
    );
  });
});

describe('the types of a platform', () => {
  const platformOf = <B extends ProjectHandle = StepProject>(strategies?: Strategies<B, StepProject>) =>
    new Platform(new App({ outdir: assemblyDirectory(), context: featureFlags() }), 'Platform', {
      catalog: exampleCatalog,
      program,
      parsed: catalogOf({}),
      strategies,
    });

  test('are those of the built-in projects, down to each L2 construct', () => {
    const { services, shared, keys, toolbox } = new Platform(
      new App({ outdir: assemblyDirectory(), context: featureFlags() }),
      'Platform',
      { catalog: exampleCatalog, program },
    );
    const build: StepProject | undefined = services.get('hello')?.release.build;
    const project: codebuild.PipelineProject | undefined = build?.project;
    expect(project).toBeDefined();
    for (const step of [shared.scan, shared.sign, shared.promote]) {
      expect([step.project, step.role.role, step.logGroup].map((construct) => Stack.of(construct))).toEqual([
        shared,
        shared,
        shared,
      ]);
    }
    expect([...(keys.keys?.aliases.keys() ?? [])]).toEqual(['nonproduction', 'production']);
    expect(Stack.of(toolbox.logGroup)).toBe(toolbox);
  });

  test('are those of the project of a custom strategy', () => {
    const platform = platformOf({ builder });
    const owner: 'them' | undefined = platform.services.get('hello')?.release.build.owner;
    expect(owner).toBe('them');
  });
});
