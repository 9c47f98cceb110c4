import type { Platform, Service } from '../../catalog';
import type { Arns } from './arns';
import type { Permission } from './permission';

/** Permission of a pipeline to read the repository of its service. */
export function sourcePermission({ source }: Platform, service: Service, arns: Arns): Permission {
  if (source.kind !== 'codecommit') {
    return useConnectionPermission(requireConnection(source), [service.source.repository]);
  }
  return {
    id: 'ReadSource',
    actions: [
      'codecommit:CancelUploadArchive',
      'codecommit:GetBranch',
      'codecommit:GetCommit',
      'codecommit:GetRepository',
      'codecommit:GetUploadArchiveStatus',
      'codecommit:UploadArchive',
    ],
    resources: [arns.codeCommit(service.source.repository)],
  };
}

/** Whether the jobs of a service clone its repository, instead of unpacking an archive. */
export function clonesSource({ source }: Service): boolean {
  return source.clone === 'full';
}

/**
 * Permission of a project to clone the repositories of services, with the private submodules that the services name. Services whose source is an
 * archive need none.
 * https://docs.aws.amazon.com/codepipeline/latest/userguide/troubleshooting.html (#codebuild-role-connections, #codebuild-role-codecommitclone)
 */
export function clonePermissions(
  { source }: Platform,
  arns: Arns,
  services: readonly Service[],
): readonly Permission[] {
  const repositories = services
    .filter(clonesSource)
    .flatMap((service) => [service.source.repository, ...service.source.submodules]);
  const unique = [...new Set(repositories)].sort();
  if (unique.length === 0) {
    return [];
  }
  return [
    source.kind === 'codecommit'
      ? { id: 'ReadSource', actions: ['codecommit:GitPull'], resources: unique.map(arns.codeCommit) }
      : useConnectionPermission(requireConnection(source), unique),
  ];
}

/** Both prefixes of the service in IAM. AWS renamed the service, and checks a request under either name, whatever the ARN begins with. */
export const connectionPrefixes = ['codeconnections', 'codestar-connections'] as const;

/**
 * Permission to read repositories through a connection, which can reach more of them. `ForAllValues`, as in the example of AWS, because a request
 * that is not about a repository has no such key.
 * https://docs.aws.amazon.com/dtconsole/latest/userguide/security_iam_id-based-policy-examples-connections.html
 */
export function useConnectionPermission(connection: string, repositories: readonly string[]): Permission {
  const [only, ...others] = repositories;
  return {
    id: 'ReadSource',
    actions: connectionPrefixes.map((prefix) => `${prefix}:UseConnection`),
    resources: [connection],
    conditions: {
      'ForAllValues:StringEquals': Object.fromEntries(
        connectionPrefixes.map((prefix) => [
          `${prefix}:FullRepositoryId`,
          only !== undefined && others.length === 0 ? only : [...repositories],
        ]),
      ),
    },
  };
}

/** Returns the connection of a source. @throws Error if the source has none; a validated catalog has one */
export function requireConnection({ connection }: Platform['source']): string {
  if (connection === undefined) {
    throw new Error('`source.connection` of the platform must be the ARN of a connection, got none');
  }
  return connection;
}
