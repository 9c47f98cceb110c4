import { queuedPipelines } from '../../../../lib/pipeline/rules/definitions/queued-pipelines';
import { checkRule, resource } from '../check-rule';

const pipeline = (more: object) => resource('AWS::CodePipeline::Pipeline', { Name: 'p', ...more });

checkRule(queuedPipelines, {
  passes: { 'queued executions': pipeline({ PipelineType: 'V2', ExecutionMode: 'QUEUED' }) },
  finds: {
    'the default': [pipeline({}), 'p is V1, SUPERSEDED'],
    'parallel executions': [pipeline({ PipelineType: 'V2', ExecutionMode: 'PARALLEL' }), 'PARALLEL'],
  },
});
