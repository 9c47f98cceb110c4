import { forEach, member, type Rule } from './rule';

export const inlineBuildspec: Rule = {
  id: 'inline-buildspec',
  title: 'What a project runs stands in the template, and takes nothing from outside into its text',
  why: 'A buildspec out of the source runs whatever a commit says, with the rights of the project. `#{…}` is replaced by text before a shell reads it.',
  check: forEach('AWS::CodeBuild::Project', ({ Name, Source }) => {
    const text = member(Source, 'BuildSpec');
    if (typeof text !== 'string' || !/^(?:\{|version:)/m.test(text) || !/version"?: *["']?0\.2/.test(text)) {
      return [`${Name} takes its buildspec from the source, or not in version 0.2`];
    }
    return [
      ...(/shell"?: *"?bash/.test(text) ? [] : [`${Name} does not say which shell runs its commands`]),
      ...(text.includes('#{') ? [`${Name} has a pipeline variable in its commands`] : []),
      ...(/\beval\b|\bsh -c\b/.test(text) ? [`${Name} runs text as a program`] : []),
    ];
  }),
};
