import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describeProblem, jsonSchemas, loadCatalog, parseCatalog, servicesInEnvironments } from '../../lib/catalog';

const root = join(__dirname, '..', '..');
const platform = { file: 'catalog/platform.yaml', text: readFileSync(join(root, 'catalog/platform.yaml'), 'utf8') };
const hello = readFileSync(join(root, 'catalog/services/hello.yaml'), 'utf8');

function problemsOf(...services: string[]): readonly string[] {
  const result = parseCatalog(
    platform,
    services.map((text, index) => ({ file: `catalog/services/${index}.yaml`, text })),
  );
  return result.ok ? [] : result.problems.map(describeProblem);
}

test('the example catalog has no mistakes', () => {
  expect(problemsOf(hello)).toEqual([]);
});

test('a service in under ten lines is enough', () => {
  expect(hello.trim().split('\n').length).toBeLessThan(10);
  const [dev, prod] = servicesInEnvironments(loadCatalog(join(root, 'catalog')));
  expect(dev).toMatchObject({ environment: 'dev', replicas: 1, memory: '512Mi' });
  expect(prod).toMatchObject({ environment: 'prod', replicas: 3, memory: '2Gi' });
});

test('mistakes of every kind are located errors, in one go', () => {
  const spoiled = `version: 1
name: Hello_World
team: storefront
source: { repository: /hello }
build:
  main: ../outside
  cgo: true
  base: scrach
  plattforms: [linux/amd64]
prot: 8080
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
prot: 8080
network: { from: [helo], to: [{ service: nobody }] }
rollback: { budget: 60, steps: [10, 5] }
environments:
  dev: { memory: 2Gb, settings: { PORT: 1, A: x }, secrets: { A: { name: s, key: k } } }
  dev: { replicas: 2 }
  prod: { replicas: 3, maxReplicas: 2 }
  production: { cpu: lots }
`;
  const problems = problemsOf(spoiled, hello, combined);
  expect(problems).toEqual([
    'catalog/services/0.yaml:2:7 name: found "Hello_World", expected a name in lower case: letters, digits and "-", beginning with a letter',
    'catalog/services/0.yaml:4:23 source.repository: found "/hello", expected owner/repository',
    'catalog/services/0.yaml:6:9 build.main: found "../outside", expected a path inside the source such as ./cmd/hello, without ".."',
    'catalog/services/0.yaml:8:9 build.base: found "scrach", expected "scratch", "alpine" or "distroless" (did you mean scratch?)',
    expect.stringMatching(
      /^catalog\/services\/0\.yaml:9:3 build\.plattforms: found "plattforms", expected one of .* \(did you mean platforms\?\)$/,
    ),
    expect.stringMatching(
      /^catalog\/services\/0\.yaml:10:1 prot: found "prot", expected one of .* \(did you mean port\?\)$/,
    ),
    'catalog/services/0.yaml:11:7 port: found 80, expected a port from 1024 (the service runs without root rights)',
    'catalog/services/0.yaml:12:26 objectives.errorRate: found 1, expected text',
    'catalog/services/0.yaml:12:34 objectives.p99: found 500, expected text',
    'catalog/services/0.yaml:14:18 environments.dev.memory: found "2Gb", expected memory with a binary unit Ki, Mi or Gi, such as 512Mi (did you mean 2Gi?)',
    'catalog/services/0.yaml:14:33 environments.dev.replicas: found 0, expected at least 1 replica',
    'catalog/services/2.yaml:2:7 name: found "hello", expected a name of its own (catalog/services/1.yaml has this one)',
    'catalog/services/2.yaml:4:23 source.repository: found "hello", expected owner/repository',
    'catalog/services/2.yaml:5:27 build.base: found "scratch", expected distroless or alpine: with cgo the binary needs a C library, and scratch has none',
    'catalog/services/2.yaml:5:46 build.binaries: found ["windows/amd64"], expected no plain binaries: with cgo they would need a C compiler for each platform',
    expect.stringMatching(/^catalog\/services\/2\.yaml:6:1 prot: found "prot", .* \(did you mean port\?\)$/),
    'catalog/services/2.yaml:7:19 network.from.0: found "helo", expected a service of the catalog (did you mean hello?)',
    'catalog/services/2.yaml:7:42 network.to.0.service: found "nobody", expected a service of the catalog',
    'catalog/services/2.yaml:8:21 rollback.budget: found 60, expected text',
    'catalog/services/2.yaml:8:32 rollback.steps: found [10,5], expected weights that rise, such as [5, 10, 25, 50]',
    'catalog/services/2.yaml:10:18 environments.dev.memory: found "2Gb", expected memory with a binary unit Ki, Mi or Gi, such as 512Mi (did you mean 2Gi?)',
    'catalog/services/2.yaml:10:35 environments.dev.settings.PORT: found "PORT", expected another name: Bowline sets this one itself',
    'catalog/services/2.yaml:10:63 environments.dev.secrets.A: found "A", expected a name that settings does not use too',
    'catalog/services/2.yaml:11:3 environments.dev: expected every key once',
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
    /build\.base: found "scratch", expected distroless or alpine: with cgo/,
  ],
  ['cgo for a second platform', '\nbuild: { cgo: true, platforms: [linux/arm64] }', /expected linux\/amd64 alone/],
  ['plain binaries with cgo', '\nbuild: { cgo: true, binaries: [windows/amd64] }', /expected no plain binaries/],
  [
    'debugging tools on scratch',
    '\nbuild: { debugTools: true, base: scratch }',
    /expected alpine, since debugging tools/,
  ],
  [
    'external linking without cgo',
    '\nbuild: { linkFlags: [-linkmode=external] }',
    /no external linking without build\.cgo/,
  ],
  ['steps that do not rise', '\nrollback: { steps: [10, 5] }', /expected weights that rise/],
  [
    'a setting that is a secret too',
    '\nenvironments: { dev: { settings: { A: x }, secrets: { A: { name: s, key: k } } } }',
    /expected a name that settings does not use too/,
  ],
  ['a reserved variable', '\nenvironments: { dev: { settings: { PORT: "1" } } }', /Bowline sets this one itself/],
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
    'a setting that is nothing',
    '\nenvironments: { dev: { settings: { A: null } } }',
    /settings\.A: found null, expected text, a number, or true or false/,
  ],
  [
    'a setting that is a group',
    '\nenvironments: { dev: { settings: { A: { x: 1 } } } }',
    /settings\.A: found \{"x":1\}, expected text, a number, or true or false/,
  ],
  ['a setting that is a list', '\nenvironments: { dev: { settings: { A: [1] } } }', /settings\.A: found \[1\]/],
  [
    'a number that would lose its zero',
    '\nenvironments: { dev: { settings: { VERSION: 1.10 } } }',
    /settings\.VERSION: found 1\.10, expected "1\.10" in quotation marks: without them the service is given 1\.1/,
  ],
  [
    'a number that is too long for one',
    '\nenvironments: { dev: { settings: { ID: 12345678901234567890 } } }',
    /expected "12345678901234567890" in quotation marks/,
  ],
  ['a truth in capitals', '\nenvironments: { dev: { settings: { DEBUG: True } } }', /found True, expected "True"/],
  [
    'a platform that stands twice',
    '\nbuild: { platforms: [linux/amd64, linux/amd64] }',
    /build\.platforms\.1: found "linux\/amd64", expected every platform once/,
  ],
  [
    'a binary that stands twice',
    '\nbuild: { binaries: [darwin/arm64, linux/arm, darwin/arm64] }',
    /build\.binaries\.2: found "darwin\/arm64", expected every platform once/,
  ],
  ['a worker', '\nkind: worker', /kind: found "worker", expected "http": workers and scheduled jobs have no rollout/],
  [
    'a budget that is no duration',
    '\nrollback: { budget: soon }',
    /rollback\.budget: found "soon", expected a duration/,
  ],
  ['a budget in bare seconds', '\nrollback: { budget: 60 }', /rollback\.budget: found 60, expected text/],
  [
    'a setting with a bad name',
    '\nenvironments: { dev: { settings: { log-level: x } } }',
    /expected an environment variable in capitals/,
  ],
])('%s is refused in words', (_, addition, expected) => {
  const text = hello.replace(/\nbuild: .*/, '') + addition;
  const problems = problemsOf(text);
  expect(problems).toHaveLength(1);
  expect(problems[0]).toMatch(expected);
  expect(problems[0]).toMatch(/^catalog\/services\/0\.yaml:\d+:\d+ /);
});

