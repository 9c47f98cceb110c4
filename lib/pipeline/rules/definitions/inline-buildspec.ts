import { checkEach, type Rule, readMember } from '../rule';

export const inlineBuildspec: Rule = {
  id: 'inline-buildspec',
  title: 'The commands of a project are in the template, and contain no external text',
  why: "A buildspec from the source runs any command of a commit with the project's permissions. CodePipeline replaces `#{…}` before a shell parses the command.",
  check: checkEach('AWS::CodeBuild::Project', ({ Name, Source }) => {
    const text = readMember(Source, 'BuildSpec');
    if (typeof text !== 'string' || !/^(?:\{|version:)/m.test(text) || !/version"?: *["']?0\.2/.test(text)) {
      return [`${Name} has a buildspec from the source, or not in version 0.2`];
    }
    const messages: string[] = [];
    if (!/shell"?: *"?bash/.test(text)) {
      messages.push(`${Name} does not set bash as the shell of its commands`);
    }
    if (text.includes('#{')) {
      messages.push(`${Name} has a pipeline variable in its commands`);
    }
    if (/\beval\b|\bsh -c\b/.test(text)) {
      messages.push(`${Name} runs text as a program`);
    }
    return messages;
  }),
};
