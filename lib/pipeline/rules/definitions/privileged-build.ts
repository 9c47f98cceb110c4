import { checkEach, type Rule, readMember } from '../rule';

export const privilegedBuild: Rule = {
  id: 'privileged-build',
  title: 'Only projects that build images are privileged',
  why: 'A privileged container can take over its machine, and with it the credentials of everything that runs there.',
  check: checkEach('AWS::CodeBuild::Project', ({ Name, Environment, Source }) =>
    readMember(Environment, 'PrivilegedMode') === true &&
    !/bowline\.mjs\\?" build |"bash build-toolbox\.sh"/.test(String(readMember(Source, 'BuildSpec')))
      ? [`${Name} is privileged, and runs neither "bowline build" nor the build of the toolbox`]
      : [],
  ),
};
