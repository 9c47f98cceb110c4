import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createTemporaryFolder } from '../../process';

const ecr = /^[0-9]{12}\.dkr\.ecr(?:-fips)?\.[a-z0-9-]+\.amazonaws\.com(?:\.cn)?$/;

/**
 * The Docker configuration that lets BuildKit, crane, cosign and the scanners log in to ECR: a credential helper that uses the job's role.
 * @returns undefined when none of the hosts is ECR
 */
export function registryLogin(hosts: readonly string[]): string | undefined {
  const ecrHosts = [...new Set(hosts.filter((host) => ecr.test(host)))].sort();
  return ecrHosts.length === 0
    ? undefined
    : JSON.stringify({ credHelpers: Object.fromEntries(ecrHosts.map((host) => [host, 'ecr-login'])) });
}

/**
 * Lets the tools of a CodeBuild job log in to ECR. On other machines Docker's own configuration applies.
 * No password is written to disk (`AWS_ECR_DISABLE_CACHE`).
 */
export function logInToRegistries(hosts: readonly string[], environment: NodeJS.ProcessEnv): void {
  const login = registryLogin(hosts);
  if (login === undefined || environment.CODEBUILD_BUILD_ID === undefined || environment.DOCKER_CONFIG !== undefined) {
    return;
  }
  // Removed when this process ends.
  const { path: directory } = createTemporaryFolder('docker');
  writeFileSync(join(directory, 'config.json'), login, { mode: 0o600 });
  environment.DOCKER_CONFIG = directory;
  environment.AWS_ECR_DISABLE_CACHE = 'true';
}
