import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { badInput, inconclusive } from '../../errors';
import { writeFileAtomic } from '../../process';
import { canonicalJson, type Digest, digestOf, isImageReference } from '../../values';
import type { RunningReleases } from './running-releases';

/** The file that one job writes and the next one reads, in the output artifact of a pipeline action. */
const fileName = 'running.json';

const schema = z.strictObject({
  commit: z.string().optional(),
  releases: z.array(
    z.union([
      z.strictObject({
        environment: z.string(),
        service: z.string(),
        image: z.string().refine(isImageReference, 'must be an image by digest'),
      }),
      z.strictObject({
        environment: z.string(),
        service: z.string(),
        code: z.enum(['unreadable-release', 'release-missing', 'manifest-differs']),
        problem: z.string(),
      }),
    ]),
  ),
});

/**
 * Writes what runs to a folder, and beside it the file of a pipeline variable, `RUNNING_SHA256`.
 * @returns sha256 of the file: the next job gets it as a variable and checks the file against it
 */
export function writeRunningFile(out: string, running: RunningReleases): Digest {
  const { commit, releases } = running;
  const text = canonicalJson({ ...(commit === undefined ? {} : { commit }), releases });
  const sha256 = digestOf(text);
  writeFileAtomic(join(out, fileName), text);
  writeFileAtomic(join(dirname(out), 'exports', 'RUNNING_SHA256'), `${sha256}\n`);
  return sha256;
}

/**
 * Reads what runs from a folder.
 * @param expected sha256 that the job before exported
 * @throws BowlineError `running-missing` (exit 3), `running-altered`, `running-malformed` (exit 1)
 */
export function readRunningFile(directory: string, expected: Digest): RunningReleases {
  const path = join(directory, fileName);
  if (!existsSync(path)) {
    throw badInput('running-missing', `there is no ${fileName} in ${directory}: "bowline releases --out" writes it`);
  }
  const text = readFileSync(path, 'utf8');
  if (digestOf(text) !== expected) {
    throw inconclusive('running-altered', `${path} has sha256 ${digestOf(text)}, expected ${expected}: it was changed`);
  }
  try {
    return schema.parse(JSON.parse(text)) as RunningReleases;
  } catch (error) {
    throw inconclusive('running-malformed', `${path} is not a list of releases: ${(error as Error).message}`);
  }
}
