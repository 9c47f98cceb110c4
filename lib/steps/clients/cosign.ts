import { resolve } from 'node:path';
import { mustRunTool, ProgramError, retryTransient, runTool } from '../../process';
import { toolPath } from '../../tools';
import { type Digest, hexOf, parseImageReference } from '../../values';
import {
  type Annotations,
  cosignInvocation as cosign,
  type PredicateType,
  readPredicates,
  readSignatures,
  runVerify,
  runVerifyAttestation,
  type SignedImage,
  typeOption,
} from '../../verify';

interface SigningKey {
  /** cosign key reference, such as `awskms:///alias/acme-production`. */
  readonly key: string;
  /** File that {@link writeSigningConfig} wrote. */
  readonly signingConfig: string;
}

const retries = { attempts: 4, firstWaitSeconds: 1 } as const;

/**
 * Writes the signing configuration without any public service: no transparency log, no timestamp authority. What is signed stays private.
 * @param path file to write
 */
export async function writeSigningConfig(path: string): Promise<void> {
  await mustRunTool({
    program: toolPath('cosign'),
    arguments: ['signing-config', 'create', '--out', resolve(path)],
    timeoutSeconds: 60,
  });
}

/**
 * The public key of a KMS key, as PEM.
 * @param environment further variables, such as the endpoint of a local AWS
 */
export async function publicKeyOf(key: string, environment: Readonly<Record<string, string>> = {}): Promise<string> {
  const { stdout } = await retryTransient(
    () =>
      mustRunTool({
        program: toolPath('cosign'),
        access: ['signing-key'],
        arguments: ['public-key', '--key', keyReference(key)],
        variables: environment,
        timeoutSeconds: 60,
      }),
    retries,
  );
  return stdout;
}

export async function signImage(
  input: SignedImage & SigningKey & { readonly annotations: Annotations },
): Promise<void> {
  await retryTransient(
    () =>
      mustRunTool(
        cosign(input, 'sign', [
          '--yes',
          '--key',
          keyReference(input.key),
          '--signing-config',
          resolve(input.signingConfig),
          ...annotationOptions(input.annotations),
        ]),
      ),
    retries,
  );
}

export async function attestImage(
  input: SignedImage & SigningKey & { readonly type: PredicateType; readonly predicateFile: string },
): Promise<void> {
  await retryTransient(
    () =>
      mustRunTool(
        cosign(input, 'attest', [
          '--yes',
          '--key',
          keyReference(input.key),
          '--signing-config',
          resolve(input.signingConfig),
          '--type',
          typeOption(input.type),
          '--predicate',
          resolve(input.predicateFile),
        ]),
      ),
    retries,
  );
}

/** Signs a file. @param input `bundle`: file to write, in Sigstore's bundle format */
export async function signBlob({
  file,
  key,
  signingConfig,
  bundle,
}: SigningKey & { readonly file: string; readonly bundle: string }): Promise<void> {
  await retryTransient(
    () =>
      mustRunTool({
        program: toolPath('cosign'),
        access: ['signing-key'],
        arguments: [
          ...['sign-blob', '--yes', '--key', keyReference(key), '--signing-config', resolve(signingConfig)],
          ...['--bundle', resolve(bundle), resolve(file)],
        ],
        timeoutSeconds: 120,
      }),
    retries,
  );
}

/** Whether a bundle is a signature of exactly this file by exactly this key. */
export async function verifyBlob(file: string, publicKey: string, bundle: string): Promise<boolean> {
  const { exitCode } = await runTool({
    program: toolPath('cosign'),
    // What is signed is private, so there is no entry in a transparency log.
    arguments: [
      ...['verify-blob', '--key', resolve(publicKey), '--bundle', resolve(bundle)],
      ...['--insecure-ignore-tlog=true', resolve(file)],
    ],
    timeoutSeconds: 120,
  });
  return exitCode === 0;
}

/**
 * Attests a predicate about a file that is stored elsewhere.
 * @param input `name`: of the subject. `bundle`: file to write, in Sigstore's bundle format
 */
