import { readFileSync } from 'node:fs';
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
])('of %j these are logged in to by the job’s own role', (hosts, credHelpers) => {
  expect(JSON.parse(registryLogin(hosts) ?? '')).toEqual({ credHelpers });
});

test.each([['127.0.0.1:5000'], ['docker.io'], [`${host}.evil.example`], [`evil.example/${host}`]])(
  '%s gets no password of AWS',
  (other) => {
    expect(registryLogin([other])).toBeUndefined();
  },
);

test('a CodeBuild job has it where its tools look, and no password is kept', () => {
  const environment: NodeJS.ProcessEnv = { CODEBUILD_BUILD_ID: 'acme-hello-build:1' };
  logInToRegistries([host], environment);
  expect(JSON.parse(readFileSync(join(environment.DOCKER_CONFIG ?? '', 'config.json'), 'utf8'))).toEqual({
    credHelpers: { [host]: 'ecr-login' },
  });
  expect(environment.AWS_ECR_DISABLE_CACHE).toBe('true');
});

test.each<[string, NodeJS.ProcessEnv]>([
  ['another machine', {}],
  ['a job that says itself how to log in', { CODEBUILD_BUILD_ID: '1', DOCKER_CONFIG: '/theirs' }],
])('%s is left as it is', (_, environment) => {
  const before = { ...environment };
  logInToRegistries([host], environment);
  expect(environment).toEqual(before);
});
