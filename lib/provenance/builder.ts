import { rejected } from '../errors';

/** The IDs of builders. docs/reference/provenance.md says what each stands for. */
const codebuildPrefix = 'https://bowline.dev/builders/codebuild/v1/';
const localId = 'https://bowline.dev/builders/local/v1';

/** Who built a release: one release pipeline on AWS, or a machine that runs it locally. */
export type Builder =
  | {
      readonly kind: 'codebuild';
      /** The ARN of the pipeline. */
      readonly pipeline: string;
    }
  | { readonly kind: 'local' };

/** The builder that a verification accepts. Without an ARN: any pipeline on AWS. */
export type ExpectedBuilder = { readonly kind: 'codebuild'; readonly pipeline?: string } | { readonly kind: 'local' };

const pipelineArn = /^arn:aws[a-z-]*:codepipeline:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9.@_-]{1,100}$/;

/** `runDetails.builder.id` */
export function builderId(builder: Builder): string {
  return builder.kind === 'local' ? localId : `${codebuildPrefix}${builder.pipeline}`;
}

/** The builder of an ID. Compared as a whole: a longer or shorter ID is another builder. @returns undefined for any other */
export function parseBuilderId(id: string): Builder | undefined {
  if (id === localId) {
    return { kind: 'local' };
  }
  const pipeline = id.startsWith(codebuildPrefix) ? id.slice(codebuildPrefix.length) : '';
  return pipelineArn.test(pipeline) ? { kind: 'codebuild', pipeline } : undefined;
}

/** Whether a builder is the one that is expected. */
export function isExpectedBuilder(id: string, expected: ExpectedBuilder): boolean {
  const builder = parseBuilderId(id);
  if (builder?.kind !== 'codebuild' || expected.kind !== 'codebuild') {
    return builder?.kind === expected.kind;
  }
  return expected.pipeline === undefined || builder.pipeline === expected.pipeline;
}

/** For messages. */
export function describeExpectedBuilder(expected: ExpectedBuilder): string {
  return expected.kind === 'local' ? localId : `${codebuildPrefix}${expected.pipeline ?? '<ARN of a pipeline>'}`;
}

/**
 * The builder that this process is a part of, by the variables that CodeBuild itself sets: names with this prefix are reserved, so that neither an
 * action nor a buildspec decides them (https://docs.aws.amazon.com/codebuild/latest/userguide/build-env-ref-env-vars.html).
 * @throws BowlineError `not-in-pipeline` (exit 2) in a job that no pipeline started
 */
export function runningBuilder({
  CODEBUILD_BUILD_ARN: build,
  CODEBUILD_INITIATOR: initiator,
}: NodeJS.ProcessEnv): Builder {
  if (build === undefined) {
    return { kind: 'local' };
  }
  const [, partition, region, account] =
    /^arn:(aws[a-z-]*):codebuild:([a-z0-9-]+):([0-9]{12}):build\//.exec(build) ?? [];
  const name = /^codepipeline\/(.+)$/.exec(initiator ?? '')?.[1];
  const pipeline = `arn:${partition}:codepipeline:${region}:${account}:${name}`;
  if (account === undefined || name === undefined || !pipelineArn.test(pipeline)) {
    throw rejected(
      'not-in-pipeline',
      `this job (${build}) was started by ${initiator ?? 'nobody known'}, not by a release pipeline: nothing is signed for it. Start a release from its source`,
    );
  }
  return { kind: 'codebuild', pipeline };
}
