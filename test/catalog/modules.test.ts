import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeProblem, parseCatalog } from '../../lib/catalog';
import { testAuthority } from '../module-host/authority';

const platform = {
  file: 'platform.yaml',
  text: readFileSync(join(__dirname, '..', '..', 'catalog', 'platform.yaml'), 'utf8'),
};

const service = (modules: object, name = 'shop', team = 'storefront') => ({
  file: `${name}.yaml`,
  text: `version: 1\nname: ${name}\nteam: ${team}\nsource: { repository: acme/${name} }\nbuild: ${JSON.stringify({ modules })}\n`,
});

function problems(...services: readonly { readonly file: string; readonly text: string }[]): readonly string[] {
  const result = parseCatalog(platform, services);
  return result.ok ? [] : result.problems.map(describeProblem);
}

const app = { kind: 'github-app', appId: '77', installationId: '88', secret: 'storefront/modules' };

test.each([
  ['a host', 'git.example.com'],
  ['an owner on a host', 'github.com/acme'],
  ['every repository of an owner', 'github.com/acme/*'],
  ['every host of a domain', '*.corp.example.com/team-?/x'],
  ['a path with a major version', 'git.example.com/acme/lib/v2'],
])('private modules are named by %s', (_, pattern) => {
  expect(problems(service({ private: [pattern] }))).toEqual([]);
});

test.each([
  ['every module', '*'],
  ['every host', '*/acme'],
  ['every host of a top-level domain', '*.com'],
  ['part of a label', 'git*.com'],
  ['a URL', 'https://git.example.com/acme'],
  ['a host with a port', 'git.example.com:8443/acme'],
  ['two patterns in one text', 'a.example.com,b.example.com'],
  ['a path that leaves the host', 'git.example.com/../x'],
  ['a name without a host', 'acme'],
  ['white space', 'git.example.com/a b'],
  ['an empty text', ''],
])('a pattern for %s is refused', (_, pattern) => {
  expect(problems(service({ private: [pattern] }))).toEqual([
    expect.stringContaining('expected the beginning of module paths, such as github.com/acme'),
  ]);
});

test.each([
  ['a netrc file in a secret', { credential: { kind: 'netrc', secret: 'storefront/netrc' } }],
  ['a GitHub App', { credential: app }],
  [
    'a GitHub App on GitHub Enterprise Server',
    { credential: { ...app, api: 'https://github.corp.example.com/api/v3' } },
  ],
  ['a proxy', { proxy: 'https://proxy.example.com/go/' }],
  ['the certificate of an authority', { ca: testAuthority().certificate }],
])('private modules come with %s', (_, more) => {
  expect(problems(service({ private: ['github.com/acme'], ...more }))).toEqual([]);
});

test.each([
  ['a proxy over http', { proxy: 'http://proxy.example.com' }, 'the HTTPS URL of a Go module proxy'],
  ['a proxy with a password', { proxy: 'https://me:secret@proxy.example.com' }, 'without a user name'],
  ['two proxies', { proxy: 'https://a.example.com,https://b.example.com' }, 'the HTTPS URL of a Go module proxy'],
  ['a private key as authority', { ca: testAuthority().key }, 'certificates in PEM format'],
  ['text around a certificate', { ca: `x\n${testAuthority().certificate}` }, 'certificates in PEM format'],
  [
    'a broken certificate',
    { ca: '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n' },
    'certificates in PEM format',
  ],
  ['an unknown kind of credential', { credential: { kind: 'ssh', secret: 'x' } }, 'kind: netrc'],
])('%s is refused', (_, more, expected) => {
  const found = problems(service({ private: ['github.com/acme'], ...more }));
  expect(found).toHaveLength(1);
  expect(found[0]).toContain(expected);
});

test('the secret of the ledger is not the secret of modules, because the build could then write the ledger', () => {
  const found = problems(
    service({ private: ['github.com/acme'], credential: { ...app, secret: 'acme/github-app' } }),
    service({ private: ['github.com/acme'], credential: { kind: 'netrc', secret: 'acme/github-app' } }, 'cart'),
  );
  expect(found).toHaveLength(2);
  for (const problem of found) {
    expect(problem).toMatch(/build\.modules\.credential\.secret: .*expected another secret than ledger\.credential/);
  }
});

test('the App of the ledger is not the App of modules under another name of its secret', () => {
  const appId = /appId: "(\d+)"/.exec(platform.text)?.[1];
  expect(problems(service({ private: ['github.com/acme'], credential: { ...app, appId } }))).toEqual([
    expect.stringContaining('another GitHub App than ledger.credential'),
  ]);
});

test('a secret belongs to the services of one team', () => {
  const modules = { private: ['github.com/acme'], credential: app };
  expect(problems(service(modules), service(modules, 'cart'))).toEqual([]);
  expect(problems(service(modules), service(modules, 'billing', 'finance'))).toEqual([
    expect.stringMatching(/billing\.yaml.*expected a secret of team finance \(shop\.yaml of team storefront uses/),
  ]);
});
