import { logRetention } from '../../../lib/pipeline/rules/log-retention';
import { checkRule, resource } from './check-rule';

const group = (RetentionInDays?: number) => ({ Log: { Type: 'AWS::Logs::LogGroup', Properties: { RetentionInDays } } });
const project = (GroupName?: unknown) =>
  resource('AWS::CodeBuild::Project', { Name: 'p', LogsConfig: { CloudWatchLogs: { GroupName } } });

checkRule(logRetention, {
  passes: { 'a group that is kept for a year': { ...group(365), ...project({ Ref: 'Log' }) } },
  finds: {
    'a group that is kept for ever': [resource('AWS::Logs::LogGroup', {}), 'is kept for ever'],
    'a project that makes its own group': [project(), 'p writes to a group of nobody'],
    'a group of another template': [{ ...group(365), ...project('/some/where') }, 'group of nobody'],
  },
});
