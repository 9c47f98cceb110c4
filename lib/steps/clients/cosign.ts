import { createPublicKey } from 'node:crypto';
import { z } from 'zod';
import { badInput } from '../../errors';
import { mustRun, type Outcome, ProgramError, retryTransient, run } from '../../process';
import { toolPath } from '../../tools';
import { type Digest, digestOf, type ImageReference, type ImageRepository, parseImageReference } from '../../values';
import { readVerificationFailure } from './cosign-errors';
import { usesHttp } from './registry';

/** An image, and the repository of its signatures: never the application's own, so that the signer needs no permission to write there. */
interface SignedImage {
  readonly signatures: ImageRepository;
  readonly image: ImageReference;
}

interface SigningKey {
  /** cosign key reference, such as `awskms:///alias/acme-production`. */
  readonly key: string;
  /** File that {@link writeSigningConfig} wrote. */
  readonly signingConfig: string;
}

export type Annotations = Readonly<Record<string, string>>;

/** The types of Bowline's attestations. */
const predicateTypes = { sbom: 'https://cyclonedx.org/bom', verdict: 'https://bowline.dev/verdict/v2' } as const;
export type PredicateType = keyof typeof predicateTypes;
/** The same types as cosign's option `--type` names them. */
const typeOptions: Readonly<Record<PredicateType, string>> = { sbom: 'cyclonedx', verdict: predicateTypes.verdict };

/** The type that cosign gives to an image signature. `cosign verify` accepts attestations as well, which have another type. */
const signatureType = 'https://sigstore.dev/cosign/sign/v1';

const retries = { attempts: 4, firstWaitSeconds: 1 } as const;

/**
 * Writes the signing configuration without any public service: no transparency log, no timestamp authority. What is signed stays private.
 * @param path file to write
 */
export async function writeSigningConfig(path: string): Promise<void> {
  await mustRun({
    program: toolPath('cosign'),
    arguments: ['signing-config', 'create', '--out', path],
    timeoutSeconds: 60,
  });
}

/**
 * The public key of a KMS key, as PEM.
 * @param environment added to the environment of this process, such as the endpoint of a local AWS
 */
export async function publicKeyOf(key: string, environment: Readonly<Record<string, string>> = {}): Promise<string> {
  const { stdout } = await retryTransient(
    () =>
      mustRun({
        program: toolPath('cosign'),
        arguments: ['public-key', '--key', key],
        environment,
        timeoutSeconds: 60,
      }),
    retries,
  );
  return stdout;
}

/**
 * Identifies a public key: sha256 of its DER form.
 * @throws BowlineError `bad-public-key` (exit 3) when the text is not an ECDSA P-256 public key
 */
export function publicKeyDigest(pem: string): Digest {
  let key: ReturnType<typeof createPublicKey>;
  try {
    key = createPublicKey(pem);
  } catch {
    throw badInput('bad-public-key', 'the public key is not a PEM public key');
  }
  if (key.asymmetricKeyType !== 'ec' || key.asymmetricKeyDetails?.namedCurve !== 'prime256v1') {
    throw badInput(
      'bad-public-key',
      `the public key must be ECDSA P-256, got: ${key.asymmetricKeyType} ${key.asymmetricKeyDetails?.namedCurve ?? ''}`,
    );
  }
  return digestOf(key.export({ type: 'spki', format: 'der' }));
}

