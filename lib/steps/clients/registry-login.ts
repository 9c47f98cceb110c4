import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ecr = /^[0-9]{12}\.dkr\.ecr(?:-fips)?\.[a-z0-9-]+\.amazonaws\.com(?:\.cn)?$/;

/**
 * What BuildKit, crane, cosign and the scanners read to find their way into ECR: the helper asks for a password by the job's own role,
 * whenever one is needed. Undefined where none of the hosts is ECR.
 */
export function registryLogin(hosts: readonly string[]): string | undefined {
  const ours = [...new Set(hosts.filter((host) => ecr.test(host)))].sort();
  return ours.length === 0
    ? undefined
    : JSON.stringify({ credHelpers: Object.fromEntries(ours.map((host) => [host, 'ecr-login'])) });
}

/**
 * Lets the tools of a CodeBuild job log in to ECR. On other machines people have said already how their docker logs in.
 * Passwords are kept on no disk (`AWS_ECR_DISABLE_CACHE`).
 */
export function logInToRegistries(hosts: readonly string[], environment: NodeJS.ProcessEnv): void {
  const login = registryLogin(hosts);
  if (login === undefined || environment.CODEBUILD_BUILD_ID === undefined || environment.DOCKER_CONFIG !== undefined) {
    return;
  }
  const directory = mkdtempSync(join(tmpdir(), 'bowline-docker-'));
  writeFileSync(join(directory, 'config.json'), login, { mode: 0o600 });
  environment.DOCKER_CONFIG = directory;
  environment.AWS_ECR_DISABLE_CACHE = 'true';
}
