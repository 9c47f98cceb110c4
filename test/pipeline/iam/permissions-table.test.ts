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

const listed = (value: string | readonly string[]) => [value].flat().sort();

test.each([
  ['the example', { parsed: loadCatalog(exampleCatalog) }],
  ['a platform with everything on GitHub', onGitHub],
  ['a platform with everything in CodeCommit', onCodeCommit],
])('the table of permissions of %s is what the templates say, conditions included', (_, props) => {
  const assembly = synthesize(props);
  const inTemplates = new Map(
    resourcesOf(assembly, 'AWS::IAM::Role').map(({ Properties }) => [
      Properties.RoleName,
      (Properties.Policies as readonly { PolicyDocument: { Statement: readonly Statement[] } }[]).flatMap(
        ({ PolicyDocument }) => PolicyDocument.Statement,
      ),
    ]),
  );
  // Where the bundle lies is only known to the template.
  const asset = (role: string) =>
    /arn:aws:s3:::([^/"]+)\/([0-9a-f]{64}\.zip)/.exec(JSON.stringify(inTemplates.get(role))) ?? [];
  const [, bucket = '', bundle = ''] = asset('acme-hello-run');
  const [, , context = ''] = asset('acme-toolbox');
  const table = rolePermissions(
    props.parsed as NonNullable<typeof props.parsed>,
    { bucket, key: bundle },
    { bucket, key: context },
    'pullRequests' in props ? props.pullRequests?.connection : undefined,
    'roleEvents' in props ? props.roleEvents : false,
  );
  expect([...inTemplates.keys()].sort()).toEqual(table.map(({ role }) => role).sort());
  for (const { role, permissions } of table) {
    expect(
      inTemplates.get(role)?.map(({ Sid, Action, Resource, Condition }) => ({
        id: Sid,
        actions: listed(Action),
        resources: listed(Resource),
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

test('the page names every role, right, condition and reason', () => {
  const roles = rolePermissions(onGitHub.parsed as NonNullable<typeof onGitHub.parsed>);
  const page = renderPermissionsPage(roles);
  for (const { role, permissions } of roles) {
    expect(page).toContain(`## ${role}\n`);
    for (const { id, wildcard } of permissions) {
      expect(page).toContain(`| ${id} |`);
      expect(page).toContain(wildcard ?? '|');
    }
  }
  // What would read as "any key", without its condition.
  expect(page).toMatch(
    /\| Sign \| .*key\/\*.*\| `ForAnyValue:StringEquals kms:ResourceAliases: alias\/acme-nonproduction, alias\/acme-production` \|/,
  );
});

test('a wildcard without its reason makes no policy', () => {
  expect(() => createPolicyDocument([{ id: 'ReadAll', actions: ['s3:GetObject'], resources: ['arn:aws:s3:::b/*'] }])).toThrow(
    'the permission ReadAll has the wildcard arn:aws:s3:::b/* and no reason for it',
  );
});
