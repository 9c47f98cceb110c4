import { execFileSync, spawnSync } from 'node:child_process';
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadCatalog } from '../../lib/catalog';
import { toolboxContext } from '../../lib/pipeline';
import { nodeRelease, toolboxPackages, toolboxTools } from '../../lib/pipeline/toolbox/dockerfile';
import { checkConfiguration } from '../../lib/steps';
import { buildkitStateFolder, toolPath } from '../../lib/tools';
import { exampleCatalog, resourcesOf, synthesize } from './synthesize';

const root = join(__dirname, '..', '..');
const { bases } = loadCatalog(exampleCatalog).platform;
const context = toolboxContext(bases.builder);
const dockerfile = context.files.get('Dockerfile') ?? '';

test('the toolbox has every tool that a pipeline step uses', () => {
  const used = readdirSync(join(root, 'lib', 'steps'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => readFileSync(join(root, 'lib', 'steps', name), 'utf8'))
    .flatMap((text) => [...text.matchAll(/toolPath\('([^']+)'\)/g)].map(([, name]) => name as string));
  const installed = new Set<string>([...toolboxTools.map(({ name }) => name), ...toolboxPackages, 'checkov', 'node']);
  expect(used.length).toBeGreaterThan(8);
  expect([...new Set(used)].filter((name) => !installed.has(name))).toEqual([]);
});

test('the toolbox has the same packages of checkov as a development machine, for another version of Python', () => {
  const pinned = (name: string) =>
    readFileSync(join(root, 'tools', 'python', name), 'utf8')
      .split('\n')
      .filter((line) => /^[A-Za-z]/.test(line));
  expect(pinned('toolbox.txt')).toEqual(pinned('checkov.txt'));
  const text = readFileSync(join(root, 'tools', 'python', 'toolbox.txt'), 'utf8');
  expect(text.match(/--hash=sha256:[0-9a-f]{64}$/gm)).toHaveLength(pinned('toolbox.txt').length);
});

describe('its Dockerfile', () => {
  test('starts from a base image by digest, and compiles with the same arguments as a development machine', () => {
    expect(dockerfile.match(/^FROM .*$/gm)).toEqual([`FROM ${bases.builder} AS compiled`, `FROM ${bases.builder}`]);
    expect(dockerfile).toContain(
      'RUN ["/opt/retry","env","CGO_ENABLED=0","GOFLAGS=-mod=readonly","GOWORK=off","GOEXPERIMENT=jsonv2","go","build","-trimpath","-buildvcs=false","-ldflags","-s -w","-o","/out/trivy","github.com/aquasecurity/trivy/cmd/trivy"]',
    );
  });

  test('fetches only pinned content: no scripts, Python packages by hash, Debian packages from one snapshot', () => {
    expect(dockerfile).not.toMatch(/wget|@latest|ADD /);
    expect(dockerfile).toContain('--require-hashes --only-binary :all:');
    expect(dockerfile).toMatch(/snapshot\.debian\.org\/archive\/.*20[0-9]{6}T[0-9]{6}Z/);
  });

  test('has a node with long-term support, by version and checksum', () => {
    expect(dockerfile).toContain(`-${nodeRelease.version}.tgz"`);
    // Even numbers get long-term support: https://github.com/nodejs/release#release-schedule
    expect(Number(nodeRelease.version.split('.')[0])).toBe(24);
    const downloads = dockerfile.match(/\bcurl -.*\\\n.*/g) ?? [];
    expect(downloads).toHaveLength(1);
    expect(downloads[0]).toContain('| sha256sum -c -');
    for (const { name, sha256 } of Object.values(nodeRelease.archives)) {
      expect(dockerfile).toContain(`name=${name} sum=${sha256};;`);
    }
  });

  test('repeats everything that downloads, because public archives limit the rate of requests', () => {
    const downloads = dockerfile.match(/(?:apt-get .*(?:update|install)|pip install|curl -|"go","build").*/g) ?? [];
    expect(downloads).toHaveLength(4 + toolboxTools.length);
    for (const line of dockerfile.split('\n').filter((each) => /apt-get|pip install|curl -|"go","build"/.test(each))) {
      expect(line).toMatch(/\/opt\/retry/);
    }
    expect(context.files.get('build-toolbox.sh')).toMatch(/sh retry\.sh docker pull .*\n.*docker build/);
    expect(context.files.get('build-toolbox.sh')).toContain('sh retry.sh docker push');
  });

  test('has a volume for the layers of BuildKit', () => {
    expect(dockerfile.trimEnd().split('\n').at(-1)).toBe(`VOLUME ${buildkitStateFolder}`);
  });

  test('starts every program once, so that a broken program fails the toolbox build', () => {
    for (const { name } of toolboxTools) {
      expect(dockerfile).toContain(`RUN ["${name}",`);
    }
  });

  test('has only the findings that a build image with root needs', async () => {
    const reports = await checkConfiguration(new Map([['Dockerfile', dockerfile]]));
    const found = reports.map((report) => (report.ok ? report.observations.map(({ id }) => id) : [report.message]));
    // No health check, because the image runs no server; and root, because BuildKit creates namespaces.
    expect([...new Set(found.flat())].sort()).toEqual(['CKV_DOCKER_2', 'CKV_DOCKER_3', 'DS-0002', 'DS-0026']);
  }, 300_000);
});

describe('its context', () => {
  test('changes with the pins of its tools, and not with other pins', () => {
    const pins = mkdtempSync(join(tmpdir(), 'bowline-pins-'));
    try {
      for (const folder of ['go', 'python']) {
        cpSync(join(root, 'tools', folder), join(pins, folder), { recursive: true });
      }
      expect(toolboxContext(bases.builder, pins).tag).toBe(context.tag);
      appendFileSync(join(pins, 'go/flagger/go.sum'), '\n');
      expect(toolboxContext(bases.builder, pins).tag).toBe(context.tag);
      appendFileSync(join(pins, 'go/cosign/go.sum'), '\n');
      expect(toolboxContext(bases.builder, pins).tag).not.toBe(context.tag);
    } finally {
      rmSync(pins, { recursive: true, force: true });
    }
  });

  test('determines the tag of the image, and tags are immutable', () => {
    const assembly = synthesize();
    const [project] = resourcesOf(assembly, 'AWS::CodeBuild::Project').filter(
      ({ Properties }) => Properties.Name === 'acme-toolbox',
    );
    expect(JSON.stringify(project)).toContain(
      `"111111111111.dkr.ecr.eu-west-1.amazonaws.com/acme/platform/toolbox:${context.tag}"`,
    );
    const [repository] = resourcesOf(assembly, 'AWS::ECR::Repository').filter(
      ({ Properties }) => Properties.RepositoryName === 'acme/platform/toolbox',
    );
    expect(repository).toMatchObject({
      DeletionPolicy: 'RetainExceptOnCreate',
      Properties: { ImageTagMutability: 'IMMUTABLE' },
    });
  });
});

test('makes scripts executable: the modes of files in an archive of the CDK are not kept on every way to the build', () => {
  const copies = dockerfile.split('\n').filter((line) => /^COPY .*\.sh /.test(line));
  expect(copies.length).toBeGreaterThan(0);
  expect(copies.filter((line) => !line.includes('--chmod=0755 '))).toEqual([]);
});

describe('its script', () => {
  const script = context.files.get('build-toolbox.sh') ?? '';
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'bowline-toolbox-'));
    writeFileSync(join(directory, 'build-toolbox.sh'), script);
    writeFileSync(join(directory, 'Dockerfile'), dockerfile);
    writeFileSync(join(directory, 'retry.sh'), context.files.get('retry.sh') ?? '');
    // No real waits.
    writeFileSync(join(directory, 'sleep'), '#!/bin/sh\necho "$1" >> waits\n', { mode: 0o755 });
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  /** Runs the script with stubs that record their calls. */
  function run(imageExists: boolean): { readonly status: number | null; readonly calls: readonly string[] } {
    for (const [name, body] of [
      ['aws', 'echo secret-password'],
      [
        'docker',
        `if [ "$1" = login ]; then read -r password; echo "stdin $password" >> calls; fi\n[ "$1" != manifest ] || exit ${imageExists ? 0 : 1}`,
      ],
    ] as const) {
      writeFileSync(join(directory, name), `#!/bin/bash\nprintf '%s\\n' "${name} $*" >> calls\n${body}\n`, {
        mode: 0o755,
      });
    }
    const { status } = spawnSync('bash', ['build-toolbox.sh'], {
      cwd: directory,
      env: {
        PATH: `${directory}:/usr/bin:/bin`,
        AWS_REGION: 'eu-west-1',
        TOOLBOX_IMAGE: 'registry.example/acme/platform/toolbox:pins-1',
      },
    });
    return { status, calls: readFileSync(join(directory, 'calls'), 'utf8').trim().split('\n') };
  }

  test('passes shellcheck', () => {
    for (const file of ['build-toolbox.sh', 'retry.sh']) {
      expect(() => execFileSync(toolPath('shellcheck'), [join(directory, file)])).not.toThrow();
    }
  });

  test('passes the password on standard input, builds and pushes', () => {
    const { status, calls } = run(false);
    expect(status).toBe(0);
    // The shell starts both ends of a pipe concurrently.
    expect([...calls].slice(0, 3).sort()).toEqual([
      'aws ecr get-login-password --region eu-west-1',
      'docker login --username AWS --password-stdin registry.example',
      'stdin secret-password',
    ]);
    expect(calls.slice(3)).toEqual([
      'docker manifest inspect registry.example/acme/platform/toolbox:pins-1',
      `docker pull --quiet ${bases.builder}`,
      'docker build --provenance=false --tag registry.example/acme/platform/toolbox:pins-1 .',
      'docker push registry.example/acme/platform/toolbox:pins-1',
    ]);
  });

  test.each([
    [0, 0, []],
    [2, 0, ['10', '20']],
    [4, 0, ['10', '20', '40', '80']],
    [5, 7, ['10', '20', '40', '80']],
  ])('repeats a command that fails %d times: exit code %d after waits of %j', (failures, exitCode, waits) => {
    const command = `echo x >> attempts; [ "$(wc -l < attempts)" -gt ${failures} ] || exit 7`;
    const { status } = spawnSync('sh', ['retry.sh', 'sh', '-c', command], {
      cwd: directory,
      env: { PATH: `${directory}:/usr/bin:/bin` },
    });
    expect(status).toBe(exitCode);
    const file = join(directory, 'waits');
    expect(existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : []).toEqual(waits);
  });

  test('builds nothing if the toolbox of these pins exists', () => {
    expect(run(true).calls.some((call) => /docker (?:build|push)/.test(call))).toBe(false);
  });
});
