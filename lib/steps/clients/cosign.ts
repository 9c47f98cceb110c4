import { createPublicKey } from 'node:crypto';
import { z } from 'zod';
import { badInput, inconclusive, rejected } from '../../errors';
import { mustRun, type Outcome, ProgramError, retryTransient, run } from '../../process';
import { toolPath } from '../../tools';
import { type Digest, digestOf, type ImageReference, type ImageRepository, parseImageReference } from '../../values';
import { readRefusal } from './cosign-errors';
import { speaksHttp } from './registry';

/** Where cosign keeps what it signs: never the application's repository, so that the signer needs no right to write there. */
export interface SignatureStore {
  readonly signatures: ImageRepository;
}

/** The type that cosign gives to an image signature, as distinct from an attestation, which `cosign verify` takes as well. */
const signatureType = 'https://sigstore.dev/cosign/sign/v1';

/** Predicate types of our attestations. */
const predicateTypes = { sbom: 'https://cyclonedx.org/bom', verdict: 'https://bowline.dev/verdict/v1' } as const;
const cosignTypes: Readonly<Record<Predicate, string>> = { sbom: 'cyclonedx', verdict: predicateTypes.verdict };
type Predicate = keyof typeof predicateTypes;

const patience = { attempts: 4, firstWaitSeconds: 1 } as const;

function cosign(store: SignatureStore, image: ImageReference, words: readonly string[]) {
  const local = speaksHttp(image) ? ['--allow-http-registry'] : [];
  const [command = '', ...options] = words;
  return {
    program: toolPath('cosign'),
    arguments: [command, ...local, ...options, image],
    environment: { COSIGN_REPOSITORY: store.signatures },
    timeoutSeconds: 120,
  };
}

/**
 * Makes the signing configuration that names no service: no public log, no timestamp authority. What is signed is private.
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
 * @param environment added to this process's: where another AWS than its own is asked
 */
export async function publicKeyOf(key: string, environment: Readonly<Record<string, string>> = {}): Promise<string> {
  const words = ['public-key', '--key', key];
  const { stdout } = await retryTransient(
    () => mustRun({ program: toolPath('cosign'), arguments: words, environment, timeoutSeconds: 60 }),
    patience,
  );
  return stdout;
}

/**
 * The name of a public key: sha256 of its DER form.
 * @throws BowlineError `bad-public-key` (exit 3) when the text is not a P-256 public key
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

export type Annotations = Readonly<Record<string, string>>;

export async function signImage(
  store: SignatureStore,
  image: ImageReference,
  key: string,
  signingConfig: string,
  annotations: Annotations,
): Promise<void> {
  const words = Object.entries(annotations).flatMap(([name, value]) => ['-a', `${name}=${value}`]);
  await retryTransient(
    () => mustRun(cosign(store, image, ['sign', '--yes', '--key', key, '--signing-config', signingConfig, ...words])),
    patience,
  );
}

/** Signs a file. @param bundle where the signature goes, in Sigstore's bundle format */
export async function signBlob(file: string, key: string, signingConfig: string, bundle: string): Promise<void> {
  await retryTransient(
    () =>
      mustRun({
        program: toolPath('cosign'),
        arguments: ['sign-blob', '--yes', '--key', key, '--signing-config', signingConfig, '--bundle', bundle, file],
        timeoutSeconds: 120,
      }),
    patience,
  );
}

/** Whether a bundle is a signature of just this file by just this key. */
export async function verifyBlob(file: string, publicKey: string, bundle: string): Promise<boolean> {
  const { exitCode } = await run({
    program: toolPath('cosign'),
    // No public log is asked: what is signed is private.
    arguments: ['verify-blob', '--key', publicKey, '--bundle', bundle, '--insecure-ignore-tlog=true', file],
    timeoutSeconds: 120,
  });
  return exitCode === 0;
}