test('two services of one name are told apart by their files', () => {
  expect(problemsOf(hello, hello)).toEqual([
    'catalog/services/1.yaml:3:7 name: found "hello", expected a name of its own (catalog/services/0.yaml has this one)',
  ]);
});

test('a duplicate key and broken YAML have a place too', () => {
  expect(problemsOf(`${hello}name: again\n`)[0]).toMatch(
    /^catalog\/services\/0\.yaml:8:1 name: expected every key once/,
  );
  expect(problemsOf('version: [1\n')[0]).toMatch(/^catalog\/services\/0\.yaml:\d+:\d+ expected well-formed YAML/);
});

test('an empty file is a mistake, not a crash', () => {
  expect(problemsOf('')).toHaveLength(1);
});

test('whatever text stands in a service file, the answer is a catalog or located problems', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.string().map((text) => `${hello}\n${text}`),
        fc.json(),
      ),
      (text) => {
        for (const problem of problemsOf(text)) {
          expect(problem).toMatch(/^catalog\/services\/0\.yaml:[1-9]\d*:[1-9]\d* .*expected /s);
        }
      },
    ),
    { numRuns: 300 },
  );
});

test('aliases are refused, so that no small file becomes a huge value', () => {
  const bomb = `a: &a [x,x]\nb: &b [*a,*a]\nc: &c [*b,*b]\n`;
  expect(problemsOf(bomb)).toContain(
    'catalog/services/0.yaml:2:8 b.0: found *a, expected the value itself: aliases are not taken',
  );
});

