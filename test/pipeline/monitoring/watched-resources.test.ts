import { accountOf } from '../../iam/account';
import { onCodeCommit, onGitHub } from '../rich-platforms';
import { type Resource, resourcesOf, synthesize } from '../synthesize';
import { matchesEventPattern } from './event-pattern';
import {
  pipelineCalls,
  pipelineChangeCalls,
  projectChangeCalls,
  projectUseCalls,
  roleChangeCalls,
  type TamperCall,
} from './tamper-calls';

const user = { type: 'IAMUser', arn: 'arn:aws:iam::111111111111:user/eve' };
const session = (role: string, invokedBy?: string) => ({
  type: 'AssumedRole',
  sessionContext: { sessionIssuer: { arn: `arn:aws:iam::111111111111:role/${role}` } },
  ...(invokedBy === undefined ? {} : { invokedBy }),
});
const deployment = session('cdk-hnb659fds-cfn-exec-role-111111111111-eu-west-1', 'cloudformation.amazonaws.com');
const secret = 'arn:aws:secretsmanager:eu-west-1:111111111111:secret:acme/github-app-AbCdEf';
const ledger = 'arn:aws:codecommit:eu-west-1:111111111111:ledger';

// Every project, pipeline and role of the templates, so that a new one is watched, or fails here.
describe.each([
  ['sources on GitHub', onGitHub],
  ['sources in CodeCommit', onCodeCommit],
])('a platform with %s', (_, props) => {
  const assembly = synthesize(props);
  const account = accountOf(assembly);
  const patterns = resourcesOf(assembly, 'AWS::Events::Rule').flatMap(({ Properties }) =>
    JSON.stringify(Properties.EventPattern ?? '').includes('via CloudTrail') ? [Properties.EventPattern] : [],
  );
  const isReported = (call: TamperCall, userIdentity: object) =>
    patterns.some((pattern) =>
      matchesEventPattern(pattern, {
        source: `aws.${call.service}`,
        'detail-type': 'AWS API Call via CloudTrail',
        detail: { eventName: call.name, requestParameters: call.parameters, userIdentity },
      }),
    );
  const unreported = (calls: readonly TamperCall[], who: object) =>
    calls.filter((call) => !isReported(call, who)).map(({ name, parameters }) => [name, parameters]);
  const reported = (calls: readonly TamperCall[], who: object) =>
    calls.filter((call) => isReported(call, who)).map(({ name, parameters }) => [name, parameters]);

  const roles = [...account.roles.keys()];
  const projects = resourcesOf(assembly, 'AWS::CodeBuild::Project').map(({ Properties }) => String(Properties.Name));
  const pipelines = resourcesOf(assembly, 'AWS::CodePipeline::Pipeline').map(({ Properties }) => Properties);
  const pipelineNames = pipelines.map(({ Name }) => String(Name));
  const projectArn = (name: string) => `arn:aws:codebuild:eu-west-1:111111111111:project/${name}`;
  const pipelineArn = (name: string) => `arn:aws:codepipeline:eu-west-1:111111111111:${name}`;
  /** The roles that may start a project: those of its pipelines. */
  const startersOf = (project: string) => account.whoMay('codebuild:StartBuild', projectArn(project));
  const pipelineProjects = projects.filter((project) => startersOf(project).length > 0);
  /** Roles whose sessions sign, or have the credential of the ledger. */
  const keyRoles = new Set([
    ...[...account.keys.values()].flatMap((key) => account.whoMay('kms:Sign', key)),
    ...account.whoMay('secretsmanager:GetSecretValue', secret),
    ...account.whoMay('codecommit:GitPull', ledger),
    ...account.whoMay('codecommit:GitPush', ledger),
  ]);

  test('has the projects, pipelines and roles that the other tests go over', () => {
    expect(pipelineNames.sort()).toEqual(['acme-hello', 'acme-orders', 'acme.rescan']);
    expect(pipelineProjects).toHaveLength(7);
    // A pipeline names a project, or refers to the resource.
    expect(new Set(pipelines.flatMap(projectsOf)).size).toBe(pipelineProjects.length);
    expect([...keyRoles].sort()).toEqual(['acme-promote', 'acme-releases', 'acme-sign']);
    expect(roles.length).toBeGreaterThan(projects.length + pipelineNames.length);
  });

  test('reports every use of a project by a user, for every project of a pipeline', () => {
    for (const project of pipelineProjects) {
      expect(unreported(projectUseCalls(project), user)).toEqual([]);
    }
  });

  test('reports a start of a project by every role but those of its pipelines', () => {
    for (const project of pipelineProjects) {
      const starters = startersOf(project);
      const starts = projectUseCalls(project).filter(({ name }) => name === 'StartBuild');
      expect(starts).toHaveLength(2);
      for (const role of roles) {
        if (starters.includes(role)) {
          expect([role, reported(starts, session(role, 'codepipeline.amazonaws.com'))]).toEqual([role, []]);
        } else if (!sharesProject(role, starters)) {
          expect([role, unreported(starts, session(role))]).toEqual([role, []]);
        }
      }
    }
  });

  /** One pattern is for the release pipelines of all services. IAM denies each the builds of the others. */
  function sharesProject(role: string, starters: readonly string[]): boolean {
    return pipelineProjects.some((project) => {
      const all = startersOf(project);
      return all.includes(role) && starters.some((starter) => all.includes(starter));
    });
  }

  test('leaves only projects to others that reach nothing of a release', () => {
    const others = projects.filter((project) => !pipelineProjects.includes(project));
    expect(others.length).toBeGreaterThan(0);
    for (const project of others) {
      expect(reported(projectUseCalls(project), user)).toEqual([]);
      const role = roleOf(project);
      expect(keyRoles.has(role)).toBe(false);
      for (const repository of ['acme/hello', 'acme/cache/hello', 'acme/signatures/hello']) {
        const arn = `arn:aws:ecr:eu-west-1:111111111111:repository/${repository}`;
        expect([role, account.may(role, 'ecr:PutImage', arn)]).toEqual([role, 'denied']);
      }
      for (const pipeline of pipelineNames) {
        const object = `arn:aws:s3:::acme-artifacts-111111111111-eu-west-1/${pipeline}/Built/AbC123.zip`;
        expect([role, account.may(role, 's3:PutObject', object)]).toEqual([role, 'denied']);
      }
    }
  });

  test('reports every change of a project, and also by a deployment if it signs, has the ledger or judges what runs', () => {
    for (const project of projects) {
      expect(unreported(projectChangeCalls(project), user)).toEqual([]);
      expect(unreported(projectChangeCalls(project), session('administrator'))).toEqual([]);
    }
    const reportedDeployments = projects.filter((project) =>
      isReported({ service: 'codebuild', name: 'UpdateProject', parameters: { name: project } }, deployment),
    );
    expect(reportedDeployments.sort()).toEqual(['acme-promote', 'acme-releases', 'acme-rescan', 'acme-sign']);
    expect(reportedDeployments).toEqual(expect.arrayContaining(projects.filter((name) => keyRoles.has(roleOf(name)))));
  });

  test('reports every change of a role, and also by a deployment if it signs, has the ledger or judges what runs', () => {
    for (const role of roles) {
      expect(unreported(roleChangeCalls(role), user)).toEqual([]);
      expect(unreported(roleChangeCalls(role), session('administrator'))).toEqual([]);
    }
    const reportedDeployments = roles.filter((role) => unreported(roleChangeCalls(role), deployment).length === 0);
    expect(reportedDeployments.sort()).toEqual(['acme-promote', 'acme-releases', 'acme-rescan', 'acme-sign']);
    expect(reportedDeployments).toEqual(expect.arrayContaining([...keyRoles]));
    for (const role of roles.filter((name) => !reportedDeployments.includes(name))) {
      expect(reported(roleChangeCalls(role), deployment)).toEqual([]);
    }
  });

  test('reports for every pipeline what makes it run something else, and every change but those of a deployment', () => {
    for (const pipeline of pipelineNames) {
      for (const who of [user, session('administrator')]) {
        expect(unreported(pipelineCalls(pipeline), who)).toEqual([]);
        expect(unreported(pipelineChangeCalls(pipeline), who)).toEqual([]);
      }
      expect(reported(pipelineChangeCalls(pipeline), deployment)).toEqual([]);
    }
  });

  test('reports no start of a pipeline with the latest commit and the deployed bundle, whoever starts it', () => {
    for (const pipeline of pipelineNames) {
      const start = {
        service: 'codepipeline',
        name: 'StartPipelineExecution',
        parameters: { name: pipeline },
      } as const;
      // The rules that start pipelines are among them.
      const starters = account.whoMay('codepipeline:StartPipelineExecution', pipelineArn(pipeline));
      for (const who of [user, ...starters.map((role) => session(role, 'events.amazonaws.com'))]) {
        expect(isReported(start, who)).toBe(false);
      }
    }
    expect(account.whoMay('codepipeline:StartPipelineExecution', pipelineArn('acme.rescan'))).toEqual([
      'acme-rescan-schedule',
    ]);
  });

  test('reports nothing about resources of others', () => {
    for (const calls of [
      projectUseCalls,
      projectChangeCalls,
      roleChangeCalls,
      pipelineCalls,
      pipelineChangeCalls,
    ] as const) {
      expect(reported(calls('payroll'), user)).toEqual([]);
      expect(reported(calls('their-acme-rescan'), user)).toEqual([]);
    }
  });

  function roleOf(project: string): string {
    const users = roles.filter((role) =>
      JSON.stringify(account.roles.get(role)?.trust).includes(`"${projectArn(project)}"`),
    );
    expect(users).toHaveLength(1);
    return String(users[0]);
  }
});

/** The projects that a pipeline starts, as its template has them. */
function projectsOf(pipeline: Resource['Properties']): readonly string[] {
  const stages = pipeline.Stages as readonly {
    readonly Actions: readonly { readonly Configuration: { readonly ProjectName?: unknown } }[];
  }[];
  return stages.flatMap(({ Actions }) =>
    Actions.flatMap(({ Configuration }) =>
      Configuration?.ProjectName === undefined ? [] : [JSON.stringify(Configuration.ProjectName)],
    ),
  );
}
