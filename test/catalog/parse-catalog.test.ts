import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describeProblem, jsonSchemas, loadCatalog, parseCatalog, servicesInEnvironments } from '../../lib/catalog';

const root = join(__dirname, '..', '..');
const platform = { file: 'catalog/platform.yaml', text: readFileSync(join(root, 'catalog/platform.yaml'), 'utf8') };
const hello = readFileSync(join(root, 'catalog/services/hello.yaml'), 'utf8');

function validateServices(...services: string[]): readonly string[] {
  const result = parseCatalog(
    platform,
    services.map((text, index) => ({ file: `catalog/services/${index}.yaml`, text })),
  );
  return result.ok ? [] : result.problems.map(describeProblem);
}

test('the example catalog has no errors', () => {
  expect(validateServices(hello)).toEqual([]);
});

test('a service needs fewer than ten lines', () => {
  expect(hello.trim().split('\n').length).toBeLessThan(10);
  const [dev, prod] = servicesInEnvironments(loadCatalog(join(root, 'catalog')));
  expect(dev).toMatchObject({ environment: 'dev', replicas: 1, memory: '512Mi' });
  expect(prod).toMatchObject({ environment: 'prod', replicas: 3, memory: '2Gi' });
});

test('errors of every kind are located and reported together', () => {
  const invalid = `version: 1
name: Hello_World
team: storefront
source: { repository: /hello }
build:
  main: ../outside
  cgo: true
  base: scrach
  plattforms: [linux/amd64]
prt: 8080
port: 80
objectives: { errorRate: 1, p99: 500 }
environments:
  dev: { memory: 2Gb, replicas: 0 }
`;
  const combined = `version: 1
name: hello
team: storefront
source: { repository: hello }
build: { cgo: true, base: scratch, binaries: [windows/amd64] }
prt: 8080
network: { from: [helo], to: [{ service: nobody }] }
rollback: { budget: 60, steps: [10, 5] }
environments:
  dev: { memory: 2Gb, settings: { PORT: 1, A: x }, secrets: { A: { name: s, key: k } } }
  dev: { replicas: 2 }
  prod: { replicas: 3, maxReplicas: 2 }
  production: { cpu: lots }
`;
  const problems = validateServices(invalid, hello, combined);
  expect(problems).toEqual([
    'catalog/services/0.yaml:2:7 name: found "Hello_World", expected a lowercase name that starts with a letter and contains only letters, digits and "-"',
    'catalog/services/0.yaml:4:23 source.repository: found "/hello", expected owner/repository',
    'catalog/services/0.yaml:6:9 build.main: found "../outside", expected a relative path inside the source, such as ./cmd/hello, without ".."',
    'catalog/services/0.yaml:8:9 build.base: found "scrach", expected "scratch", "alpine" or "distroless" (did you mean scratch?)',
    expect.stringMatching(
      /^catalog\/services\/0\.yaml:9:3 build\.plattforms: found "plattforms", expected one of .* \(did you mean platforms\?\)$/,
    ),
    expect.stringMatching(
      /^catalog\/services\/0\.yaml:10:1 prt: found "prt", expected one of .* \(did you mean port\?\)$/,
    ),
    'catalog/services/0.yaml:11:7 port: found 80, expected a port number of at least 1024: the service does not run as root, and only root may open lower ports. Let the service listen on another port, such as 8080; clients still reach it through the Gateway, which listens on 80 or 443',
    'catalog/services/0.yaml:12:26 objectives.errorRate: found 1, expected text',
    'catalog/services/0.yaml:12:34 objectives.p99: found 500, expected text',
    'catalog/services/0.yaml:14:18 environments.dev.memory: found "2Gb", expected memory with a binary unit Ki, Mi or Gi, such as 512Mi (did you mean 2Gi?)',
    'catalog/services/0.yaml:14:33 environments.dev.replicas: found 0, expected at least 1 replica',
    'catalog/services/2.yaml:2:7 name: found "hello", expected a unique name (catalog/services/1.yaml already uses this one)',
    'catalog/services/2.yaml:4:23 source.repository: found "hello", expected owner/repository',
    'catalog/services/2.yaml:5:27 build.base: found "scratch", expected distroless or alpine: a cgo binary needs a C library, which scratch does not contain',
    'catalog/services/2.yaml:5:46 build.binaries: found ["windows/amd64"], expected no binaries: with cgo, each platform needs its own C compiler',
    expect.stringMatching(/^catalog\/services\/2\.yaml:6:1 prt: found "prt", .* \(did you mean port\?\)$/),
    'catalog/services/2.yaml:7:19 network.from.0: found "helo", expected a service of the catalog (did you mean hello?)',
    'catalog/services/2.yaml:7:42 network.to.0.service: found "nobody", expected a service of the catalog',
    'catalog/services/2.yaml:8:21 rollback.budget: found 60, expected text',
    'catalog/services/2.yaml:8:32 rollback.steps: found [10,5], expected ascending weights, such as [5, 10, 25, 50]',
    'catalog/services/2.yaml:10:18 environments.dev.memory: found "2Gb", expected memory with a binary unit Ki, Mi or Gi, such as 512Mi (did you mean 2Gi?)',
    'catalog/services/2.yaml:10:35 environments.dev.settings.PORT: found "PORT", expected another name: Bowline sets this variable',
    'catalog/services/2.yaml:10:63 environments.dev.secrets.A: found "A", expected a name that settings does not use',
    'catalog/services/2.yaml:11:3 environments.dev: expected each key only once',
    'catalog/services/2.yaml:12:37 environments.prod.maxReplicas: found 2, expected at least replicas (3)',
    'catalog/services/2.yaml:13:3 environments.production: found "production", expected one of dev, prod (did you mean prod?)',
    'catalog/services/2.yaml:13:22 environments.production.cpu: found "lots", expected cores or millicores, such as 250m or 1.5',
  ]);
});

