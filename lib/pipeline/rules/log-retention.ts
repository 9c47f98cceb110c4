import { list, member, type Rule } from './rule';

export const logRetention: Rule = {
  id: 'log-retention',
  title: 'Every project writes to a log group of its own template, which is kept for a stated time',
  why: 'A group that CodeBuild makes by itself is kept for ever, by nobody, and outlives the project without anybody knowing.',
  check: (resources) => [
    ...Object.entries(resources)
      .filter(([, { Type, Properties }]) => Type === 'AWS::Logs::LogGroup' && Properties?.RetentionInDays === undefined)
      .map(([resource]) => ({ resource, message: 'is kept for ever' })),
    ...Object.entries(resources)
      .filter(([, { Type }]) => Type === 'AWS::CodeBuild::Project')
      .filter(([, { Properties }]) => {
        const group = member(Properties, 'LogsConfig', 'CloudWatchLogs', 'GroupName');
        const id = list(member(group, 'Ref'))[0];
        return resources[String(id)]?.Type !== 'AWS::Logs::LogGroup';
      })
      .map(([resource, { Properties }]) => ({
        resource,
        message: `${Properties?.Name} writes to a group of nobody's`,
      })),
  ],
};
