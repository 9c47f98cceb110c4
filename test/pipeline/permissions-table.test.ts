import { loadCatalog } from '../../lib/catalog';
import { permissionsPage, rolePermissions } from '../../lib/pipeline';
import { policyOf } from '../../lib/pipeline/statement';
import { exampleCatalog, resourcesOf, synthesize } from './synthesize';

const catalog = loadCatalog(exampleCatalog);

interface Statement {
  readonly Sid: string;
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
}

test('the table of permissions is what the templates say', () => {
  const inTemplates = new Map(
    resourcesOf(synthesize(), 'AWS::IAM::Role').map(({ Properties }) => [
      Properties.RoleName,
      (Properties.Policies as readonly { PolicyDocument: { Statement: readonly Statement[] } }[]).flatMap(
        ({ PolicyDocument }) => PolicyDocument.Statement,
      ),
    ]),
  );
  // Where the bundle lies is only known to the template.
  const bundle = /arn:aws:s3:::([^/"]+)\/([0-9a-f]{64}\.zip)/.exec(JSON.stringify(inTemplates.get('acme-hello-run')));
  const context = /arn:aws:s3:::([^/"]+)\/([0-9a-f]{64}\.zip)/.exec(JSON.stringify(inTemplates.get('acme-toolbox')));
  const table = rolePermissions(
    catalog,
    { bucket: bundle?.[1] ?? '', key: bundle?.[2] ?? '' },
    { bucket: context?.[1] ?? '', key: context?.[2] ?? '' },
  );
  expect([...inTemplates.keys()].sort()).toEqual(table.map(({ role }) => role).sort());
  const listed = (value: string | readonly string[]) => [value].flat().sort();
  for (const { role, permissions } of table) {
    expect(
      inTemplates.get(role)?.map(({ Sid, Action, Resource }) => ({
        id: Sid,
        actions: listed(Action),
        resources: listed(Resource),
      })),
    ).toEqual(
      permissions.map(({ id, actions, resources }) => ({
        id,
        actions: [...actions].sort(),
        resources: [...resources].sort(),
      })),
    );
  }
});

test('the page names every role, right and reason', () => {
  const page = permissionsPage(catalog);
  for (const { role, permissions } of rolePermissions(catalog)) {
    expect(page).toContain(`## ${role}\n`);
    for (const { id, wildcard } of permissions) {
      expect(page).toContain(`| ${id} |`);
      expect(page).toContain(wildcard ?? '|');
    }
  }
});

test('a wildcard without its reason makes no policy', () => {
  expect(() => policyOf([{ id: 'ReadAll', actions: ['s3:GetObject'], resources: ['arn:aws:s3:::b/*'] }])).toThrow(
    'the permission ReadAll has the wildcard arn:aws:s3:::b/* and no reason for it',
  );
});
