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
function listCodes(services: Readonly<Record<string, string>>, platformText = platform, risks?: string) {
  const result = parseCatalog(
    { file: 'platform.yaml', text: platformText },
    Object.entries(services).map(([file, text]) => ({ file, text })),
    risks === undefined ? undefined : { file: 'accepted-risks.yaml', text: risks },
  );
  return result.ok
    ? []
    : result.problems.map(({ file, line, column, path, code }) => `${file}:${line}:${column} ${path} (${code})`);
}

function describeProblems(services: Readonly<Record<string, string>>) {
  const result = parseCatalog(
    { file: 'platform.yaml', text: platform },
    Object.entries(services).map(([file, text]) => ({ file, text })),
  );
  return result.ok ? [] : result.problems.map(describeProblem);
}

test('schema errors do not hide errors across fields or files', () => {
  const invalid = service(
    'a',
    `build: { cgo: true, base: scratch }
prot: 8080
environments:
  dev: { memory: 2Gb }
  production: { replicas: 1 }
`,
  );
  const other = service('a', 'network: { from: [nobody] }\n');
  expect(listCodes({ 'a.yaml': invalid, 'b.yaml': other })).toEqual([
    'a.yaml:5:27 build.base (cgo-on-scratch)',
    'a.yaml:6:1 prot (unknown-key)',
    'a.yaml:8:18 environments.dev.memory (wrong-value)',
    'a.yaml:9:3 environments.production (unknown-environment)',
    'b.yaml:2:7 name (duplicate-service)',
    'b.yaml:5:19 network.from.0 (unknown-peer)',
  ]);
});

test('errors in platform.yaml hide no other errors in platform.yaml or in services', () => {
  const invalid = `${platform
    .replace('after: approval', 'after: never')
    .replace('name: prod', 'name: dev')
    .replace(/ {2}connection: .*/, '  provider: github')}signingKeys: { prodution: [1] }\n`;
  const codes = listCodes({ 'a.yaml': service('a', 'environments: { test: {} }\n') }, invalid);
  expect(codes.map((line) => line.replace(/^(\S+?):\S+ /, '$1 '))).toEqual([
    'a.yaml environments.test (unknown-environment)',
    'platform.yaml source (no-connection)',
    'platform.yaml environments.1.name (duplicate-environment)',
    'platform.yaml environments.1.after (wrong-value)',
    'platform.yaml signingKeys.prodution (unknown-class)',
  ]);
});

test('a duplicate key and an alias hide no other errors', () => {
  const duplicated = service(
    'a',
    'port: 80\nport: 8080\nbuild: { cgo: true, base: scratch }\nagent: *yes\nenvironments: { tset: {} }\n',
  );
  expect(listCodes({ 'a.yaml': duplicated })).toEqual([
    'a.yaml:5:7 port (wrong-value)',
    'a.yaml:6:1 port (duplicate-key)',
    'a.yaml:7:27 build.base (cgo-on-scratch)',
    'a.yaml:8:8 agent (alias)',
    'a.yaml:9:17 environments.tset (unknown-environment)',
  ]);
});

