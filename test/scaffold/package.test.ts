import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { install, manifestOf, pack, root } from './packed';

const app = mkdtempSync(join(tmpdir(), 'bowline-app-'));
let tarball: string;

const cdkApp = `import { App, type aws_codebuild, aws_iam, aws_logs, Duration } from 'aws-cdk-lib';
import { Platform } from 'bowline';

const app = new App();
const platform = new Platform(app, 'Platform', { catalog: 'catalog' });
const release = platform.services.get('hello')?.release;
// What the template's comment promises: every L2 can be reached and changed.
(release?.build.project.node.defaultChild as aws_codebuild.CfnProject).addPropertyOverride('AutoRetryLimit', 1);
release?.repositories.images.addLifecycleRule({ description: 'theirs', maxImageCount: 900 });
release?.release.pipeline.onStateChange('Theirs');
platform.shared.scan.role.role.addToPolicy(statement('scan'));
platform.shared.sign.logGroup.addMetricFilter('Theirs', {
  filterPattern: aws_logs.FilterPattern.allEvents(),
  metricName: 'lines',
  metricNamespace: 'theirs',
});
platform.shared.promote.project.addToRolePolicy(statement('promote'));
platform.shared.artifacts.addLifecycleRule({ prefix: 'theirs/', expiration: Duration.days(9) });
platform.keys.keys?.keys.get('production')?.addAlias('theirs');
platform.toolbox.repository.addLifecycleRule({ description: 'theirs', maxImageCount: 900 });
app.synth();

function statement(what: string): aws_iam.PolicyStatement {
  return new aws_iam.PolicyStatement({ actions: ['s3:GetObject'], resources: ['arn:aws:s3:::theirs/' + what] });
}
`;
/** Parts of their own, and what a platform is typed with then. */
const theirParts = `import { App } from 'aws-cdk-lib';
import {
  Alerts,
  AlertTopic,
  BinaryDelivery,
  type GitOpsWriter,
  type ImageBuilder,
  KeysStack,
  SigningKeyMonitor,
  Platform,
  PushRule,
  ReleaseDashboard,
  ServiceRepositories,
  type Signer,
  StepRole,
  type VulnerabilityGate,
} from 'bowline';

const builder: ImageBuilder<{ projectName: string; size: number }> = {
  bindBuilder: (_scope, platform, service) => ({ projectName: platform.name + service.name, size: 1 }),
};
const gate: VulnerabilityGate = { bindGate: () => ({ projectName: 'their-gate' }) };
const signer: Signer = { bindSigner: () => ({ projectName: 'their-signer' }) };
const writer: GitOpsWriter = { bindWriter: () => ({ projectName: 'their-writer' }) };
const platform = new Platform(new App(), 'Theirs', { catalog: 'catalog', strategies: { builder, gate, signer, writer } });
platform.services.get('hello')?.release.build.size.toFixed();
// @ts-expect-error a gate of their own has no project that we made
platform.shared.scan.project;
export const made = [
  Alerts,
  AlertTopic,
  BinaryDelivery,
  KeysStack,
  SigningKeyMonitor,
  PushRule,
  ReleaseDashboard,
  ServiceRepositories,
  StepRole,
];
`;
const cdk8sApp = `import { writeManifests } from 'bowline/charts';

writeManifests({ catalog: 'catalog', ledger: 'ledger' });
`;

