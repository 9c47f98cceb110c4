import { forEach, member, type Rule } from './rule';

export const pinnedImages: Rule = {
  id: 'pinned-images',
  title: 'A project runs an image by digest',
  why: 'Whoever can move a tag can run code with the rights of the project. Curated CodeBuild images have no digest to name: they are what a platform starts with, until `bowline bootstrap` has made the toolbox.',
  check: forEach('AWS::CodeBuild::Project', ({ Name, Environment }) => {
    const image = String(member(Environment, 'Image'));
    return /@sha256:[0-9a-f]{64}$/.test(image) || image.startsWith('aws/codebuild/') ? [] : [`${Name} runs ${image}`];
  }),
};
