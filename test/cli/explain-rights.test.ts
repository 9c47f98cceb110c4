import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadCatalog } from '../../lib/catalog';
import { deploymentPolicy } from '../../lib/pipeline/deployment-permissions';
import { permissionsPage, rolePermissions } from '../../lib/pipeline/permissions-table';

const root = join(__dirname, '..', '..');
const { bin } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { bin: { bowline: string } };
const catalog = loadCatalog(join(root, 'catalog'));
const bowline = (...words: readonly string[]) =>
  execFileSync(process.execPath, [join(root, bin.bowline), ...words], {
    cwd: root,
    encoding: 'utf8',
    stdio: 'pipe',
  });

test('explain permissions prints every role with what it may do', () => {
  expect(bowline('explain', 'permissions')).toBe(permissionsPage(catalog));
  expect(JSON.parse(bowline('explain', 'permissions', '--json'))).toEqual({
    roles: JSON.parse(JSON.stringify(rolePermissions(catalog))),
  });
});

test('explain deployment prints a policy that can be piped', () => {
  expect(JSON.parse(bowline('explain', 'deployment'))).toEqual(
    JSON.parse(JSON.stringify(deploymentPolicy(catalog.platform))),
  );
});

test('who may do what is known without loading CDK', () => {
  const loaded = execFileSync(
    process.execPath,
    [
      '-e',
      `require('tsx/cjs'); require('./lib/cli/explain-rights.ts'); console.log(Object.keys(require.cache).filter((path) => path.includes('aws-cdk-lib')).length)`,
    ],
    { cwd: root, encoding: 'utf8' },
  );
  expect(loaded.trim()).toBe('0');
});
