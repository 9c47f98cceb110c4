import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadCatalog } from '../../lib/catalog';
import { renderPermissionsPage, rolePermissions } from '../../lib/pipeline';
import { exampleCatalog, pullRequestsOf } from '../pipeline/synthesize';

const page = join(__dirname, '..', '..', 'docs', 'reference', 'permissions.md');

test('docs/reference/permissions.md lists the permissions of every role', () => {
  const roles = rolePermissions(loadCatalog(exampleCatalog), { pullRequestConnection: pullRequestsOf().connection });
  const fresh = readFileSync(page, 'utf8').replace(
    /<!-- generated: permissions -->[\s\S]*?<!-- end -->/,
    () => `<!-- generated: permissions -->\n\n${renderPermissionsPage(roles)}\n<!-- end -->`,
  );
  if (process.env.BOWLINE_WRITE_GENERATED === '1') {
    writeFileSync(page, fresh);
  }
  expect(readFileSync(page, 'utf8')).toBe(fresh);
});
