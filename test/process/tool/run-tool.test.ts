import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { mustRunTool, runTool, type ToolInvocation, toolEnvironment } from '../../../lib/process';
import { dockerCredentials } from '../../../lib/process/tool/docker-credentials';

/** What a tool sees. */
interface Surroundings {
  readonly environment: Readonly<Record<string, string>>;
  readonly directory: string;
  readonly files: Readonly<Record<'work' | 'home' | 'temporary' | 'configuration', readonly string[]>>;
}

const script = `
const { readdirSync } = require('node:fs');
const { dirname, join } = require('node:path');
const top = dirname(process.env.HOME);
const files = Object.fromEntries([['work', 'work'], ['home', 'home'], ['temporary', 'tmp'], ['configuration', 'configuration']]
  .map(([name, folder]) => [name, readdirSync(join(top, folder), { recursive: true }).sort()]));
console.log(JSON.stringify({ environment: process.env, directory: process.cwd(), files }));
`;

async function surroundings(more: Partial<ToolInvocation> = {}): Promise<Surroundings> {
  const { stdout } = await mustRunTool({
    program: process.execPath,
    arguments: ['-e', script],
    timeoutSeconds: 60,
    ...more,
  });
  return JSON.parse(stdout) as Surroundings;
}

let home: string;
const before = { ...process.env };
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'bowline-test-'));
  process.env.HOME = home;
});
afterEach(() => {
  process.env = { ...before };
  // `go env` leaves a process that counts its use there.
  rmSync(home, { recursive: true, force: true, maxRetries: 10 });
});

/** Variables by which somebody could configure the tools, or start something in their place. */
const hostile: Readonly<Record<string, string>> = {
  GRYPE_CONFIG: '/hostile',
  GRYPE_ONLY_FIXED: 'true',
  SYFT_EXCLUDE: '/hello',
  TRIVY_IGNOREFILE: '/hostile',
  TRIVY_SEVERITY: 'CRITICAL',
  CKV_FRAMEWORK: 'none',
  BC_API_KEY: 'hostile',
  COSIGN_REPOSITORY: 'registry.example.com/other',
  SIGSTORE_ROOT_FILE: '/hostile',
  TUF_ROOT: '/hostile',
  DOCKER_AUTH_CONFIG: '{}',
  EXPERIMENTAL_BUILDKIT_SOURCE_POLICY: '/hostile',
  BUILDKIT_HOST: 'unix:///hostile',
  OTEL_EXPORTER_OTLP_ENDPOINT: 'http://hostile',
  GOFLAGS: '-toolexec=/hostile',
  GOOS: 'plan9',
  GOENV: '/hostile',
  GOPACKAGESDRIVER: '/hostile',
  GODEBUG: 'x509sha1=1',
  GIT_CONFIG_GLOBAL: '/hostile',
  GIT_SSH_COMMAND: '/hostile',
  PYTHONPATH: '/hostile',
  NODE_OPTIONS: '--require=/hostile',
  LD_PRELOAD: '/hostile',
  LD_LIBRARY_PATH: '/hostile',
  XDG_CONFIG_HOME: '/hostile',
  SECRET: 'hostile',
};

test('a tool runs in empty folders of its own, and they are gone afterwards', async () => {
  const { directory, environment, files } = await surroundings();
  expect(files).toEqual({ work: [], home: [], temporary: [], configuration: [] });
  expect(environment.HOME).not.toBe(home);
  expect(environment.XDG_CONFIG_HOME?.startsWith(`${environment.HOME}/`)).toBe(true);
  expect(directory).toMatch(/\/bowline-tool-\w+\/work$/);
  expect(existsSync(directory)).toBe(false);
});

test('no variable that is not allowed reaches a tool, whatever it may use', async () => {
  const { NODE_OPTIONS: _, ...settable } = hostile;
  Object.assign(process.env, settable);
  const { environment } = await surroundings({ access: ['registry', 'signing-key', 'go-modules'] });
  expect(Object.values(environment).filter((value) => value.includes('hostile'))).toEqual([]);
  expect(environment).toMatchObject({ GOENV: 'off', GOFLAGS: '', GOWORK: 'off', GOPACKAGESDRIVER: 'off' });
});

