import { resolve } from 'node:path';
import { type Outcome, ProgramError, retryTransient, runTool, type ToolInvocation } from '../process';
import { toolPath } from '../tools';
import type { ImageReference, ImageRepository } from '../values';
import { type PredicateType, predicateTypes } from './cosign-answers';
import { readVerificationFailure } from './cosign-errors';
import { usesHttp } from './registry-protocol';

/** An image, and the repository of its signatures: never the application's own, so that the signer needs no permission to write there. */
export interface SignedImage {
  readonly signatures: ImageRepository;
  readonly image: ImageReference;
}

/** The types as cosign's option `--type` names them. */
const typeOptions: Readonly<Record<PredicateType, string>> = { ...predicateTypes, sbom: 'cyclonedx' };

/** The option of a type of attestations. */
export function typeOption(type: PredicateType): string {
  return typeOptions[type];
}

const retries = { attempts: 4, firstWaitSeconds: 1 } as const;

/** Runs `cosign verify`. @param publicKey PEM file */
export function runVerify(image: SignedImage, publicKey: string): Promise<Outcome> {
  return runCosign(image, 'verify', ['--key', resolve(publicKey)]);
}

/** Runs `cosign verify-attestation`. @param publicKey PEM file */
export function runVerifyAttestation(image: SignedImage, publicKey: string, type: PredicateType): Promise<Outcome> {
  return runCosign(image, 'verify-attestation', ['--key', resolve(publicKey), '--type', typeOption(type)]);
}

/** "It does not verify" is an outcome; trouble on the way is tried again. */
async function runCosign(image: SignedImage, command: string, options: readonly string[]): Promise<Outcome> {
  try {
    return await retryTransient(async () => {
      // What is signed is private, so there is no entry in a transparency log.
      const outcome = await runTool(cosignInvocation(image, command, [...options, '--insecure-ignore-tlog=true']));
      if (outcome.exitCode !== 0 && readVerificationFailure(outcome.stderr) === undefined) {
        throw new ProgramError('cosign', outcome);
      }
      return outcome;
    }, retries);
  } catch (error) {
    if (error instanceof ProgramError) {
      return error.outcome;
    }
    throw error;
  }
}

export function cosignInvocation(
  { signatures, image }: SignedImage,
  command: string,
  options: readonly string[],
): ToolInvocation {
  return {
    program: toolPath('cosign'),
    arguments: [command, ...(usesHttp(image) ? ['--allow-http-registry'] : []), ...options, image],
    access: ['registry', 'signing-key'],
    variables: { COSIGN_REPOSITORY: signatures },
    timeoutSeconds: 120,
  };
}
