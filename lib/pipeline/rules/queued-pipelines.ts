import { forEach, type Rule } from './rule';

export const queuedPipelines: Rule = {
  id: 'queued-pipelines',
  title: 'Every commit gets its turn',
  why: 'By default an execution that a later one overtakes is dropped: an image that was built, scanned and never promoted, without a word. Only pipelines of type V2 can queue.',
  check: forEach('AWS::CodePipeline::Pipeline', ({ Name, PipelineType, ExecutionMode }) =>
    PipelineType === 'V2' && ExecutionMode === 'QUEUED'
      ? []
      : [`${Name} is ${PipelineType ?? 'V1'}, ${ExecutionMode ?? 'SUPERSEDED'}`],
  ),
};
