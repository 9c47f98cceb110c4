import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeProblem, parseCatalog } from '../../lib/catalog';
import { rolePermissions } from '../../lib/pipeline';
import { catalogOf, exampleCatalog, pullRequestsOf, synthesize } from '../pipeline/synthesize';
import { accountOf } from './account';

const service = (name: string, team: string, modules?: object) =>
  JSON.stringify({ version: 1, name, team, source: { repository: `acme/${name}` }, build: { modules } });
const netrc = (secret: string) => ({ private: ['git.example.com'], credential: { kind: 'netrc', secret } });
const catalog = catalogOf({
  services: [
    service('hello', 'storefront', netrc('acme/modules/storefront')),
    service('billing', 'finance', netrc('acme/modules/finance')),
    service('plain', 'storefront'),
  ],
});
const secret = (name: string) => `arn:aws:secretsmanager:eu-west-1:111111111111:secret:${name}-AbCdEf`;

describe('the credentials for private modules', () => {
  const account = accountOf(synthesize({ parsed: catalog, pullRequests: pullRequestsOf() }));
  const readers = (name: string) => account.whoMay('secretsmanager:GetSecretValue', secret(name));

  test('are read by the build of the service and by the scan', () => {
    expect(readers('acme/modules/storefront')).toEqual(['acme-hello-build', 'acme-scan']);
    expect(readers('acme/modules/finance')).toEqual(['acme-billing-build', 'acme-scan']);
  });

  test('are no permission on another secret: only promote and the list of what runs read the one of the ledger', () => {
    expect(readers('acme/github-app')).toEqual(['acme-promote', 'acme-releases']);
    expect(readers('acme/modules/other')).toEqual([]);
    expect(readers('acme/modules/storefront-2')).toEqual([]);
  });

  test('are not read by builds of pull requests, whose code is not reviewed', () => {
    expect([...account.roles.keys()]).toContain('acme-hello-pr');
    expect(readers('acme/modules/storefront')).not.toContain('acme-hello-pr');
  });
});

test('the table of permissions has the credential with its reason', () => {
  const build = rolePermissions(catalog).find(({ role }) => role === 'acme-hello-build');
  expect(build?.permissions.filter(({ id }) => id === 'ReadModuleCredential')).toEqual([
    {
      id: 'ReadModuleCredential',
      actions: ['secretsmanager:GetSecretValue'],
      resources: ['arn:aws:secretsmanager:eu-west-1:111111111111:secret:acme/modules/storefront-??????'],
      wildcard: expect.stringContaining('six random characters'),
    },
  ]);
});

test('a service without private modules has no permission on secrets', () => {
  const build = rolePermissions(catalog).find(({ role }) => role === 'acme-plain-build');
  expect(JSON.stringify(build)).not.toContain('secretsmanager');
});

test('with a permissions boundary, the secret has a name that the boundary allows', () => {
  const text = readFileSync(join(exampleCatalog, 'platform.yaml'), 'utf8').replace(
    '  region: eu-west-1\nsource',
    '  region: eu-west-1\n  permissionsBoundary: acme-boundary\nsource',
  );
  const problems = (name: string) => {
    const result = parseCatalog({ file: 'platform.yaml', text }, [
      { file: 'hello.yaml', text: service('hello', 'storefront', netrc(name)) },
    ]);
    return result.ok ? [] : result.problems.map(describeProblem);
  };
  expect(problems('acme/modules/storefront')).toEqual([]);
  expect(problems('storefront/netrc')).toEqual([
    expect.stringContaining('expected a name that begins with acme/modules/: pipeline.permissionsBoundary'),
  ]);
});