export async function signImage(
  input: SignedImage & SigningKey & { readonly annotations: Annotations },
): Promise<void> {
  await retryTransient(
    () =>
      mustRun(
        cosign(input, 'sign', [
          '--yes',
          '--key',
          input.key,
          '--signing-config',
          input.signingConfig,
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
      mustRun(
        cosign(input, 'attest', [
          '--yes',
          '--key',
          input.key,
          '--signing-config',
          input.signingConfig,
          '--type',
          typeOptions[input.type],
          '--predicate',
          input.predicateFile,
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
      mustRun({
        program: toolPath('cosign'),
        arguments: ['sign-blob', '--yes', '--key', key, '--signing-config', signingConfig, '--bundle', bundle, file],
        timeoutSeconds: 120,
      }),
    retries,
  );
}

/** Whether a bundle is a signature of exactly this file by exactly this key. */
export async function verifyBlob(file: string, publicKey: string, bundle: string): Promise<boolean> {
  const { exitCode } = await run({
    program: toolPath('cosign'),
    // What is signed is private, so there is no entry in a transparency log.
    arguments: ['verify-blob', '--key', publicKey, '--bundle', bundle, '--insecure-ignore-tlog=true', file],
    timeoutSeconds: 120,
  });
  return exitCode === 0;
}

const claimsSchema = z.array(
  z.looseObject({
    critical: z.looseObject({ image: z.looseObject({ 'docker-manifest-digest': z.string() }), type: z.string() }),
    optional: z.record(z.string(), z.unknown()).nullish(),
  }),
);

export type SignatureCheck =
  | { readonly ok: true }
  | { readonly ok: false; readonly code: 'no-signature' | 'key-mismatch'; readonly message: string };

/**
 * Verifies that the key signed exactly this image, for the given service and class.
 * `cosign verify` is not enough: it accepts an attestation as a signature, and passes when any one of several matches.
 * @param input `publicKey`: PEM file
 */
export async function verifySignature(
  input: SignedImage & { readonly publicKey: string; readonly annotations: Annotations },
): Promise<SignatureCheck> {
  const { image, publicKey, annotations } = input;
  const options = ['--key', publicKey, '--insecure-ignore-tlog=true', ...annotationOptions(annotations)];
  const outcome = await verify(input, 'verify', options);
  if (outcome.exitCode !== 0) {
    return failedCheck(image, outcome);
  }
  const { digest } = parseImageReference(image);
  const claims = claimsSchema.parse(JSON.parse(outcome.stdout));
  const isSigned = claims.some(
    ({ critical, optional }) =>
      critical.type === signatureType &&
      critical.image['docker-manifest-digest'] === digest &&
      Object.entries(annotations).every(([name, value]) => optional?.[name] === value),
  );
  return isSigned
    ? { ok: true }
    : {
        ok: false,
        code: 'no-signature',
        message: `${image} has attestations, but no signature for ${describe(annotations)}`,
      };
}

const envelopeSchema = z.looseObject({
  payloadType: z.literal('application/vnd.in-toto+json'),
  payload: z.string(),
  signatures: z.array(z.unknown()).min(1),
});
const statementSchema = z.looseObject({
  subject: z.array(z.looseObject({ digest: z.looseObject({ sha256: z.string() }) })).length(1),
  predicateType: z.string(),
  predicate: z.unknown(),
});

/**
 * The predicates of all attestations of a type that the key signed about exactly this image. Statements about several subjects are ignored.
 * @param input `publicKey`: PEM file
 */
export async function verifiedPredicates(
  input: SignedImage & { readonly publicKey: string; readonly type: PredicateType },
): Promise<readonly unknown[]> {
  const { image, publicKey, type } = input;
  const options = ['--key', publicKey, '--insecure-ignore-tlog=true', '--type', typeOptions[type]];
  const outcome = await verify(input, 'verify-attestation', options);
  if (outcome.exitCode !== 0) {
    return [];
  }
  const { digest } = parseImageReference(image);
  return outcome.stdout
    .trim()
    .split('\n')
    .filter((line) => line !== '')
    .flatMap((line) => {
      const envelope = envelopeSchema.parse(JSON.parse(line));
      const statement = statementSchema.safeParse(JSON.parse(Buffer.from(envelope.payload, 'base64').toString('utf8')));
      const isAboutImage =
        statement.success &&
        `sha256:${statement.data.subject[0]?.digest.sha256}` === digest &&
        statement.data.predicateType === predicateTypes[type];
      return isAboutImage ? [statement.data.predicate] : [];
    });
}

/** Runs a verification. "It does not verify" is a result; any other failure is an error. @throws ProgramError */
async function verify(image: SignedImage, command: string, options: readonly string[]): Promise<Outcome> {
  return retryTransient(async () => {
    const outcome = await run(cosign(image, command, options));
    if (outcome.exitCode !== 0 && readVerificationFailure(outcome.stderr) === undefined) {
      throw new ProgramError('cosign', outcome);
    }
    return outcome;
  }, retries);
}

function failedCheck(image: ImageReference, outcome: Outcome): SignatureCheck {
  switch (readVerificationFailure(outcome.stderr)) {
    case 'other-annotations':
      // The key signed something else: an attestation, or a signature for another service.
      return { ok: false, code: 'no-signature', message: `${image} has no signature for this service and class` };
    case 'other-key':
      return { ok: false, code: 'key-mismatch', message: `${image} is signed, but not by this key` };
    default:
      return { ok: false, code: 'no-signature', message: `${image} has no signature by this key` };
  }
}

function cosign({ signatures, image }: SignedImage, command: string, options: readonly string[]) {
  return {
    program: toolPath('cosign'),
    arguments: [command, ...(usesHttp(image) ? ['--allow-http-registry'] : []), ...options, image],
    environment: { COSIGN_REPOSITORY: signatures },
    timeoutSeconds: 120,
  };
}

function annotationOptions(annotations: Annotations): readonly string[] {
  return Object.entries(annotations).flatMap(([name, value]) => ['-a', `${name}=${value}`]);
}

function describe(annotations: Annotations): string {
  return Object.entries(annotations)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');
}