test.each(Object.entries(jsonSchemas()))('schemas/%s.schema.json is what the catalog checks', (name, text) => {
  expect(readFileSync(join(root, 'schemas', `${name}.schema.json`), 'utf8')).toBe(text);
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
])('%s needs bases that the platform names', (build, base, expected) => {
  const without = { ...platform, text: platform.text.replace(new RegExp(`\\n  ${base}: .*`), '') };
  const service = { file: 'hello.yaml', text: hello.replace(/build: .*/, build) };
  const result = parseCatalog(without, [service]);
  expect(result.ok ? [] : result.problems.map(describeProblem)).toEqual([expect.stringContaining(` ${expected}`)]);
});

test('settings are text, numbers, and true or false, each as it is written', () => {
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

function problemsOfPlatform(text: string): readonly string[] {
  const result = parseCatalog({ file: 'catalog/platform.yaml', text }, []);
  return result.ok ? [] : result.problems.map(describeProblem);
}

test("an environment's default sizes are held against what a service's sizes are", () => {
  const spoiled = platform.text.replace(
    'defaults: { replicas: 1, cpu: 100m, memory: 512Mi }',
    'defaults: { replicas: 0, cpu: lots, memory: 2Gb }',
  );
  expect(problemsOfPlatform(spoiled).map((line) => line.replace(/^\S+ /, ''))).toEqual([
    'environments.0.defaults.replicas: found 0, expected at least 1 replica',
    'environments.0.defaults.cpu: found "lots", expected cores or millicores, such as 250m or 1.5',
    'environments.0.defaults.memory: found "2Gb", expected memory with a binary unit Ki, Mi or Gi, such as 512Mi (did you mean 2Gi?)',
  ]);
});

test('an add-on that stands twice is a mistake', () => {
  expect(problemsOfPlatform(platform.text.replace('addOns: [flagger,', 'addOns: [flagger, flagger,'))).toEqual([
    expect.stringMatching(/delivery\.addOns\.1: found "flagger", expected every add-on once$/),
  ]);
});

test('a host name may hold the team, as its description says', () => {
  const named = platform.text.replace('delivery:\n', 'delivery:\n  hostname: "{service}.{team}.example.com"\n');
  const result = parseCatalog({ ...platform, text: named }, [{ file: 'hello.yaml', text: hello }]);
  expect(result.ok ? servicesInEnvironments(result.catalog)[0]?.hostname : result.problems).toBe(
    'hello.storefront.example.com',
  );
});

test.each([
  ['on another host', 'https://github.com/acme/ledger'],
  ['in another region', 'https://git-codecommit.us-east-1.amazonaws.com/v1/repos/ledger'],
])('a ledger %s is none that promote may write by IAM', (_, repository) => {
  const elsewhere = platform.text.replace(
    /repository: https:\S+\n {2}credential: .*\n/,
    `repository: ${repository}\n  credential: { kind: codecommit }\n`,
  );
  expect(problemsOfPlatform(elsewhere)).toEqual([
    expect.stringMatching(
      /ledger\.repository: found "https:.*, expected with the credential codecommit https:\/\/git-codecommit\.eu-west-1\./,
    ),
  ]);
});

test('promotions as pull requests need a credential that can open them', () => {
  const without = platform.text.replace(
    /repository: https:\S+\n {2}credential: .*\n/,
    'repository: https://git-codecommit.eu-west-1.amazonaws.com/v1/repos/ledger\n  credential: { kind: codecommit }\n  write: pull-request\n',
  );
  const result = parseCatalog({ file: 'catalog/platform.yaml', text: without }, []);
  expect(result.ok ? [] : result.problems.map(describeProblem)).toEqual([
    'catalog/platform.yaml:12:10 ledger.write: found "pull-request", expected a ledger.credential of kind github-app, which can open pull requests; else push',
  ]);
});
