import { type Finding, type Rule, readMember, toList } from '../rule';

export const logRetention: Rule = {
  id: 'log-retention',
  title: 'Every project writes to a log group of its own template, which has a retention period',
  why: 'A log group that CodeBuild creates on its own never expires, belongs to no stack and outlives its project.',
  check: (resources) => {
    const findings: Finding[] = [];
    for (const [resource, { Type, Properties }] of Object.entries(resources)) {
      if (Type === 'AWS::Logs::LogGroup' && Properties?.RetentionInDays === undefined) {
        findings.push({ resource, message: 'never expires' });
      }
      if (Type === 'AWS::CodeBuild::Project') {
        const groupName = readMember(Properties, 'LogsConfig', 'CloudWatchLogs', 'GroupName');
        const [groupId] = toList(readMember(groupName, 'Ref'));
        if (resources[String(groupId)]?.Type !== 'AWS::Logs::LogGroup') {
          findings.push({ resource, message: `${Properties?.Name} writes to a log group outside of its template` });
        }
      }
    }
    return findings;
  },
};