export async function attestBlob({
  name,
  digest,
  type,
  predicateFile,
  key,
  signingConfig,
  bundle,
}: SigningKey & {
  readonly name: string;
  readonly digest: Digest;
  readonly type: string;
  readonly predicateFile: string;
  readonly bundle: string;
}): Promise<void> {
  await retryTransient(
    () =>
      mustRunTool({
        program: toolPath('cosign'),
        access: ['signing-key'],
        arguments: [
          ...['attest-blob', '--yes', '--key', keyReference(key), '--signing-config', resolve(signingConfig)],
          ...['--type', type, '--predicate', resolve(predicateFile), '--hash', hexOf(digest)],
          ...['--bundle', resolve(bundle), name],
        ],
        timeoutSeconds: 120,
      }),
    retries,
  );
}

/** Whether a bundle is an attestation about exactly this digest by exactly this key. */
export async function verifyBlobAttestation({
  digest,
  type,
  publicKey,
  bundle,
}: {
  readonly digest: Digest;
  readonly type: string;
  readonly publicKey: string;
  readonly bundle: string;
}): Promise<boolean> {
  const { exitCode } = await runTool({
    program: toolPath('cosign'),
    // What is signed is private, so there is no entry in a transparency log.
    arguments: [
      ...['verify-blob-attestation', '--key', resolve(publicKey), '--bundle', resolve(bundle), '--type', type],
      ...['--insecure-ignore-tlog=true', '--digest', hexOf(digest), '--digestAlg', 'sha256'],
    ],
    timeoutSeconds: 120,
  });
  return exitCode === 0;
}

export type SignatureCheck =
  | { readonly ok: true }
  | { readonly ok: false; readonly code: 'no-signature' | 'key-mismatch'; readonly message: string };

/**
 * Verifies that the key signed exactly this image, for the given service and class.
 * @param input `publicKey`: PEM file
 * @throws ProgramError when cosign has no answer
 */
export async function verifySignature(
  input: SignedImage & { readonly publicKey: string; readonly annotations: Annotations },
): Promise<SignatureCheck> {
  const { image, publicKey, annotations } = input;
  const outcome = await runVerify(input, publicKey);
  const answer = readSignatures(outcome, parseImageReference(image).digest);
  switch (answer.kind) {
    case 'unknown':
      throw new ProgramError('cosign', outcome);
    case 'not-signed':
      return answer.failure === 'other-key'
        ? { ok: false, code: 'key-mismatch', message: `${image} is signed, but not by this key` }
        : { ok: false, code: 'no-signature', message: `${image} has no signature by this key` };
    case 'signed':
      return answer.values.some((found) => Object.entries(annotations).every(([name, value]) => found[name] === value))
        ? { ok: true }
        : { ok: false, code: 'no-signature', message: `${image} has no signature for ${describe(annotations)}` };
  }
}

/**
 * The predicates of all attestations of a type that the key signed about exactly this image.
 * @param input `publicKey`: PEM file
 * @throws ProgramError when cosign has no answer
 */
export async function verifiedPredicates(
  input: SignedImage & { readonly publicKey: string; readonly type: PredicateType },
): Promise<readonly unknown[]> {
  const outcome = await runVerifyAttestation(input, input.publicKey, input.type);
  const answer = readPredicates(outcome, parseImageReference(input.image).digest, input.type);
  if (answer.kind === 'unknown') {
    throw new ProgramError('cosign', outcome);
  }
  return answer.kind === 'signed' ? answer.values : [];
}

/** cosign runs in a folder of its own: the path of a key file is made absolute. */
function keyReference(key: string): string {
  return /^[a-z0-9]+:\/\//.test(key) ? key : resolve(key);
}

function annotationOptions(annotations: Annotations): readonly string[] {
  return Object.entries(annotations).flatMap(([name, value]) => ['-a', `${name}=${value}`]);
}

function describe(annotations: Annotations): string {
  return Object.entries(annotations)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');
}
