import { loadCatalog } from '../../../lib/catalog';
import { renderPermissionsPage, rolePermissions } from '../../../lib/pipeline';
import { createPolicyDocument } from '../../../lib/pipeline/iam/policy-document';
import { onCodeCommit, onGitHub } from '../rich-platforms';
import { exampleCatalog, resourcesOf, synthesize } from '../synthesize';

interface Statement {
  readonly Sid: string;
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: object;
}

const toSortedList = (value: string | readonly string[]) => [value].flat().sort();

test.each([
  ['the example', { parsed: loadCatalog(exampleCatalog) }],
  ['a platform with all options on GitHub', onGitHub],
  ['a platform with all options in CodeCommit', onCodeCommit],
])('the permissions of %s equal those of the templates, including conditions', (_, props) => {
  const assembly = synthesize(props);
  const inTemplates = new Map(
    resourcesOf(assembly, 'AWS::IAM::Role').map(({ Properties }) => [
      Properties.RoleName,
      (Properties.Policies as readonly { PolicyDocument: { Statement: readonly Statement[] } }[]).flatMap(
        ({ PolicyDocument }) => PolicyDocument.Statement,
      ),
    ]),
  );
  // Only the template knows the location of the bundle.
  const assets = (role: string) =>
    [...JSON.stringify(inTemplates.get(role)).matchAll(/arn:aws:s3:::([^/"]+)\/([0-9a-f]{64}\.zip)/g)].map(
      ([, bucket = '', key = '']) => ({ bucket, key }),
    );
  const [program = { bucket: '', key: '' }] = assets('acme-hello-run');
  const [{ bucket, key: context } = { bucket: '', key: '' }] = assets('acme-toolbox');
  // Each service has a catalog of its own.
  const normalize = (resource: string) =>
    resource.replace(/[0-9a-f]{64}\.zip$/, (key) => ([program.key, context].includes(key) ? key : '(catalog).zip'));
  const table = rolePermissions(props.parsed as NonNullable<typeof props.parsed>, {
    bundle: { ...program, catalogKey: '(catalog).zip' },
    toolboxContext: { bucket, key: context },
    pullRequestConnection: 'pullRequests' in props ? props.pullRequests?.connection : undefined,
    roleEvents: 'roleEvents' in props && props.roleEvents,
  });
  expect([...inTemplates.keys()].sort()).toEqual(table.map(({ role }) => role).sort());
  for (const { role, permissions } of table) {
    expect(
      inTemplates.get(role)?.map(({ Sid, Action, Resource, Condition }) => ({
        id: Sid,
        actions: toSortedList(Action),
        resources: toSortedList(Resource).map(normalize).sort(),
        conditions: Condition,
      })),
    ).toEqual(
      permissions.map(({ id, actions, resources, conditions }) => ({
        id,
        actions: [...actions].sort(),
        resources: [...resources].sort(),
        conditions,
      })),
    );
  }
});

test('the page shows every role, permission, condition and reason', () => {
  const roles = rolePermissions(onGitHub.parsed as NonNullable<typeof onGitHub.parsed>);
  const page = renderPermissionsPage(roles);
  for (const { role, permissions } of roles) {
    expect(page).toContain(`## ${role}\n`);
    for (const { id, wildcard } of permissions) {
      expect(page).toContain(`| ${id} |`);
      expect(page).toContain(wildcard ?? '|');
    }
  }
  // Without its condition, this row would read as "any key".
  expect(page).toMatch(
    /\| Sign \| .*key\/\*.*\| `ForAnyValue:StringEquals kms:ResourceAliases: alias\/acme-nonproduction, alias\/acme-production` \|/,
  );
});

test('a wildcard without a reason is refused', () => {
  expect(() =>
    createPolicyDocument([{ id: 'ReadAll', actions: ['s3:GetObject'], resources: ['arn:aws:s3:::b/*'] }]),
  ).toThrow('the permission ReadAll must give a reason for its wildcard, got none for: arn:aws:s3:::b/*');
});