test('an invalid list entry hides no errors in the other entries and does not change their indexes', () => {
  const listed = service(
    'a',
    `network: { from: [Bad_Name, nobody], to: [{ service: a, port: 1 }, { service: gone }] }
rollback: { steps: [10, many, 5] }
build: { cgo: true, platforms: [linux/amd46, linux/arm64], binaries: [plan9/mips, windows/amd64] }
`,
  );
  expect(listCodes({ 'a.yaml': listed }).map((line) => line.replace(/^\S+ /, ''))).toEqual([
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

test('an unknown name is reported even if its value is invalid', () => {
  const codes = listCodes({
    'a.yaml': service('a', 'environments:\n  production:\n  dev: { settings: { PORT: [1] } }\n'),
  });
  expect(codes).toEqual([
    'a.yaml:6:3 environments.production (unknown-environment)',
    'a.yaml:6:14 environments.production (wrong-value)',
    'a.yaml:7:22 environments.dev.settings.PORT (reserved-variable)',
    'a.yaml:7:28 environments.dev.settings.PORT (wrong-value)',
  ]);
});

describe('errors that only follow from another error are not reported:', () => {
  test.each([
    ['a misspelled key is not reported as missing', service('a').replace('team:', 'taem:'), ['taem (unknown-key)']],
    [
      'a misspelled build.cgo does not count as false',
      service('a', 'build: { cgoo: true, linkFlags: [-linkmode=external] }'),
      ['build.cgoo (unknown-key)'],
    ],
    [
      'an invalid build.cgo does not count as false',
      service('a', 'build: { cgo: yes please, linkFlags: [-linkmode=external] }'),
      ['build.cgo (wrong-value)'],
    ],
    [
      'a duplicate build.cgo counts neither as true nor as false',
      service('a', 'build: { cgo: true, base: scratch, cgo: false, linkFlags: [-linkmode=external] }'),
      ['build.cgo (duplicate-key)'],
    ],
    [
      'invalid replicas do not fall back to those of the environment',
      service('a', 'environments: { prod: { replicas: two, maxReplicas: 2 } }'),
      ['environments.prod.replicas (wrong-value)'],
    ],
    [
      'misspelled replicas do not fall back to those of the environment',
      service('a', 'environments: { prod: { replcas: 2, maxReplicas: 2 } }'),
      ['environments.prod.replcas (unknown-key)'],
    ],
    [
      'a group of the wrong type is one error',
      service('a', 'build: [cgo]\nenvironments: 5\nnetwork: all'),
      ['build (wrong-value)', 'environments (wrong-value)', 'network (wrong-value)'],
    ],
  ])('%s', (_, text, expected) => {
    expect(listCodes({ 'a.yaml': text }).map((line) => line.replace(/^\S+ /, ''))).toEqual(expected);
  });

  test('a peer is not unknown if its file has other errors, is not YAML, or has an invalid name', () => {
    const caller = service('caller', 'network: { from: [orders, search, hello-world] }');
    expect(
      listCodes({
        'caller.yaml': caller,
        'a.yaml': service('orders', 'prot: 1'),
        'b.yaml': service('search', 'build: [1'),
        'c.yaml': service('Hello_World'),
      }).map((line) => line.replace(/:\S+/, '')),
    ).toEqual(['a.yaml prot (unknown-key)', 'b.yaml  (not-yaml)', 'c.yaml name (wrong-value)']);
  });

  test('a peer is unknown even if a service file has no name, unless that file is named after the peer', () => {
    const unnamed = service('a').replace('name: a\n', '');
    const caller = service('caller', 'network: { from: [undefine, orders] }');
    expect(
      listCodes({ 'caller.yaml': caller, 'orders.yaml': unnamed }).map((line) => line.replace(/:\S+/, '')),
    ).toEqual(['caller.yaml network.from.0 (unknown-peer)', 'orders.yaml name (missing-key)']);
  });

  test.each([
    ['platform.yaml is not YAML', 'environments: ['],
    ['the key environments is misspelled', platform.replace('\nenvironments:', '\nenviroments:')],
    ['environments is not a list', platform.replace(/\nenvironments:[\s\S]*/, '\nenvironments: {}\n')],
    ['the name of an environment is invalid', platform.replace('name: prod', 'name: Production')],
    ['the key name of an environment is misspelled', platform.replace('name: prod', 'nam: production')],
  ])('an environment is not unknown if %s', (_, text) => {
    const codes = listCodes({ 'a.yaml': service('a', 'environments: { production: {} }') }, text);
    expect(codes).toHaveLength(1);
    expect(codes[0]).toMatch(/^platform\.yaml/);
  });

  test.each([
    [
      'an invalid connection does not count as missing',
      platform.replace(/connection: .*/, 'connection: mine'),
      'source.connection',
    ],
    [
      'an invalid credential does not count as missing',
      platform.replace('appId: "123456"', 'appId: mine').replace('ledger:\n', 'ledger:\n  write: pull-request\n'),
      'ledger.credential.appId',
    ],
    [
      'an invalid musl builder does not count as missing',
      platform.replace('bases:\n', 'bases:\n  builderMusl: golang\n'),
      'bases.builderMusl',
    ],
  ])('%s', (_, text, path) => {
    const cgo = service('a', 'build: { cgo: true, base: alpine }');
    expect(listCodes({ 'a.yaml': cgo }, text)).toEqual(
      expect.arrayContaining([expect.stringContaining(` ${path} (wrong-value)`)]),
    );
    expect(listCodes({ 'a.yaml': cgo }, text).filter((line) => line.startsWith('platform.yaml'))).toHaveLength(1);
  });
});

test('a risk of an unknown service is reported along with all other errors', () => {
  const risks = `version: 1
risks:
  - { id: CVE-2024-45338, package: x, service: helo, reason: it is never called here, owner: me, expires: soon }
  - { id: CVE-2024-45338, package: x, service: helo, reason: short, owner: me, expires: 2027-01-31 }
`;
  expect(
    listCodes({ 'a.yaml': service('hello', 'prot: 1') }, platform, risks).map((line) => line.replace(/:\S+/, '')),
  ).toEqual([
    'a.yaml prot (unknown-key)',
    'accepted-risks.yaml risks.0.service (unknown-service)',
    'accepted-risks.yaml risks.0.expires (wrong-value)',
    'accepted-risks.yaml risks.1.id (duplicate-risk)',
    'accepted-risks.yaml risks.1.service (unknown-service)',
    'accepted-risks.yaml risks.1.reason (wrong-value)',
  ]);
});

test.each([
  ['180d', '2027-05-29', []],
  [
    '180d',
    '2027-05-30',
    [
      'accepted-risks.yaml:3:92 risks.0.expires: found "2027-05-30", expected a day until 2027-05-29, because findings.riskMaxDuration is 180d',
    ],
  ],
  [
    '30d',
    '2027-05-29',
    [
      'accepted-risks.yaml:3:92 risks.0.expires: found "2027-05-29", expected a day until 2026-12-30, because findings.riskMaxDuration is 30d',
    ],
  ],
])('with a maximum of %s, a risk until %s', (maximum, expires, problems) => {
  const risks = `version: 1
risks:
  - { id: CVE-2024-45338, package: x, reason: it is never called here, owner: me, expires: ${expires} }
`;
  const result = parseCatalog(
    { file: 'platform.yaml', text: `${platform}findings: { riskMaxDuration: ${maximum} }\n` },
    [],
    { file: 'accepted-risks.yaml', text: risks },
    new Date('2026-11-30T12:00:00Z'),
  );
  expect(result.ok ? [] : result.problems.map(describeProblem)).toEqual(problems);
});

test('an unknown key of a union is reported with the keys of the matching option', () => {
  expect(describeProblems({ 'a.yaml': service('a', 'network: { to: [{ service: a, port: 1 }] }') })).toEqual([
    'a.yaml:5:31 network.to.0.port: found "port", expected only service',
  ]);
});

test('every error is reported no matter which other errors the file has', () => {
  const errors = [
    ['build', 'build: { cgo: true, base: scratch }', 'cgo-on-scratch'],
    ['port', 'port: 80', 'wrong-value'],
    ['prot', 'prot: 8080', 'unknown-key'],
    ['environments', 'environments: { tset: { memory: 2Gb }, prod: { maxReplicas: 2 } }', 'unknown-environment'],
    ['network', 'network: { from: [nobody] }', 'unknown-peer'],
    ['rollback', 'rollback: { budget: soon, steps: [10, 5] }', 'steps-not-rising'],
    ['kind', 'kind: worker', 'wrong-value'],
  ] as const;
  const alone = new Map(
    errors.map(([key, text]) => [
      key,
      listCodes({ 'a.yaml': service('a', text) }).map((line) => line.replace(/^\S+ /, '')),
    ]),
  );
  expect([...alone.values()].every((found) => found.length > 0)).toBe(true);
  fc.assert(
    fc.property(fc.subarray([...errors]), (chosen) => {
      const found = listCodes({ 'a.yaml': service('a', chosen.map(([, text]) => text).join('\n')) });
      const expected = chosen.flatMap(([key]) => alone.get(key) ?? []);
      expect(found.map((line) => line.replace(/^\S+ /, '')).sort()).toEqual([...expected].sort());
    }),
    { numRuns: 100 },
  );
});
