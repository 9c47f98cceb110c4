import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { logInToRegistries, registryLogin } from '../../../lib/steps/clients/registry-login';

const host = '111111111111.dkr.ecr.eu-west-1.amazonaws.com';

test.each([
  [[host], { [host]: 'ecr-login' }],
  [['docker.io', host, host], { [host]: 'ecr-login' }],
  [
    ['111111111111.dkr.ecr.cn-north-1.amazonaws.com.cn'],
    { '111111111111.dkr.ecr.cn-north-1.amazonaws.com.cn': 'ecr-login' },
  ],
])('%j: ECR hosts use the credential helper', (hosts, credHelpers) => {
  expect(JSON.parse(registryLogin(hosts) ?? '')).toEqual({ credHelpers });
});

test.each([['127.0.0.1:5000'], ['docker.io'], [`${host}.evil.example`], [`evil.example/${host}`]])(
  '%s gets no AWS credential helper',
  (other) => {
    expect(registryLogin([other])).toBeUndefined();
  },
);

test('a CodeBuild job gets the configuration in DOCKER_CONFIG, and no password is cached', () => {
  const environment: NodeJS.ProcessEnv = { CODEBUILD_BUILD_ID: 'acme-hello-build:1' };
  logInToRegistries([host], environment);
  expect(JSON.parse(readFileSync(join(environment.DOCKER_CONFIG ?? '', 'config.json'), 'utf8'))).toEqual({
    credHelpers: { [host]: 'ecr-login' },
  });
  expect(environment.AWS_ECR_DISABLE_CACHE).toBe('true');
  rmSync(environment.DOCKER_CONFIG ?? '', { recursive: true });
});

test.each<[string, NodeJS.ProcessEnv]>([
  ['another machine', {}],
  ['a job with its own DOCKER_CONFIG', { CODEBUILD_BUILD_ID: '1', DOCKER_CONFIG: '/own' }],
])('%s keeps its environment', (_, environment) => {
  const before = { ...environment };
  logInToRegistries([host], environment);
  expect(environment).toEqual(before);
});
