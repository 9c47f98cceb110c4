import { checkEach, type Rule } from '../rule';

export const queuedPipelines: Rule = {
  id: 'queued-pipelines',
  title: 'A pipeline queues its executions',
  why: 'By default, a later execution silently supersedes a waiting one: its image was built and scanned, and is never promoted. Only pipelines of type V2 can queue.',
  check: checkEach('AWS::CodePipeline::Pipeline', ({ Name, PipelineType, ExecutionMode }) =>
    PipelineType === 'V2' && ExecutionMode === 'QUEUED'
      ? []
      : [`${Name} is ${PipelineType ?? 'V1'}, ${ExecutionMode ?? 'SUPERSEDED'}`],
  ),
};
