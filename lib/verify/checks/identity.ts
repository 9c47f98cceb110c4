import { type Check, failed, passed, skipped, verdictCheck } from '../check';

export const platformsCheck: Check = verdictCheck(
  'platforms',
  'The registry has exactly the platforms that were scanned',
  ['platform-mismatch'],
  ({ image }, subject) => {
    if (subject.image.kind !== 'image') {
      return skipped('the image in the registry is not known');
    }
    const problem = platformDifference(image.platforms, subject.image.platforms);
    return problem === undefined
      ? passed(Object.keys(image.platforms).sort().join(', '))
      : failed('platform-mismatch', problem);
  },
);

/** What differs between the images by platform that were recorded and those in the registry. */
export function platformDifference(
  recorded: Readonly<Partial<Record<string, string>>>,
  found: Readonly<Partial<Record<string, string>>>,
): string | undefined {
  const platforms = [...new Set([...Object.keys(recorded), ...Object.keys(found)])].sort();
  const [different] = platforms.filter((platform) => recorded[platform] !== found[platform]);
  return different === undefined
    ? undefined
    : `${different}: scanned was ${recorded[different] ?? 'nothing'}, and the registry has ${found[different] ?? 'nothing'}`;
}

export const repositoryCheck: Check = {
  id: 'repository',
  title: "The image is in the service's own repository",
  codes: ['other-repository'],
  run: ({ location, expected: { catalog } }) => {
    if (catalog === undefined) {
      return skipped('the catalog says which repository that is');
    }
    return location.repository === catalog.imageRepository
      ? passed(location.repository)
      : failed(
          'other-repository',
          `the image is in ${location.repository}, and the repository of the service is ${catalog.imageRepository}`,
        );
  },
};

/** Compared as a whole: a longer or shorter name is another repository. */
export const sourceCheck: Check = verdictCheck(
  'source',
  'The source is the repository and the branch of the catalog',
  ['other-source', 'other-ref'],
  ({ source }, { expected: { catalog } }) => {
    if (catalog === undefined) {
      return skipped(`built from ${source.repository} ${source.ref}; the catalog says where it must be from`);
    }
    if (source.repository !== catalog.source.repository) {
      return failed(
        'other-source',
        `the image is built from ${source.repository}, and the source of the service is ${catalog.source.repository}`,
      );
    }
    return source.ref === catalog.source.ref
      ? passed(`${source.repository} ${source.ref}`)
      : failed(
          'other-ref',
          `the image is built from ${source.ref}, and the service is released from ${catalog.source.ref}`,
        );
  },
);

export const commitCheck: Check = verdictCheck(
  'commit',
  'The commit is the one that the pipeline released',
  ['other-commit'],
  ({ source }, { expected: { commit } }) => {
    if (commit === undefined) {
      return skipped(`built from ${source.commit}; only a pipeline knows which commit it releases`);
    }
    return source.commit === commit
      ? passed(commit)
      : failed('other-commit', `the image is built from ${source.commit}, and the pipeline releases ${commit}`);
  },
);
