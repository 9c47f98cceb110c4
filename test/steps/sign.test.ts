import { type SignInput, sign } from '../../lib/steps/sign';

const input = {
  release: { service: 'hello', verdict: { outcome: 'passed' } },
  identity: { service: 'hello' },
  run: { builder: { kind: 'codebuild', pipeline: 'arn:aws:codepipeline:eu-west-1:111111111111:acme-hello' } },
} as unknown as SignInput;

test('in a pipeline on AWS nothing is signed without the commit of the source action: the build could claim another one', async () => {
  await expect(sign(input)).rejects.toMatchObject({ code: 'input', exitCode: 3 });
});
