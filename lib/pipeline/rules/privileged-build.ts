import { forEach, member, type Rule } from './rule';

export const privilegedBuild: Rule = {
  id: 'privileged-build',
  title: 'Only what builds images is privileged',
  why: 'A privileged container can take over the machine under it, and with it the credentials of whatever runs there.',
  check: forEach('AWS::CodeBuild::Project', ({ Name, Environment, Source }) =>
    member(Environment, 'PrivilegedMode') === true &&
    !/bowline\.mjs\\?" build |"bash build-toolbox\.sh"/.test(String(member(Source, 'BuildSpec')))
      ? [`${Name} is privileged, and runs neither "bowline build" nor the build of the toolbox`]
      : [],
  ),
};
