import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { requireService } from '../../lib/catalog';
import { renderGitConfig } from '../../lib/image';
import { ensureLocalBaseImages } from '../../lib/local/base-images/ensure-base-images';
import { writeRunCatalog } from '../../lib/local/run/run-catalog';
import { serviceNames } from '../../lib/pipeline/names';
import { mustRun } from '../../lib/process';
import { build, openModuleAccess, silentReporter } from '../../lib/steps';
import { branchRef, commitSha, imageRepository } from '../../lib/values';
import { testAuthority } from '../module-host/authority';
import { ModuleHost } from '../module-host/module-host';
import { filesWith } from '../module-host/search';
import { FakeGitHub } from '../steps/gitops/git-host/fake-github';
import { type Bench, openBench, root, stateOf } from './bench';
import { openWorkbench, type Workbench } from './workbench';

jest.setTimeout(900_000);

const stateDirectory = stateOf('private-modules');
const address = '127.13.0.1';
const login = { login: 'reader', password: `password-${randomUUID()}` };
/** In a comment of the private module: it is in its source, but in nothing that is compiled. */
const sourceMarker = `source-${randomUUID()}`;
const basic = Buffer.from(`${login.login}:${login.password}`).toString('base64');
const credential = [login.password, basic];

/** File systems may round times down to seconds. */
const started = new Date(Date.now() - 1000);

let host: ModuleHost;
let workbench: Workbench;
let directory: string;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'bowline-private-modules-'));
  host = new ModuleHost({ address, ...login });
  const path = host.addModule('greet', 'v1.2.3', {
    'greet.go': `package greet\n\n// ${sourceMarker}\nfunc Text() string { return "greetings of a private module" }\n`,
  });
  await host.start();
  writeFileSync(join(directory, 'netrc'), `machine ${address} login ${login.login} password ${login.password}\n`);
  await writeSource(path);
  workbench = await openWorkbench(stateDirectory);
});
afterAll(async () => {
  await workbench?.close();
  await host?.stop();
  rmSync(directory, { recursive: true, force: true });
});

/** The source of a service that requires the private module, with the go.mod and the go.sum that Go writes. */
async function writeSource(path: string): Promise<void> {
  const source = join(directory, 'source');
  const home = join(directory, 'home');
  mkdirSync(source);
  mkdirSync(join(home, 'certificates'), { recursive: true });
  writeFileSync(join(source, 'go.mod'), 'module example.com/shop\n\ngo 1.24\n');
  writeFileSync(
    join(source, 'main.go'),
    readFileSync(join(__dirname, 'testdata', 'shop', 'main.go'), 'utf8')
      .replace('import (', `import (\n\t"${path}"`)
      .replace('func main() {', 'func main() {\n\tprintln(greet.Text())'),
  );
  const ca = join(home, 'certificates', 'ca.pem');
  writeFileSync(ca, testAuthority().certificate);
  writeFileSync(join(home, '.netrc'), readFileSync(join(directory, 'netrc')));
  writeFileSync(join(home, '.gitconfig'), renderGitConfig({ private: [address] }, ca));
  // Not in this process alone: it serves the module.
  await mustRun({
    program: 'go',
    arguments: ['get', `${path}@v1.2.3`],
    directory: source,
    environment: {
      ...{ HOME: home, NETRC: join(directory, 'netrc'), GOPRIVATE: address, GOTOOLCHAIN: 'local' },
      ...{ GOMODCACHE: join(home, 'modules'), GOFLAGS: '-modcacherw', SSL_CERT_DIR: join(home, 'certificates') },
      ...{ GIT_CONFIG_NOSYSTEM: '1', GIT_SSL_CAINFO: undefined },
    },
    timeoutSeconds: 300,
  });
}