const node = (...words: readonly string[]) =>
  execFileSync(process.execPath, words as string[], { cwd: app, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
const exported = () =>
  Object.keys((manifestOf(root) as { exports: object }).exports).filter((path) => !path.includes('package.json'));

beforeAll(() => {
  tarball = pack();
  writeFileSync(
    join(app, 'package.json'),
    JSON.stringify({ name: 'fresh', devDependencies: { tsx: '*', '@types/node': '*', typescript: '*' } }),
  );
  install(app, tarball);
  mkdirSync(join(app, 'bin'));
  writeFileSync(join(app, 'bin', 'cdk.ts'), cdkApp);
  writeFileSync(join(app, 'bin', 'their-parts.ts'), theirParts);
  writeFileSync(join(app, 'bin', 'manifests.ts'), cdk8sApp);
  cpSync(join(root, 'catalog'), join(app, 'catalog'), { recursive: true });
  cpSync(join(root, 'ledger'), join(app, 'ledger'), { recursive: true });
}, 300_000);

afterAll(() => {
  rmSync(app, { recursive: true, force: true });
  rmSync(dirname(tarball), { recursive: true, force: true });
});

test('a fresh CDK app synthesizes a platform with the packed Platform', () => {
  execFileSync(process.execPath, ['--require', 'tsx/cjs', 'bin/cdk.ts'], {
    cwd: app,
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, CDK_OUTDIR: join(app, 'cdk.out'), CDK_VALIDATION: 'false' },
  });
  const stacks = readdirSync(join(app, 'cdk.out')).filter((name) => name.endsWith('.template.json'));
  expect(stacks).toHaveLength(4);
  const assets = stacks
    .map((name) => name.replace('.template.', '.assets.'))
    .map((name) => readFileSync(join(app, 'cdk.out', name), 'utf8'));
  expect(assets.some((text) => text.includes('"packaging": "zip"'))).toBe(true);
});

test('a fresh cdk8s app writes the manifests that this checkout writes', () => {
  execFileSync(process.execPath, ['--require', 'tsx/cjs', 'bin/manifests.ts'], {
    cwd: app,
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, CDK8S_OUTDIR: join(app, 'manifests') },
  });
  execFileSync(process.execPath, ['--require', 'tsx/cjs', 'charts/main.ts'], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, CDK8S_OUTDIR: join(app, 'ours') },
  });
  const read = (folder: string) =>
    Object.fromEntries(
      readdirSync(join(app, folder), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name))
        .map((path) => [path.slice(join(app, folder).length), readFileSync(path, 'utf8')]),
    );
  expect(Object.keys(read('manifests')).length).toBeGreaterThan(5);
  expect(read('manifests')).toEqual(read('ours'));
});

test.each(['node16', 'bundler'])('its types hold for an app that resolves modules as %s does', (moduleResolution) => {
  writeFileSync(
    join(app, 'tsconfig.json'),
    JSON.stringify({
      compilerOptions: {
        target: 'es2022',
        module: moduleResolution === 'bundler' ? 'esnext' : moduleResolution,
        moduleResolution,
        strict: true,
        noEmit: true,
        types: ['node'],
        // Once over every declaration, ours and CDK's; that takes some seconds.
        skipLibCheck: moduleResolution === 'bundler',
      },
      include: ['bin'],
    }),
  );
  const { stdout } = spawnSync(join(app, 'node_modules', '.bin', 'tsc'), [], { cwd: app, encoding: 'utf8' });
  expect(stdout).toBe('');
});

test('every export can be imported by name from an ES module', () => {
  const modules = exported().map((path) => path.replace(/^\./, 'bowline'));
  expect(modules).toContain('bowline/charts');
  const program = modules
    .map((name) => `console.log((Object.keys(await import('${name}')).length > 1) + ' ${name}');`)
    .join('\n');
  expect(
    node('--input-type=module', '--eval', `import { Platform } from 'bowline';\n${program}`).trim().split('\n'),
  ).toEqual(modules.map((name) => `true ${name}`));
});

test('the packed command line works as it does in the checkout', () => {
  const program = join(app, 'node_modules', 'bowline', 'bin', 'bowline.mjs');
  expect(node(program, '--version').trim()).toBe((manifestOf(root) as { version: string }).version);
  expect(JSON.parse(node(program, 'check', 'catalog', '--json'))).toEqual({ ok: true, problems: [] });
  expect(JSON.parse(node(program, 'explain', 'service', 'hello', '--json'))).toMatchObject({ service: 'hello' });
});

test('it carries what it runs, and no sources, tests or maps', () => {
  const files = execFileSync('tar', ['-tzf', tarball], { encoding: 'utf8' }).trim().split('\n');
  for (const path of [
    'dist/package/dist/bowline/bowline.mjs',
    'dist/package/tools/go/cosign/go.sum',
    'schemas/service.schema.json',
    'LICENSE',
    'README.md',
  ]) {
    expect(files).toContain(`package/${path}`);
  }
  const own = files.filter((path) => !path.startsWith('package/dist/package/templates/'));
  expect(own.filter((path) => /(?<!\.d)\.ts$|\.map$|^package\/(?:.*\/)?(?:test|node_modules)\//.test(path))).toEqual(
    [],
  );
  expect(existsSync(join(app, 'node_modules', 'bowline', 'bin', 'bowline.ts'))).toBe(false);
});
