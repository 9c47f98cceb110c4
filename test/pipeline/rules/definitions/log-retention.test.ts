import { logRetention } from '../../../../lib/pipeline/rules/definitions/log-retention';
import { checkRule, resource } from '../check-rule';

const group = (RetentionInDays?: number) => ({ Log: { Type: 'AWS::Logs::LogGroup', Properties: { RetentionInDays } } });
const project = (GroupName?: unknown) =>
  resource('AWS::CodeBuild::Project', { Name: 'p', LogsConfig: { CloudWatchLogs: { GroupName } } });

checkRule(logRetention, {
  passes: { 'a log group with a retention of one year': { ...group(365), ...project({ Ref: 'Log' }) } },
  finds: {
    'a log group without a retention': [resource('AWS::Logs::LogGroup', {}), 'never expires'],
    'a project without a log group': [project(), 'p writes to a log group outside of its template'],
    'a log group of another template': [{ ...group(365), ...project('/some/where') }, 'outside of its template'],
  },
});
