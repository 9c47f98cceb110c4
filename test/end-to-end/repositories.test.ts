import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { mustRun } from '../../lib/process';
import { toolPath } from '../../lib/tools';
import { digestOf } from '../../lib/values';
import { stateOf } from './bench';
import { built, openWorkbench, scanned, type Workbench } from './workbench';

jest.setTimeout(900_000);

let workbench: Workbench;
beforeAll(async () => {
  workbench = await openWorkbench(stateOf('repositories'));
});
afterAll(() => workbench?.close());

/** The file system of an image. */
async function extract(image: string, platform: string, folder: string): Promise<void> {
  mkdirSync(folder);
  await mustRun({
    program: toolPath('crane'),
    arguments: ['--insecure', 'export', '--platform', platform, image, `${folder}.tar`],
    timeoutSeconds: 60,
  });
  await mustRun({ program: 'tar', arguments: ['-xf', `${folder}.tar`, '-C', folder], timeoutSeconds: 60 });
}

test('a service of a workspace is the program that go build makes in the checkout, with all embedded files', async () => {
  const bench = workbench.open('workspace', 'billing');
  const made = await built(workbench, bench);
  const { repository, digest } = made.release.image;
  const root = join(bench.directory, 'root');
  const platform = 'linux/amd64';
  await extract(`${repository}@${digest}`, platform, root);

  const own = join(bench.directory, 'own');
  await mustRun({
    program: 'go',
    arguments: ['build', '-trimpath', '-buildvcs=false', '-ldflags=-s -w -buildid=', '-o', own, '.'],
    directory: join(bench.source, 'services/billing'),
    environment: { CGO_ENABLED: '0', GOOS: 'linux', GOARCH: 'amd64', GOFLAGS: '-mod=readonly', GOWORK: undefined },
    timeoutSeconds: 300,
  });
  expect(digestOf(readFileSync(join(root, 'billing')))).toBe(digestOf(readFileSync(own)));

  const config = JSON.parse(
    (
      await mustRun({
        program: toolPath('crane'),
        arguments: ['--insecure', 'config', '--platform', platform, `${repository}@${digest}`],
        timeoutSeconds: 60,
      })
    ).stdout,
  );
  expect(config.config).toMatchObject({ WorkingDir: '/app', User: '65532:65532', Entrypoint: ['/billing'] });
  const run = await mustRun({ program: own, arguments: [], directory: join(root, 'app'), timeoutSeconds: 20 });
  expect(run.stdout.split('\n')).toEqual([
    'EUR',
    'scaffold/.gitignore',
    'scaffold/[name].tmpl',
    'scaffold/handler_test.go',
    'read at run time <nil>',
    '',
  ]);
  expect(made.notes).toContainEqual(
    expect.stringContaining('the build reads go.work, but commits that change only these'),
  );
  // govulncheck loads the program in the workspace, too.
  expect((await scanned(bench, made)).release.verdict.outcome).toBe('passed');
});

test('settings of the toolchain are in the build information of the program', async () => {
  const bench = workbench.open('workspace', 'vault');
  const { release } = await built(workbench, bench);
  const root = join(bench.directory, 'root');
  await extract(`${release.image.repository}@${release.image.digest}`, 'linux/amd64', root);
  const { stdout } = await mustRun({
    program: 'go',
    arguments: ['version', '-m', join(root, 'vault')],
    timeoutSeconds: 30,
  });
  expect(stdout).toMatch(/X:jsonv2/);
  expect(stdout).toMatch(/build\tGOFIPS140=v1\.0\.0/);
  expect(stdout).toMatch(/build\tGOAMD64=v3/);
});
