import { checkEach, type Rule, readMember } from '../rule';

export const pinnedImages: Rule = {
  id: 'pinned-images',
  title: 'A project runs an image by digest',
  why: "Anyone who can change a tag can run code with the project's permissions. Curated CodeBuild images have no digest: a platform uses one until `bowline bootstrap` has built the toolbox.",
  check: checkEach('AWS::CodeBuild::Project', ({ Name, Environment }) => {
    const image = String(readMember(Environment, 'Image'));
    return /@sha256:[0-9a-f]{64}$/.test(image) || image.startsWith('aws/codebuild/')
      ? []
      : [`${Name} runs ${image}, which is not pinned by digest`];
  }),
};
