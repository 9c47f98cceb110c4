import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { inconclusive } from '../../errors';
import type { Built } from '../../release';
import { type Digest, digestOf, type ImageReference, imageReference } from '../../values';

/** What the source is compiled for: these decide which files belong to the program. */
export interface CompileTarget {
  /** Such as `linux/amd64`, or `linux/amd64 with cgo`. */
  readonly name: string;
  readonly os: string;
  readonly architecture: string;
  readonly cgo: boolean;
}

/** An artifact of a release: each has an SBOM and scans of its own. */
export type Artifact =
  | {
      readonly kind: 'image';
      /** The platform. */
      readonly name: string;
      readonly digest: Digest;
      readonly image: ImageReference;
      /** The path of the program in the image. */
      readonly program: string;
      readonly target: CompileTarget;
    }
  | {
      readonly kind: 'binary';
      /** The file name. */
      readonly name: string;
      readonly digest: Digest;
      /** Where the file is. */
      readonly file: string;
      readonly program: string;
      readonly target: CompileTarget;
    };

/**
 * The artifacts of a release: the image of each platform, and each plain binary.
 * @param cgo whether the program in the image is compiled with cgo; plain binaries never are
 * @param binaries folder of the plain binaries
 * @throws BowlineError `binary-missing`, `binary-altered` (exit 1) when a binary is not the one of the record
 */
export function artifactsOf(
  { service, image, binaries: recorded }: Built,
  { cgo, binaries }: { readonly cgo: boolean; readonly binaries: string },
): readonly Artifact[] {
  const images = Object.entries(image.platforms)
    .sort()
    .map(
      ([platform, digest]): Artifact => ({
        kind: 'image',
        name: platform,
        digest,
        image: imageReference(image.repository, digest),
        program: `/${service}`,
        target: compileTarget(platform, cgo),
      }),
    );
  const files = [...recorded]
    .sort((a, b) => (a.file < b.file ? -1 : 1))
    .map(({ platform, file, digest }): Artifact => {
      requireContent(join(binaries, file), file, digest);
      return {
        kind: 'binary',
        name: file,
        digest,
        // The scanners run in folders of their own.
        file: resolve(binaries, file),
        program: `/${file}`,
        target: compileTarget(platform, false),
      };
    });
  return [...images, ...files];
}

/** The targets of artifacts, each once: artifacts of one target consist of the same files of the source. */
export function targetsOf(artifacts: readonly Artifact[]): readonly CompileTarget[] {
  return [...new Map(artifacts.map(({ target }) => [target.name, target])).values()];
}

function compileTarget(platform: string, cgo: boolean): CompileTarget {
  const [os = '', architecture = ''] = platform.split('/');
  return { name: cgo ? `${platform} with cgo` : platform, os, architecture, cgo };
}

function requireContent(path: string, file: string, digest: Digest): void {
  if (!existsSync(path)) {
    throw inconclusive(
      'binary-missing',
      `${path} does not exist, and the release record names ${file}: scan needs the binaries in the folder "binaries" of the release folder, where build writes them`,
    );
  }
  if (digestOf(readFileSync(path)) !== digest) {
    throw inconclusive('binary-altered', `${path} is not the binary that the release record names (${digest})`);
  }
}
