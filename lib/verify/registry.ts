import { ProgramError, retryTransient, runTool } from '../process';
import { toolPath } from '../tools';
import { type Digest, digestOf, type ImageRepository, imageReference } from '../values';
import { usesHttp } from './registry-protocol';

/** What a registry answers for a digest. */
export type RegistryAnswer =
  | { readonly kind: 'content'; readonly text: string }
  /** It does not have it. */
  | { readonly kind: 'absent' }
  /** It returned other content than the digest names. */
  | { readonly kind: 'altered'; readonly message: string }
  /** There is no answer: nothing is known. */
  | { readonly kind: 'unknown'; readonly message: string };

/** Reads manifests and configurations by digest. */
export interface RegistryReader {
  manifest(repository: ImageRepository, digest: Digest): Promise<RegistryAnswer>;
  blob(repository: ImageRepository, digest: Digest): Promise<RegistryAnswer>;
}

const retries = { attempts: 4, firstWaitSeconds: 0.5 } as const;

/** The registry, through crane, which knows how to log in. */
export const craneRegistry: RegistryReader = {
  manifest: (repository, digest) => read(repository, digest, 'manifest'),
  blob: (repository, digest) => read(repository, digest, 'blob'),
};

async function read(
  repository: ImageRepository,
  digest: Digest,
  command: 'manifest' | 'blob',
): Promise<RegistryAnswer> {
  const reference = imageReference(repository, digest);
  try {
    return await retryTransient(async () => {
      const outcome = await runTool({
        program: toolPath('crane'),
        access: ['registry'],
        arguments: [...(usesHttp(repository) ? ['--insecure'] : []), command, reference],
        timeoutSeconds: 120,
      });
      const answer = outcome.exitCode === 0 ? checkedContent(outcome.stdout, digest) : readFailure(outcome.stderr);
      if (answer === undefined) {
        throw new ProgramError('crane', outcome);
      }
      return answer;
    }, retries);
  } catch (error) {
    if (error instanceof ProgramError) {
      return { kind: 'unknown', message: error.message };
    }
    throw error;
  }
}

/** Content of a registry is what its digest says, or it is altered: this program hashes it. */
export function checkedContent(text: string, digest: Digest): RegistryAnswer {
  const found = digestOf(text);
  return found === digest
    ? { kind: 'content', text }
    : { kind: 'altered', message: `the registry returned other content for ${digest} (${found})` };
}

/**
 * Reads crane's error (go-containerregistry, pkg/v1/remote/fetcher.go and pkg/v1/remote/transport/error.go).
 * @returns undefined for any other failure, such as one of the network
 */
export function readFailure(stderr: string): RegistryAnswer | undefined {
  if (/\b(?:GET|HEAD) \S+: (?:MANIFEST_UNKNOWN|NAME_UNKNOWN|BLOB_UNKNOWN)\b/.test(stderr)) {
    return { kind: 'absent' };
  }
  const altered =
    /manifest digest: "sha256:[0-9a-f]{64}" does not match requested digest|error verifying (?:sha256 checksum|size)[^\n]*/.exec(
      stderr,
    );
  return altered === null ? undefined : { kind: 'altered', message: altered[0] };
}