/** A bench with the source, and a service file that names the private modules. */
function open(modules: object = {}): Bench {
  const file = join(directory, 'shop.yaml');
  const text = JSON.stringify({
    ...{ version: 1, name: 'shop', team: 'storefront', source: { repository: 'acme/shop' } },
    start: { skip: 'the first start has its own tests' },
    build: {
      platforms: ['linux/amd64'],
      modules: { private: [`${address}/acme`], ca: testAuthority().certificate, ...modules },
    },
  });
  writeFileSync(file, text);
  return openBench(join(directory, 'source'), file, stateDirectory);
}

/** Runs the whole pipeline with a netrc file and a module cache of its own: the module of an earlier run has the same version and other files. */
async function runWith(bench: Bench, netrc: string) {
  const variables = { NETRC: netrc, GOMODCACHE: join(directory, 'home', 'modules') };
  const before = Object.fromEntries(Object.keys(variables).map((name) => [name, process.env[name]]));
  Object.assign(process.env, variables);
  try {
    return await bench.run();
  } finally {
    for (const [name, value] of Object.entries(before)) {
      if (value === undefined) {
        delete process.env[name];
      } else {
        process.env[name] = value;
      }
    }
  }
}

/** The catalog of a bench, with a builder that has git. */
async function catalogOf(bench: Bench) {
  const { services } = workbench;
  const { builderWithGit, ...images } = await ensureLocalBaseImages(['builderWithGit', 'static'], {
    registry: services.registry,
    stateDirectory,
    progress: () => {},
  });
  const catalog = writeRunCatalog({
    from: join(root, 'catalog'),
    to: join(bench.directory, 'catalog'),
    overlay: {
      bases: { ...images, builder: builderWithGit },
      registry: services.registry,
      ledger: `file://${bench.ledger}`,
    },
    extraService: bench.serviceFile,
  });
  return { catalog, service: requireService(catalog, 'shop') };
}

test('a local run releases a service with a private module, names the credential that it uses, and leaves it nowhere', async () => {
  const bench = open();
  const netrc = join(directory, 'netrc');
  try {
    const result = await runWith(bench, netrc);
    expect(result.failed).toBeUndefined();
    expect(result).toMatchObject({ verdict: 'passed', signed: true });
    expect(Object.keys(result.promoted)).toEqual(['dev', 'prod']);
    expect(bench.notes).toContain(`private modules: using the credential of ${netrc} for ${address}`);
    expect(bench.notes.join('\n')).not.toContain(login.password);
    // The search finds the source of the module: the cache of the daemon has it.
    expect(filesWith(stateDirectory, [sourceMarker], started).length).toBeGreaterThan(0);
    expect(filesWith(stateDirectory, credential, started)).toEqual([]);
    expect(filesWith(bench.directory, credential, started)).toEqual([]);
  } finally {
    bench.dispose();
  }
});

test('a build on AWS reads the secret, exports no private source to the cache, and leaves the credential nowhere', async () => {
  const aws = new FakeGitHub();
  await aws.start();
  aws.secret = `machine ${address} login ${login.login} password ${login.password}\n`;
  const bench = open({ credential: { kind: 'netrc', secret: 'storefront/modules' } });
  const lines: string[] = [];
  const reporter = {
    ...silentReporter,
    note: (text: string) => lines.push(text),
    progress: (text: string) => lines.push(text),
  };
  try {
    const { catalog, service } = await catalogOf(bench);
    const credentials = async () => ({ accessKeyId: 'AKID', secretAccessKey: 'secret' });
    const api = { region: 'eu-west-1', endpoint: aws.url, credentials };
    const caches = imageRepository(`${workbench.services.registry}/private/cache/${randomUUID()}`);
    const release = await build({
      platform: catalog.platform,
      service,
      source: bench.source,
      commit: commitSha('a'.repeat(40)),
      ref: branchRef('main'),
      repository: serviceNames(catalog.platform, service.name).imageRepository,
      cacheRepository: caches,
      buildkit: workbench.services.buildkit,
      hostNetwork: true,
      openModules: () => openModuleAccess({ service, from: 'secret', aws: async () => api, now: new Date(), reporter }),
      binariesDirectory: join(bench.directory, 'binaries'),
      reporter,
    });
    expect(lines).toContain(`private modules: using the secret storefront/modules for ${address}`);
    expect(lines.join('\n')).not.toContain(login.password);
    expect(JSON.stringify(release)).not.toContain(login.password);
    const registry = join(stateDirectory, 'registry');
    // The search reads layers: the program is in one, with its text.
    expect(filesWith(registry, ['greetings of a private module'], started).length).toBeGreaterThan(0);
    expect(filesWith(registry, [sourceMarker, ...credential], started)).toEqual([]);
    expect(filesWith(stateDirectory, credential, started)).toEqual([]);
  } finally {
    bench.dispose();
    await aws.stop();
  }
});