test.each([
  [
    'an unknown environment',
    '\nenvironments: { production: {} }',
    /production.*expected one of dev, prod \(did you mean prod\?\)/,
  ],
  [
    'cgo on scratch',
    '\nbuild: { cgo: true, base: scratch }',
    /build\.base: found "scratch", expected distroless or alpine: a cgo binary/,
  ],
  ['cgo for a second platform', '\nbuild: { cgo: true, platforms: [linux/arm64] }', /expected only linux\/amd64/],
  ['binaries with cgo', '\nbuild: { cgo: true, binaries: [windows/amd64] }', /expected no binaries/],
  [
    'debugging tools on scratch',
    '\nbuild: { debugTools: true, base: scratch }',
    /expected alpine: build\.debugTools needs a base with a shell/,
  ],
  [
    'external linking without cgo',
    '\nbuild: { linkFlags: [-linkmode=external] }',
    /no external linking, which requires build\.cgo/,
  ],
  ['steps that do not ascend', '\nrollback: { steps: [10, 5] }', /expected ascending weights/],
  [
    'a variable that is both a setting and a secret',
    '\nenvironments: { dev: { settings: { A: x }, secrets: { A: { name: s, key: k } } } }',
    /expected a name that settings does not use/,
  ],
  ['a reserved variable', '\nenvironments: { dev: { settings: { PORT: "1" } } }', /Bowline sets this variable/],
  [
    'a maximum below the replicas',
    '\nenvironments: { dev: { replicas: 5, maxReplicas: 2 } }',
    /expected at least replicas \(5\)/,
  ],
  [
    "a maximum below the environment's replicas",
    '\nenvironments: { prod: { maxReplicas: 2 } }',
    /maxReplicas: found 2, expected at least replicas \(3, the default of prod in platform\.yaml\)/,
  ],
  [
    'a setting that is null',
    '\nenvironments: { dev: { settings: { A: null } } }',
    /settings\.A: found null, expected text, a number, true or false/,
  ],
  [
    'a setting that is a mapping',
    '\nenvironments: { dev: { settings: { A: { x: 1 } } } }',
    /settings\.A: found \{"x":1\}, expected text, a number, true or false/,
  ],
  ['a setting that is a list', '\nenvironments: { dev: { settings: { A: [1] } } }', /settings\.A: found \[1\]/],
  [
    'a number with a trailing zero',
    '\nenvironments: { dev: { settings: { VERSION: 1.10 } } }',
    /settings\.VERSION: found 1\.10, expected "1\.10" in quotation marks: without them the service receives 1\.1/,
  ],
  [
    'a number that exceeds the precision of a double',
    '\nenvironments: { dev: { settings: { ID: 12345678901234567890 } } }',
    /expected "12345678901234567890" in quotation marks/,
  ],
  ['a capitalized boolean', '\nenvironments: { dev: { settings: { DEBUG: True } } }', /found True, expected "True"/],
  [
    'a duplicate target platform',
    '\nbuild: { platforms: [linux/amd64, linux/amd64] }',
    /build\.platforms\.1: found "linux\/amd64", expected each target platform only once/,
  ],
  [
    'a duplicate binary',
    '\nbuild: { binaries: [darwin/arm64, linux/arm, darwin/arm64] }',
    /build\.binaries\.2: found "darwin\/arm64", expected each target platform only once/,
  ],
  ['a worker', '\nkind: worker', /kind: found "worker", expected "http": Bowline does not support workers/],
  [
    'a budget that is not a duration',
    '\nrollback: { budget: soon }',
    /rollback\.budget: found "soon", expected a duration/,
  ],
  ['a budget without a unit', '\nrollback: { budget: 60 }', /rollback\.budget: found 60, expected text/],
  [
    'a setting with an invalid name',
    '\nenvironments: { dev: { settings: { log-level: x } } }',
    /expected an environment variable in upper case/,
  ],
])('%s is an error with a clear message', (_, addition, expected) => {
  const text = hello.replace(/\nbuild: .*/, '') + addition;
  const problems = validateServices(text);
  expect(problems).toHaveLength(1);
  expect(problems[0]).toMatch(expected);
  expect(problems[0]).toMatch(/^catalog\/services\/0\.yaml:\d+:\d+ /);
});

