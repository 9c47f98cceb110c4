import { pinnedImages } from '../../../../lib/pipeline/rules/definitions/pinned-images';
import { checkRule, resource } from '../check-rule';

const project = (Image: string) => resource('AWS::CodeBuild::Project', { Name: 'p', Environment: { Image } });

checkRule(pinnedImages, {
  passes: {
    'an image by digest': project(`registry.example/toolbox@sha256:${'a'.repeat(64)}`),
    'a curated image': project('aws/codebuild/standard:7.0'),
  },
  finds: {
    'a tag': [project('registry.example/toolbox:1.2'), 'p runs registry.example/toolbox:1.2'],
    'a short digest': [project('registry.example/toolbox@sha256:abc'), 'p runs'],
    'a name that ends like a curated image': [project('evil.example/aws/codebuild/standard:7.0'), 'evil'],
  },
});