describe('a private module that cannot be downloaded', () => {
  /** Builds with a netrc file, and returns the error. */
  async function failure(netrc: string | undefined, modules: object = {}, source?: (go: string) => string) {
    const bench = open(modules);
    if (source !== undefined) {
      // Another version is not in the cache of the daemon.
      for (const file of ['go.mod', 'go.sum']) {
        const path = join(bench.source, file);
        writeFileSync(path, source(readFileSync(path, 'utf8')));
      }
    }
    try {
      const { catalog, service } = await catalogOf(bench);
      const access = { modules: service.build.modules as NonNullable<typeof service.build.modules> };
      return await build({
        platform: catalog.platform,
        service,
        source: bench.source,
        commit: commitSha('a'.repeat(40)),
        ref: branchRef('main'),
        repository: serviceNames(catalog.platform, service.name).imageRepository,
        buildkit: workbench.services.buildkit,
        hostNetwork: true,
        openModules: async () =>
          netrc === undefined ? access : { ...access, netrc, origin: 'the secret storefront/modules' },
        binariesDirectory: join(bench.directory, 'binaries'),
        reporter: silentReporter,
      }).catch((error: unknown) => error);
    } finally {
      bench.dispose();
    }
  }

  const otherVersion = (text: string) => text.replaceAll('v1.2.3', 'v1.2.4');

  test('for want of a login: the error names the module and where the login belongs', async () => {
    expect(await failure(undefined, {}, otherVersion)).toMatchObject({
      code: 'module-unavailable',
      exitCode: 3,
      message: expect.stringMatching(
        new RegExp(
          `cannot download ${address}/acme/greet@v1\\.2\\.4: ${address} refuses the download without a login[^]*set build\\.modules\\.credential for AWS`,
        ),
      ),
    });
  });

  test('with a wrong login: the error names the credential, and does not show it', async () => {
    const wrong = `wrong-${randomUUID()}`;
    const error = await failure(`machine ${address} login me password ${wrong}\n`, {}, otherVersion);
    expect(error).toMatchObject({
      code: 'module-unavailable',
      exitCode: 3,
      message: expect.stringMatching(/Check that the secret storefront\/modules has a login for 127\.13\.0\.1/),
    });
    expect(String(error)).not.toContain(wrong);
  });

  test('of an unknown authority: the error asks for the authority', async () => {
    const netrc = readFileSync(join(directory, 'netrc'), 'utf8');
    expect(await failure(netrc, { ca: undefined }, otherVersion)).toMatchObject({
      code: 'module-unavailable',
      exitCode: 3,
      message: expect.stringContaining('Set build.modules.ca to the certificate of its authority'),
    });
  });

  test('in a version that does not exist: the error is not about access', async () => {
    const netrc = readFileSync(join(directory, 'netrc'), 'utf8');
    expect(await failure(netrc, {}, otherVersion)).toMatchObject({
      code: 'module-unavailable',
      exitCode: 3,
      message: expect.stringContaining('has no such version'),
    });
  });
});
