import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describeProblem, parseCatalog } from '../../lib/catalog';

const root = join(__dirname, '..', '..');
const platform = readFileSync(join(root, 'catalog/platform.yaml'), 'utf8');
const service = (name: string, more = '') => `version: 1
name: ${name}
team: storefront
source: { repository: acme/${name} }
${more}`;

/** Every problem as `file:line:column path (code)`. */
function codesOf(services: Readonly<Record<string, string>>, platformText = platform, risks?: string) {
  const result = parseCatalog(
    { file: 'platform.yaml', text: platformText },
    Object.entries(services).map(([file, text]) => ({ file, text })),
    risks === undefined ? undefined : { file: 'accepted-risks.yaml', text: risks },
  );
  return result.ok
    ? []
    : result.problems.map(({ file, line, column, path, code }) => `${file}:${line}:${column} ${path} (${code})`);
}

function sentencesOf(services: Readonly<Record<string, string>>) {
  const result = parseCatalog(
    { file: 'platform.yaml', text: platform },
    Object.entries(services).map(([file, text]) => ({ file, text })),
  );
  return result.ok ? [] : result.problems.map(describeProblem);
}

test('mistakes of form hide no mistakes of meaning, in the same file or in another', () => {
  const spoiled = service(
    'a',
    `build: { cgo: true, base: scratch }
prot: 8080
environments:
  dev: { memory: 2Gb }
  production: { replicas: 1 }
`,
  );
  const other = service('a', 'network: { from: [nobody] }\n');
  expect(codesOf({ 'a.yaml': spoiled, 'b.yaml': other })).toEqual([
    'a.yaml:5:27 build.base (cgo-on-scratch)',
    'a.yaml:6:1 prot (unknown-key)',
    'a.yaml:8:18 environments.dev.memory (wrong-value)',
    'a.yaml:9:3 environments.production (unknown-environment)',
    'b.yaml:2:7 name (duplicate-service)',
    'b.yaml:5:19 network.from.0 (unknown-peer)',
  ]);
});

test('mistakes of the platform hide none of its own and none of a service', () => {
  const spoiled = `${platform
    .replace('after: approval', 'after: never')
    .replace('name: prod', 'name: dev')
    .replace(/ {2}connection: .*/, '  provider: github')}signingKeys: { prodution: [1] }\n`;
  const codes = codesOf({ 'a.yaml': service('a', 'environments: { test: {} }\n') }, spoiled);
  expect(codes.map((line) => line.replace(/^(\S+?):\S+ /, '$1 '))).toEqual([
    'a.yaml environments.test (unknown-environment)',
    'platform.yaml source (no-connection)',
    'platform.yaml environments.1.name (duplicate-environment)',
    'platform.yaml environments.1.after (wrong-value)',
    'platform.yaml signingKeys.prodution (unknown-class)',
  ]);
});

test('a key that stands twice and an alias hide nothing else', () => {
  const twice = service(
    'a',
    'port: 80\nport: 8080\nbuild: { cgo: true, base: scratch }\nagent: *yes\nenvironments: { tset: {} }\n',
  );
  expect(codesOf({ 'a.yaml': twice })).toEqual([
    'a.yaml:5:7 port (wrong-value)',
    'a.yaml:6:1 port (duplicate-key)',
    'a.yaml:7:27 build.base (cgo-on-scratch)',
    'a.yaml:8:8 agent (alias)',
    'a.yaml:9:17 environments.tset (unknown-environment)',
  ]);
});

test('a wrong entry of a list hides nothing of the others, whose places stay what they are', () => {
  const listed = service(
    'a',
    `network: { from: [Bad_Name, nobody], to: [{ service: a, port: 1 }, { service: gone }] }
rollback: { steps: [10, many, 5] }
build: { cgo: true, platforms: [linux/amd46, linux/arm64], binaries: [plan9/mips, windows/amd64] }
`,
  );
  expect(codesOf({ 'a.yaml': listed }).map((line) => line.replace(/^\S+ /, ''))).toEqual([
    'network.from.0 (wrong-value)',
    'network.from.1 (unknown-peer)',
    'network.to.0.port (unknown-key)',
    'network.to.1.service (unknown-peer)',
    'rollback.steps (steps-not-rising)',
    'rollback.steps.1 (wrong-value)',
    'build.platforms (cgo-platform)',
    'build.platforms.0 (wrong-value)',
    'build.binaries (cgo-binaries)',
    'build.binaries.0 (wrong-value)',
  ]);
});

