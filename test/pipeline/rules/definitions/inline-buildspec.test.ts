import { inlineBuildspec } from '../../../../lib/pipeline/rules/definitions/inline-buildspec';
import { checkRule, resource } from '../check-rule';

const project = (BuildSpec?: string) => resource('AWS::CodeBuild::Project', { Name: 'p', Source: { BuildSpec } });
const spec = (command: string, shell = '  shell: bash\n') =>
  `version: "0.2"\nenv:\n${shell}phases:\n  build:\n    commands:\n      - ${command}\n`;

checkRule(inlineBuildspec, {
  passes: { 'a generated buildspec': project(spec('node "$X/bowline.mjs" scan')) },
  finds: {
    'a file in the source': [project('buildspec.yml'), 'from the source'],
    'the default, which is a file in the source': [project(), 'from the source'],
    'the old version, which runs each command in its own shell': [
      project(spec('ls').replace('0.2', '0.1')),
      'version 0.2',
    ],
    'an unspecified shell': [project(spec('ls', '')), 'shell of its commands'],
    'a pipeline variable in a command': [project(spec('echo #{Source.CommitMessage}')), 'pipeline variable'],
    'text that runs as a program': [project(spec('eval "$X"')), 'runs text'],
  },
});