test('two services with the same name are identified by their files', () => {
  expect(validateServices(hello, hello)).toEqual([
    'catalog/services/1.yaml:3:7 name: found "hello", expected a unique name (catalog/services/0.yaml already uses this one)',
  ]);
});

test('a duplicate key and invalid YAML are located', () => {
  const line = hello.split('\n').length;
  expect(validateServices(`${hello}name: again\n`)[0]).toContain(
    `catalog/services/0.yaml:${line}:1 name: expected each key only once`,
  );
  expect(validateServices('version: [1\n')[0]).toMatch(/^catalog\/services\/0\.yaml:\d+:\d+ expected well-formed YAML/);
});

test('an empty file is an error, not a crash', () => {
  expect(validateServices('')).toHaveLength(1);
});

test('any text in a service file results in a catalog or in located problems', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.string().map((text) => `${hello}\n${text}`),
        fc.json(),
      ),
      (text) => {
        for (const problem of validateServices(text)) {
          expect(problem).toMatch(/^catalog\/services\/0\.yaml:[1-9]\d*:[1-9]\d* .*expected /s);
        }
      },
    ),
    { numRuns: 300 },
  );
});

test('aliases are rejected, so that a small file cannot expand to a huge value', () => {
  const bomb = `a: &a [x,x]\nb: &b [*a,*a]\nc: &c [*b,*b]\n`;
  expect(validateServices(bomb)).toContain(
    'catalog/services/0.yaml:2:8 b.0: found *a, expected the value itself: aliases are not supported',
  );
});

test.each(Object.entries(jsonSchemas()))('schemas/%s.schema.json is up to date', (name, text) => {
  const file = join(root, 'schemas', `${name}.schema.json`);
  if (process.env.BOWLINE_WRITE_GENERATED === '1') {
    writeFileSync(file, text);
  }
  expect(readFileSync(file, 'utf8')).toBe(text);
});

test.each([
  [
    'build: { cgo: true }',
    'glibc',
    'build.cgo: found true, expected false: cgo on distroless needs bases.glibc in platform.yaml',
  ],
  [
    'build: { cgo: true, base: alpine }',
    'alpine',
    'build.base: found "alpine", expected another base: cgo on alpine needs bases.builderMusl and bases.alpine in platform.yaml',
  ],
  [
    'build: { debugTools: true }',
    'alpine',
    'build.debugTools: found true, expected false: alpine needs bases.alpine in platform.yaml',
  ],
])('%s needs bases that the platform sets', (build, base, expected) => {
  const without = { ...platform, text: platform.text.replace(new RegExp(`\\n  ${base}: .*`), '') };
  const service = { file: 'hello.yaml', text: hello.replace(/build: .*/, build) };
  const result = parseCatalog(without, [service]);
  expect(result.ok ? [] : result.problems.map(describeProblem)).toEqual([expect.stringContaining(` ${expected}`)]);
});