test('a name is wrong whatever is wrong with what stands below it', () => {
  const codes = codesOf({
    'a.yaml': service('a', 'environments:\n  production:\n  dev: { settings: { PORT: [1] } }\n'),
  });
  expect(codes).toEqual([
    'a.yaml:6:3 environments.production (unknown-environment)',
    'a.yaml:6:14 environments.production (wrong-value)',
    'a.yaml:7:22 environments.dev.settings.PORT (reserved-variable)',
    'a.yaml:7:28 environments.dev.settings.PORT (wrong-value)',
  ]);
});

describe('nothing is said that only follows from a mistake that is said already:', () => {
  test.each([
    ['a misspelt key is not missing, too', service('a').replace('team:', 'taem:'), ['taem (unknown-key)']],
    [
      'a misspelt build.cgo is not taken for false',
      service('a', 'build: { cgoo: true, linkFlags: [-linkmode=external] }'),
      ['build.cgoo (unknown-key)'],
    ],
    [
      'a wrong build.cgo is not taken for false',
      service('a', 'build: { cgo: yes please, linkFlags: [-linkmode=external] }'),
      ['build.cgo (wrong-value)'],
    ],
    [
      'a build.cgo that is said twice is neither true nor false',
      service('a', 'build: { cgo: true, base: scratch, cgo: false, linkFlags: [-linkmode=external] }'),
      ['build.cgo (duplicate-key)'],
    ],
    [
      "wrong replicas are not taken for the environment's",
      service('a', 'environments: { prod: { replicas: two, maxReplicas: 2 } }'),
      ['environments.prod.replicas (wrong-value)'],
    ],
    [
      "misspelt replicas are not taken for the environment's",
      service('a', 'environments: { prod: { replcas: 2, maxReplicas: 2 } }'),
      ['environments.prod.replcas (unknown-key)'],
    ],
    [
      'a whole group of another form is one mistake',
      service('a', 'build: [cgo]\nenvironments: 5\nnetwork: all'),
      ['build (wrong-value)', 'environments (wrong-value)', 'network (wrong-value)'],
    ],
  ])('%s', (_, text, expected) => {
    expect(codesOf({ 'a.yaml': text }).map((line) => line.replace(/^\S+ /, ''))).toEqual(expected);
  });

  test('a peer is not unknown whose own file is wrong elsewhere, is no YAML, or misspells its name', () => {
    const caller = service('caller', 'network: { from: [orders, search, hello-world] }');
    expect(
      codesOf({
        'caller.yaml': caller,
        'a.yaml': service('orders', 'prot: 1'),
        'b.yaml': service('search', 'build: [1'),
        'c.yaml': service('Hello_World'),
      }).map((line) => line.replace(/:\S+/, '')),
    ).toEqual(['a.yaml prot (unknown-key)', 'b.yaml  (not-yaml)', 'c.yaml name (wrong-value)']);
  });

  test('a peer is unknown whatever file has no name at all, unless the file is called like it', () => {
    const nameless = service('a').replace('name: a\n', '');
    const caller = service('caller', 'network: { from: [undefine, orders] }');
    expect(codesOf({ 'caller.yaml': caller, 'orders.yaml': nameless }).map((line) => line.replace(/:\S+/, ''))).toEqual(
      ['caller.yaml network.from.0 (unknown-peer)', 'orders.yaml name (missing-key)'],
    );
  });

  test.each([
    ['the platform is no YAML', 'environments: ['],
    ['its environments are misspelt', platform.replace('\nenvironments:', '\nenviroments:')],
    ['its environments are no list', platform.replace(/\nenvironments:[\s\S]*/, '\nenvironments: {}\n')],
    ['the name of one is wrong', platform.replace('name: prod', 'name: Production')],
    ['the name of one is misspelt', platform.replace('name: prod', 'nam: production')],
  ])('an environment is not unknown where %s', (_, text) => {
    const codes = codesOf({ 'a.yaml': service('a', 'environments: { production: {} }') }, text);
    expect(codes).toHaveLength(1);
    expect(codes[0]).toMatch(/^platform\.yaml/);
  });

  test.each([
    ['a wrong connection is not absent', platform.replace(/connection: .*/, 'connection: mine'), 'source.connection'],
    [
      'a wrong credential is not absent',
      platform.replace('appId: "123456"', 'appId: mine').replace('ledger:\n', 'ledger:\n  write: pull-request\n'),
      'ledger.credential.appId',
    ],
    [
      'a wrong builder with musl is not absent',
      platform.replace('bases:\n', 'bases:\n  builderMusl: golang\n'),
      'bases.builderMusl',
    ],
  ])('%s', (_, text, path) => {
    const cgo = service('a', 'build: { cgo: true, base: alpine }');
    expect(codesOf({ 'a.yaml': cgo }, text)).toEqual(
      expect.arrayContaining([expect.stringContaining(` ${path} (wrong-value)`)]),
    );
    expect(codesOf({ 'a.yaml': cgo }, text).filter((line) => line.startsWith('platform.yaml'))).toHaveLength(1);
  });
});

