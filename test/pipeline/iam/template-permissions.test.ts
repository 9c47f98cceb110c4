import { App, aws_codebuild as codebuild, aws_iam as iam, aws_s3 as s3 } from 'aws-cdk-lib';
import { loadCatalog } from '../../../lib/catalog';
import {
  Platform,
  renderPermissionsPage,
  rolePermissions,
  templatePermissions,
  type VulnerabilityGate,
} from '../../../lib/pipeline';
import { assemblyDirectory, exampleCatalog, featureFlags, program, synthesize } from '../synthesize';

const builtInRoles = rolePermissions(loadCatalog(exampleCatalog));

/** A typical custom gate, whose role has the grants of L2 constructs. */
const gate: VulnerabilityGate = {
  bindGate: (scope) => {
    const project = new codebuild.Project(scope, 'TheirGate', {
      projectName: 'their-gate',
      buildSpec: codebuild.BuildSpec.fromObject({ version: '0.2' }),
      role: new iam.Role(scope, 'TheirRole', {
        roleName: 'their-gate',
        assumedBy: new iam.ServicePrincipal('codebuild.amazonaws.com'),
        managedPolicies: [iam.ManagedPolicy.fromAwsManagedPolicyName('ReadOnlyAccess')],
      }),
    });
    s3.Bucket.fromBucketName(scope, 'Findings', 'their-findings').grantRead(project, 'known/*');
    project.addToRolePolicy(
      new iam.PolicyStatement({
        sid: 'NotAtNight',
        effect: iam.Effect.DENY,
        notActions: ['s3:GetObject'],
        resources: ['*'],
        conditions: { Bool: { 'aws:SecureTransport': false } },
      }),
    );
    return { projectName: 'their-gate' };
  },
};

describe('permissions read from templates', () => {
  test('equal the table if the app adds none', () => {
    const roles = templatePermissions([...synthesize().templates.values()], builtInRoles);
    expect(new Set(roles.map(({ role }) => role))).toEqual(new Set(builtInRoles.map(({ role }) => role)));
    for (const { role, usedBy, permissions } of roles) {
      const builtIn = builtInRoles.find((each) => each.role === role);
      expect(usedBy).toBe(builtIn?.usedBy);
      expect(permissions.map(({ id, conditions, wildcard }) => ({ id, conditions, wildcard }))).toEqual(
        builtIn?.permissions.map(({ id, conditions, wildcard }) => ({ id, conditions, wildcard })),
      );
    }
  });

  test('include the grants of L2 constructs to the role of a custom strategy', () => {
    // An app without Bowline's rules, which reject such a role.
    const app = new App({ outdir: assemblyDirectory(), context: featureFlags() });
    new Platform(app, 'Theirs', { catalog: exampleCatalog, program, strategies: { gate } });
    const roles = templatePermissions(
      app.synth().stacks.map(({ template }) => template),
      builtInRoles,
    );
    expect(roles.map(({ role }) => role)).not.toContain('acme-scan');
    const theirs = roles.find(({ role }) => role === 'their-gate');
    expect(theirs?.usedBy).toBe('codebuild.amazonaws.com');
    const permissions = theirs?.permissions ?? [];
    expect(permissions).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          id: '(unnamed)',
          actions: ['s3:GetBucket*', 's3:GetObject*', 's3:List*'],
          resources: ['arn:aws:s3:::their-findings', 'arn:aws:s3:::their-findings/known/*'],
        }),
        expect.objectContaining({
          id: 'not NotAtNight',
          actions: ['all except s3:GetObject'],
          conditions: { Bool: { 'aws:SecureTransport': 'false' } },
        }),
        {
          id: 'ManagedPolicy',
          actions: ['all actions of the policy'],
          resources: [expect.stringMatching(/:iam::aws:policy\/ReadOnlyAccess$/)],
        },
      ]),
    );
    expect(renderPermissionsPage(roles)).toContain('## their-gate\n\nUsed only by codebuild.amazonaws.com');
  });
});
