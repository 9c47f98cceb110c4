import fc from 'fast-check';
import {
  builderId,
  describeExpectedBuilder,
  isExpectedBuilder,
  parseBuilderId,
  runningBuilder,
} from '../../lib/provenance';

const pipeline = 'arn:aws:codepipeline:eu-west-1:111111111111:acme-hello';
const job = (more: Readonly<Record<string, string | undefined>> = {}) => ({
  CODEBUILD_BUILD_ARN: 'arn:aws:codebuild:eu-west-1:111111111111:build/acme-sign:0000-1111',
  CODEBUILD_INITIATOR: 'codepipeline/acme-hello',
  ...more,
});

test('a job of CodeBuild is a part of the pipeline that CodeBuild names as its initiator', () => {
  expect(runningBuilder(job())).toEqual({ kind: 'codebuild', pipeline });
  const china = 'arn:aws-cn:codebuild:cn-north-1:111111111111:build/acme-sign:0';
  expect(runningBuilder(job({ CODEBUILD_BUILD_ARN: china }))).toEqual({
    kind: 'codebuild',
    pipeline: 'arn:aws-cn:codepipeline:cn-north-1:111111111111:acme-hello',
  });
});

test('a process outside of CodeBuild is a local run', () => {
  expect(runningBuilder({})).toEqual({ kind: 'local' });
});

test.each([
  ['a person', { CODEBUILD_INITIATOR: 'alice' }],
  ['an assumed role', { CODEBUILD_INITIATOR: 'admin/alice' }],
  ['nobody', { CODEBUILD_INITIATOR: undefined }],
  ['a pipeline without a name', { CODEBUILD_INITIATOR: 'codepipeline/' }],
  ['something that ends like a pipeline', { CODEBUILD_INITIATOR: 'my/codepipeline/acme-hello' }],
  ['a pipeline with a path', { CODEBUILD_INITIATOR: 'codepipeline/acme/hello' }],
  ['a pipeline, with the ARN of no build', { CODEBUILD_BUILD_ARN: 'arn:aws:codebuild:eu-west-1:1:project/x' }],
  ['a pipeline, with an empty ARN', { CODEBUILD_BUILD_ARN: '' }],
])('a job that %s started does not sign', (_, changes) => {
  expect(() => runningBuilder(job(changes))).toThrow(expect.objectContaining({ code: 'not-in-pipeline', exitCode: 2 }));
});

test('an ID leads back to its builder', () => {
  for (const builder of [{ kind: 'local' }, { kind: 'codebuild', pipeline }] as const) {
    expect(parseBuilderId(builderId(builder))).toEqual(builder);
  }
});

test('the expected builder is compared as a whole', () => {
  const id = builderId({ kind: 'codebuild', pipeline });
  expect(isExpectedBuilder(id, { kind: 'codebuild', pipeline })).toBe(true);
  expect(isExpectedBuilder(id, { kind: 'codebuild' })).toBe(true);
  expect(isExpectedBuilder(id, { kind: 'codebuild', pipeline: `${pipeline}-2` })).toBe(false);
  expect(isExpectedBuilder(id, { kind: 'local' })).toBe(false);
  expect(isExpectedBuilder(builderId({ kind: 'local' }), { kind: 'local' })).toBe(true);
  expect(isExpectedBuilder(builderId({ kind: 'local' }), { kind: 'codebuild' })).toBe(false);
  expect(describeExpectedBuilder({ kind: 'codebuild', pipeline })).toBe(id);
});

test('an ID with any text before, after or inside is another builder', () => {
  const id = builderId({ kind: 'codebuild', pipeline });
  fc.assert(
    fc.property(fc.nat({ max: id.length }), fc.string({ minLength: 1, maxLength: 8 }), (at, text) => {
      const changed = id.slice(0, at) + text + id.slice(at);
      expect(isExpectedBuilder(changed, { kind: 'codebuild', pipeline })).toBe(false);
    }),
  );
});