test('a risk of an unknown service is said beside all other mistakes', () => {
  const risks = `version: 1
risks:
  - { id: CVE-2024-45338, package: x, service: helo, reason: it is never called here, owner: me, expires: soon }
  - { id: CVE-2024-45338, package: x, service: helo, reason: short, owner: me, expires: 2027-01-31 }
`;
  expect(
    codesOf({ 'a.yaml': service('hello', 'prot: 1') }, platform, risks).map((line) => line.replace(/:\S+/, '')),
  ).toEqual([
    'a.yaml prot (unknown-key)',
    'accepted-risks.yaml risks.0.service (unknown-service)',
    'accepted-risks.yaml risks.0.expires (wrong-value)',
    'accepted-risks.yaml risks.1.id (duplicate-risk)',
    'accepted-risks.yaml risks.1.service (unknown-service)',
    'accepted-risks.yaml risks.1.reason (wrong-value)',
  ]);
});

test('a key that a choice does not know is told with what this choice takes', () => {
  expect(sentencesOf({ 'a.yaml': service('a', 'network: { to: [{ service: a, port: 1 }] }') })).toEqual([
    'a.yaml:5:31 network.to.0.port: found "port", expected service alone',
  ]);
});

test('every mistake that a file has alone it has beside any others', () => {
  const mistakes = [
    ['build', 'build: { cgo: true, base: scratch }', 'cgo-on-scratch'],
    ['port', 'port: 80', 'wrong-value'],
    ['prot', 'prot: 8080', 'unknown-key'],
    ['environments', 'environments: { tset: { memory: 2Gb }, prod: { maxReplicas: 2 } }', 'unknown-environment'],
    ['network', 'network: { from: [nobody] }', 'unknown-peer'],
    ['rollback', 'rollback: { budget: soon, steps: [10, 5] }', 'steps-not-rising'],
    ['kind', 'kind: worker', 'wrong-value'],
  ] as const;
  const alone = new Map(
    mistakes.map(([key, text]) => [
      key,
      codesOf({ 'a.yaml': service('a', text) }).map((line) => line.replace(/^\S+ /, '')),
    ]),
  );
  expect([...alone.values()].every((found) => found.length > 0)).toBe(true);
  fc.assert(
    fc.property(fc.subarray([...mistakes]), (chosen) => {
      const found = codesOf({ 'a.yaml': service('a', chosen.map(([, text]) => text).join('\n')) });
      const expected = chosen.flatMap(([key]) => alone.get(key) ?? []);
      expect(found.map((line) => line.replace(/^\S+ /, '')).sort()).toEqual([...expected].sort());
    }),
    { numRuns: 100 },
  );
});
