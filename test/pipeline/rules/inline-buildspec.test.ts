import { inlineBuildspec } from '../../../lib/pipeline/rules/inline-buildspec';
import { checkRule, resource } from './check-rule';

const project = (BuildSpec?: string) => resource('AWS::CodeBuild::Project', { Name: 'p', Source: { BuildSpec } });
const spec = (command: string, shell = '  shell: bash\n') =>
  `version: "0.2"\nenv:\n${shell}phases:\n  build:\n    commands:\n      - ${command}\n`;

checkRule(inlineBuildspec, {
  passes: { 'a generated one': project(spec('node "$X/bowline.mjs" scan')) },
  finds: {
    'a file of the source': [project('buildspec.yml'), 'from the source'],
    'the default, which is a file of the source': [project(), 'from the source'],
    'the old version, where each command has a shell of its own': [
      project(spec('ls').replace('0.2', '0.1')),
      'version 0.2',
    ],
    'a shell that is not said': [project(spec('ls', '')), 'which shell'],
    'a pipeline variable in a command': [project(spec('echo #{Source.CommitMessage}')), 'pipeline variable'],
    'a text that is run': [project(spec('eval "$X"')), 'runs text'],
  },
});
