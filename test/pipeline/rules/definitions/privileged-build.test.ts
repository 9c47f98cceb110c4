import { privilegedBuild } from '../../../../lib/pipeline/rules/definitions/privileged-build';
import { checkRule, resource } from '../check-rule';

const project = (PrivilegedMode: boolean, command: string) =>
  resource('AWS::CodeBuild::Project', { Name: 'p', Environment: { PrivilegedMode }, Source: { BuildSpec: command } });

checkRule(privilegedBuild, {
  passes: {
    'the build': project(true, 'node "$CODEBUILD_SRC_DIR_Bowline/bowline.mjs" build --catalog x'),
    'the toolbox': project(true, '{"commands":["bash build-toolbox.sh"]}'),
    'an unprivileged scan': project(false, 'node "$CODEBUILD_SRC_DIR_Bowline/bowline.mjs" scan --catalog x'),
  },
  finds: {
    'another script': [project(true, '{"commands":["bash build-toolbox.sh.txt"]}'), 'p is privileged'],
    'a privileged scan': [project(true, 'node "$X/bowline.mjs" scan --out build'), 'p is privileged'],
  },
});