export async function attestImage(
  store: SignatureStore,
  image: ImageReference,
  key: string,
  signingConfig: string,
  type: Predicate,
  predicateFile: string,
): Promise<void> {
  const words = [
    'attest',
    '--yes',
    '--key',
    key,
    '--signing-config',
    signingConfig,
    '--type',
    cosignTypes[type],
    '--predicate',
    predicateFile,
  ];
  await retryTransient(() => mustRun(cosign(store, image, words)), patience);
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
 * Verifies that this very image was signed by the key, for the stated service and class.
 * `cosign verify` alone is not enough: it also takes an attestation for a signature, and passes if any one matches.
 */
export async function verifySignature(
  store: SignatureStore,
  image: ImageReference,
  publicKey: string,
  annotations: Annotations,
): Promise<SignatureCheck> {
  const words = Object.entries(annotations).flatMap(([name, value]) => ['-a', `${name}=${value}`]);
  const outcome = await verify(store, image, ['verify', '--key', publicKey, '--insecure-ignore-tlog=true', ...words]);
  if (outcome.exitCode !== 0) {
    return notVerified(image, outcome);
  }
  const { digest } = parseImageReference(image);
  const claims = claimsSchema.parse(JSON.parse(outcome.stdout));
  const signed = claims.some(
    ({ critical, optional }) =>
      critical.type === signatureType &&
      critical.image['docker-manifest-digest'] === digest &&
      Object.entries(annotations).every(([name, value]) => optional?.[name] === value),
  );
  return signed
    ? { ok: true }
    : {
        ok: false,
        code: 'no-signature',
        message: `${image} carries attestations, but no signature for ${describe(annotations)}`,
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
 * The predicates of all attestations of a type that the key has signed about this very image, and nothing else:
 * statements about several subjects are not taken.
 */
export async function verifiedPredicates(
  store: SignatureStore,
  image: ImageReference,
  publicKey: string,
  type: Predicate,
): Promise<readonly unknown[]> {
  const outcome = await verify(store, image, [
    'verify-attestation',
    '--key',
    publicKey,
    '--insecure-ignore-tlog=true',
    '--type',
    cosignTypes[type],
  ]);
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
      const about =
        statement.success &&
        `sha256:${statement.data.subject[0]?.digest.sha256}` === digest &&
        statement.data.predicateType === predicateTypes[type];
      return about ? [statement.data.predicate] : [];
    });
}

/** Runs a verification: "it does not verify" is an answer, everything else that fails is trouble. */
async function verify(store: SignatureStore, image: ImageReference, words: readonly string[]): Promise<Outcome> {
  return retryTransient(async () => {
    const outcome = await run(cosign(store, image, words));
    if (outcome.exitCode !== 0 && readRefusal(outcome.stderr) === undefined) {
      throw new ProgramError('cosign', outcome);
    }
    return outcome;
  }, patience);
}

function notVerified(image: ImageReference, outcome: Outcome): SignatureCheck {
  switch (readRefusal(outcome.stderr)) {
    case 'otherwise-annotated':
      // Signed by this key, but as something else: an attestation, or for another service.
      return { ok: false, code: 'no-signature', message: `${image} has no signature for this service and class` };
    case 'other-key':
      return { ok: false, code: 'key-mismatch', message: `${image} is signed, but not by this key` };
    default:
      return { ok: false, code: 'no-signature', message: `${image} has no signature by this key` };
  }
}

function describe(annotations: Annotations): string {
  return Object.entries(annotations)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');
}

/** Turns a failed check into the stop of a verb. */
export function refuseUnsigned(check: Extract<SignatureCheck, { ok: false }>): never {
  throw rejected(check.code, check.message);
}

/** @throws BowlineError `evidence-not-written` when what was just signed can't be read back */
export function requireReadBack(found: boolean, what: string): void {
  if (!found) {
    throw inconclusive('evidence-not-written', `${what} was signed, but can't be read back from the registry`);
  }
}