test('the telemetry of Go is off for a tool, so that no process outlives it to count its use', async () => {
  const { stdout } = await mustRunTool({
    program: 'go',
    access: ['go-modules'],
    arguments: ['env', 'GOTELEMETRY'],
    timeoutSeconds: 60,
  });
  expect(stdout.trim()).toBe('off');
});

test('only variables of the network, and those of what a tool may use, are allowed', () => {
  const folders = { work: '/w', home: '/h', temporary: '/t', configuration: '/c' };
  const known = fc.constantFrom(
    ...Object.keys(hostile),
    'AWS_PROFILE',
    'HTTPS_PROXY',
    'PATH_X',
    'XPATH',
    'COSIGN_PASSWORD',
  );
  fc.assert(
    fc.property(fc.oneof(known, fc.stringMatching(/^[A-Z_]{1,20}$/)), (name) => {
      const environment = toolEnvironment([], folders, { [name]: 'from outside' });
      const reaches = environment[name] === 'from outside';
      expect(reaches).toBe(/^(?:SSL_CERT_(?:FILE|DIR)|(?:HTTPS?|ALL|NO)_PROXY)$/.test(name));
    }),
    { numRuns: 500 },
  );
});

test('programs are found in absolute folders of PATH alone', () => {
  const folders = { work: '/w', home: '/h', temporary: '/t', configuration: '/c' };
  const path = ':/usr/bin:.:node_modules/.bin::/bin:';
  expect(toolEnvironment([], folders, { PATH: path }).PATH).toBe('/usr/bin:/bin');
});

test('AWS credentials reach only tools that may use AWS', async () => {
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'id', COSIGN_PASSWORD: 'password', AWS_ENDPOINT_URL_S3: 'hostile' });
  const withAccess = (access: ToolInvocation['access']) => surroundings({ access }).then((seen) => seen.environment);
  expect(await withAccess([])).not.toHaveProperty('AWS_ACCESS_KEY_ID');
  expect(await withAccess(['go-modules'])).not.toHaveProperty('AWS_ACCESS_KEY_ID');
  expect(await withAccess(['registry'])).toMatchObject({ AWS_ACCESS_KEY_ID: 'id' });
  expect(await withAccess(['registry'])).not.toHaveProperty('COSIGN_PASSWORD');
  const signer = await withAccess(['signing-key']);
  expect(signer).toMatchObject({ AWS_ACCESS_KEY_ID: 'id', COSIGN_PASSWORD: 'password' });
  expect(signer).not.toHaveProperty('AWS_ENDPOINT_URL_S3');
});

test("of Docker's configuration, a tool gets the logins alone", async () => {
  mkdirSync(join(home, '.docker'));
  const login = { auths: { 'registry.example.com': { auth: 'x' } }, credHelpers: { 'ecr.example.com': 'ecr-login' } };
  const more = { proxies: { default: { httpProxy: 'http://hostile' } }, HttpHeaders: { a: 'b' }, credsStore: 'pass' };
  writeFileSync(join(home, '.docker', 'config.json'), JSON.stringify({ ...login, ...more }));
  expect(JSON.parse(dockerCredentials())).toEqual({ ...login, credsStore: 'pass' });
  const { environment, files } = await surroundings({ access: ['registry'] });
  expect(environment.DOCKER_CONFIG).toMatch(/\/configuration\/docker$/);
  expect(files.configuration).toEqual(['docker', 'docker/config.json']);
  process.env.DOCKER_CONFIG = join(home, 'none');
  expect(JSON.parse(dockerCredentials())).toEqual({});
});

test('a tool gets the files and variables of its call', async () => {
  const seen = await surroundings({
    configuration: { 'tool.yaml': '{}' },
    home: { '.netrc': 'machine a' },
    variables: { GOOS: 'windows' },
    directory: home,
  });
  expect(seen).toMatchObject({
    directory: home,
    environment: { GOOS: 'windows' },
    files: { configuration: ['tool.yaml'], home: ['.netrc'] },
  });
});

test('its folders are gone after a failure, too', async () => {
  const { exitCode, stderr } = await runTool({
    program: 'sh',
    arguments: ['-c', 'pwd >&2; exit 3'],
    timeoutSeconds: 60,
  });
  expect(exitCode).toBe(3);
  expect(stderr).toMatch(/bowline-tool-/);
  expect(existsSync(stderr.trim())).toBe(false);
  await expect(mustRunTool({ program: 'false', arguments: [], timeoutSeconds: 60 })).rejects.toThrow(/^false ended/);
});