test('settings are text, numbers or booleans, and keep the text of the file', () => {
  const settings = '{ LEVEL: debug, POOL: 5, SHARE: 0.25, OFFSET: -3, ON: true, VERSION: "1.10", EMPTY: "" }';
  const result = parseCatalog(platform, [
    { file: 'hello.yaml', text: `${hello}\nenvironments: { dev: { settings: ${settings} } }` },
  ]);
  expect(result.ok ? result.catalog.services[0]?.environments.dev?.settings : result.problems).toEqual({
    LEVEL: 'debug',
    POOL: '5',
    SHARE: '0.25',
    OFFSET: '-3',
    ON: 'true',
    VERSION: '1.10',
    EMPTY: '',
  });
});

function validatePlatformText(text: string): readonly string[] {
  const result = parseCatalog({ file: 'catalog/platform.yaml', text }, []);
  return result.ok ? [] : result.problems.map(describeProblem);
}

test('the default sizes of an environment are checked like the sizes of a service', () => {
  const invalid = platform.text.replace(
    'defaults: { replicas: 1, cpu: 100m, memory: 512Mi }',
    'defaults: { replicas: 0, cpu: lots, memory: 2Gb }',
  );
  expect(validatePlatformText(invalid).map((line) => line.replace(/^\S+ /, ''))).toEqual([
    'environments.0.defaults.replicas: found 0, expected at least 1 replica',
    'environments.0.defaults.cpu: found "lots", expected cores or millicores, such as 250m or 1.5',
    'environments.0.defaults.memory: found "2Gb", expected memory with a binary unit Ki, Mi or Gi, such as 512Mi (did you mean 2Gi?)',
  ]);
});

test('a duplicate add-on is an error', () => {
  expect(validatePlatformText(platform.text.replace('addOns: [flagger,', 'addOns: [flagger, flagger,'))).toEqual([
    expect.stringMatching(/delivery\.addOns\.1: found "flagger", expected each add-on only once$/),
  ]);
});

test('a host name may contain the team, as its description says', () => {
  const named = platform.text.replace('delivery:\n', 'delivery:\n  hostname: "{service}.{team}.example.com"\n');
  const result = parseCatalog({ ...platform, text: named }, [{ file: 'hello.yaml', text: hello }]);
  expect(result.ok ? servicesInEnvironments(result.catalog)[0]?.hostname : result.problems).toBe(
    'hello.storefront.example.com',
  );
});

test.each([
  ['on another host', 'https://github.com/acme/ledger'],
  ['in another region', 'https://git-codecommit.us-east-1.amazonaws.com/v1/repos/ledger'],
])('promote cannot write a ledger %s with an IAM credential', (_, repository) => {
  const elsewhere = platform.text.replace(
    /repository: https:\S+\n {2}credential: .*\n/,
    `repository: ${repository}\n  credential: { kind: codecommit }\n`,
  );
  expect(validatePlatformText(elsewhere)).toEqual([
    expect.stringMatching(
      /ledger\.repository: found "https:.*, expected https:\/\/git-codecommit\.eu-west-1\..* for a credential of kind codecommit$/,
    ),
  ]);
});

test('promotions as pull requests need a credential that can open pull requests', () => {
  const without = platform.text.replace(
    /repository: https:\S+\n {2}credential: .*\n/,
    'repository: https://git-codecommit.eu-west-1.amazonaws.com/v1/repos/ledger\n  credential: { kind: codecommit }\n  write: pull-request\n',
  );
  const result = parseCatalog({ file: 'catalog/platform.yaml', text: without }, []);
  expect(result.ok ? [] : result.problems.map(describeProblem)).toEqual([
    'catalog/platform.yaml:12:10 ledger.write: found "pull-request", expected push, or a ledger.credential of kind github-app, which can open pull requests',
  ]);
});
