import { readPipeline } from '../../../lib/local/assembly/read-assembly';
import type { Assembly, Resource } from '../../pipeline/synthesize';
import { pipelineCalls } from './pipeline-calls';
import {
  arnAt,
  callsOn,
  connectionServices,
  documents,
  findBucket,
  readObject,
  type ServiceCall,
} from './service-call';

type Resources = Readonly<Record<string, Resource>>;

/** What CodeBuild, CodePipeline and EventBridge do with the roles of an assembly. */
export function serviceCalls(assembly: Assembly): readonly ServiceCall[] {
  const calls: ServiceCall[] = [];
  const projectRoles = new Map<string, string>();
  const pipelineRoles = new Map<string, string>();
  for (const { Resources } of assembly.templates.values()) {
    for (const { Type, Properties } of Object.values(Resources)) {
      switch (Type) {
        case 'AWS::CodeBuild::Project': {
          const role = roleName(Resources, Properties.ServiceRole);
          projectRoles.set(String(Properties.Name), role);
          calls.push(...projectCalls(Properties, role));
          break;
        }
        case 'AWS::CodePipeline::Pipeline':
          pipelineRoles.set(String(Properties.Name), roleName(Resources, Properties.RoleArn));
          break;
        case 'AWS::Events::Rule':
          calls.push(...ruleCalls(Resources, Properties));
          break;
      }
    }
  }
  for (const [name, role] of pipelineRoles) {
    const { actions } = readPipeline(assembly.directory, name);
    calls.push(...pipelineCalls({ name, role, actions }, projectRoles));
  }
  return calls;
}

function roleName(resources: Resources, value: unknown): string {
  if (typeof value === 'string') {
    return value.split('/').pop() ?? '';
  }
  const [id] = (value as { readonly 'Fn::GetAtt': readonly [string, string] })['Fn::GetAtt'];
  return String(resources[id]?.Properties.RoleName);
}

const pull = ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'];

interface Source {
  readonly Type: string;
  readonly Location?: string;
  readonly Auth?: { readonly Resource: string };
}

/** The log of a build, its image, the login to the registry, and a source that no pipeline gives. */
function projectCalls(project: Resource['Properties'], role: string): readonly ServiceCall[] {
  const { Name, Source, SecondarySources = [], Environment } = project;
  const by = 'CodeBuild';
  const log = arnAt('logs', `log-group:/bowline/${Name}:log-stream:build/1`);
  const calls = [
    ...callsOn({ by, role, document: documents.buildRole }, ['logs:CreateLogStream', 'logs:PutLogEvents'], log),
    ...callsOn(
      { by: 'the credential helper of ECR', role, document: documents.login },
      ['ecr:GetAuthorizationToken'],
      '*',
    ),
  ];
  const { Image } = Environment as { readonly Image: unknown };
  const repository = /\.dkr\.ecr\.[^/]+\/(?<name>[^@:"]+)/.exec(JSON.stringify(Image))?.groups?.name;
  if (repository !== undefined) {
    calls.push(
      ...callsOn({ by, role, document: documents.buildImage }, pull, arnAt('ecr', `repository/${repository}`)),
    );
  }
  for (const { Type, Location, Auth } of [Source, ...(SecondarySources as readonly unknown[])] as readonly Source[]) {
    if (Type === 'S3') {
      const object = `arn:aws:s3:::${Location}`;
      const caller = { by, role, document: documents.buildRole };
      calls.push(...callsOn(caller, readObject, object));
      calls.push(...callsOn(caller, findBucket, object.replace(/\/.*$/, '')));
    }
    if (Auth !== undefined) {
      const actions = connectionServices.flatMap((service) =>
        ['GetConnection', 'GetConnectionToken', 'UseConnection'].map((action) => `${service}:${action}`),
      );
      calls.push(...callsOn({ by, role, document: documents.buildConnection }, actions, Auth.Resource));
    }
  }
  return calls;
}

/** The rules that use a role: they start pipelines or forward events. */
function ruleCalls(resources: Resources, { Targets = [] }: Resource['Properties']): readonly ServiceCall[] {
  return (Targets as readonly { readonly Arn: unknown; readonly RoleArn?: unknown }[]).flatMap(({ Arn, RoleArn }) => {
    if (RoleArn === undefined) {
      return [];
    }
    const [action, resource] = JSON.stringify(Arn).includes('event-bus')
      ? ['events:PutEvents', arnAt('events', 'event-bus/default')]
      : ['codepipeline:StartPipelineExecution', arnAt('codepipeline', targetPipeline(resources, Arn))];
    return callsOn(
      { by: 'EventBridge', role: roleName(resources, RoleArn), document: documents.rule },
      [action],
      resource,
    );
  });
}

/** The name of the pipeline in the ARN of a target: plain text, or a reference at its end. */
function targetPipeline(resources: Resources, arn: unknown): string {
  const text = JSON.stringify(arn);
  const id = /\{"Ref":"(?<id>\w+)"\}\]/.exec(text)?.groups?.id;
  return id === undefined
    ? (/:(?<name>[\w.-]+)"/.exec(text)?.groups?.name ?? '')
    : String(resources[id]?.Properties.Name);
}
