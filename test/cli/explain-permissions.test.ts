import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadCatalog } from '../../lib/catalog';
import { deploymentPolicies } from '../../lib/pipeline/iam/deployment-permissions';
import { renderPermissionsPage, rolePermissions } from '../../lib/pipeline/iam/permissions-table';

const root = join(__dirname, '..', '..');
const { bin } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { bin: { bowline: string } };
const catalog = loadCatalog(join(root, 'catalog'));
const bowline = (...words: readonly string[]) =>
  execFileSync(process.execPath, [join(root, bin.bowline), ...words], {
    cwd: root,
    encoding: 'utf8',
    stdio: 'pipe',
  });

test('explain permissions prints every role with its permissions', () => {
  expect(bowline('explain', 'permissions')).toBe(renderPermissionsPage(rolePermissions(catalog)));
  expect(JSON.parse(bowline('explain', 'permissions', '--json'))).toEqual({
    roles: JSON.parse(JSON.stringify(rolePermissions(catalog))),
  });
});

test('explain permissions --pull-requests adds the roles of pull requests', () => {
  const arn = 'arn:aws:codeconnections:eu-west-1:111111111111:connection/00000000-0000-0000-0000-000000000000';
  expect(bowline('explain', 'permissions')).not.toContain('## acme-hello-pr');
  expect(bowline('explain', 'permissions', '--pull-requests', arn)).toContain('## acme-hello-pr');
});

test('explain permissions --assembly reads synthesized templates, and refuses a folder without any', () => {
  const scratch = mkdtempSync(join(tmpdir(), 'bowline-explain-'));
  try {
    expect(() => bowline('explain', 'permissions', '--assembly', join(scratch, 'none'))).toThrow('no template in');
    const role = {
      Type: 'AWS::IAM::Role',
      Properties: { RoleName: 'their-gate', AssumeRolePolicyDocument: { Statement: [] } },
    };
    writeFileSync(join(scratch, 'x.template.json'), JSON.stringify({ Resources: { Role: role } }));
    expect(bowline('explain', 'permissions', '--assembly', scratch)).toContain('## their-gate');
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
});

test('explain deployment prints the policies, or writes each to a file, as "aws iam create-policy" takes it', () => {
  const policies = JSON.parse(JSON.stringify(deploymentPolicies(catalog.platform))) as readonly {
    readonly name: string;
    readonly document: object;
  }[];
  expect(JSON.parse(bowline('explain', 'deployment', '--json'))).toEqual({ policies });
  expect(bowline('explain', 'deployment')).toMatch(/^acme-deployment-releases \(\d+ of 6144 characters\):\n\{/);
  const scratch = mkdtempSync(join(tmpdir(), 'bowline-explain-'));
  try {
    expect(bowline('explain', 'deployment', '--out', scratch)).toBe('');
    for (const { name, document } of policies) {
      expect(JSON.parse(readFileSync(join(scratch, `${name}.json`), 'utf8'))).toEqual(document);
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
});

test('explain permissions does not load the CDK', () => {
  const loaded = execFileSync(
    process.execPath,
    [
      '-e',
      `require('tsx/cjs'); require('./lib/cli/actions/explain-permissions.ts'); console.log(Object.keys(require.cache).filter((path) => path.includes('aws-cdk-lib')).length)`,
    ],
    { cwd: root, encoding: 'utf8' },
  );
  expect(loaded.trim()).toBe('0');
});
