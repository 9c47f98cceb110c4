import type { Service } from '../../catalog';
import type { Arns } from './arns';
import type { Permission } from './permission';

/** Permission to read the secrets with the credentials for private modules: exactly those that the services name. */
export function moduleCredentialPermissions(arns: Arns, services: readonly Service[]): readonly Permission[] {
  const secrets = services.flatMap(({ build }) => build.modules?.credential?.secret ?? []);
  return secrets.length === 0
    ? []
    : [
        {
          id: 'ReadModuleCredential',
          actions: ['secretsmanager:GetSecretValue'],
          resources: [...new Set(secrets)].sort().map(arns.secret),
          wildcard: 'Secrets Manager appends six random characters to the name of every secret',
        },
      ];
}
