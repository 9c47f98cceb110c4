import { type Catalog, loadCatalog, requireEnvironment } from '../../catalog';
import { badInput, exitCodes, rejected } from '../../errors';
import { serviceNames } from '../../pipeline/names';
import type { Builder } from '../../provenance';
import type { DatabaseOrigin } from '../../release';
import { type ImageRepository, imageRepository } from '../../values';
import {
  type CheckId,
  type CheckResult,
  catalogFacts,
  causeOf,
  type EvidenceReaders,
  type Expectations,
  parseVerifiedImage,
  publicKeyFile,
  readPublicKeys,
  type Verification,
  verify,
} from '../../verify';
import { builderOf } from '../builder';
import { painter, type Style, table } from '../terminal';
import { parseFlag } from './steps/step-options';
import { logInTo } from './steps/step-records';

/** Options of `bowline verify`. */
export interface VerifyOptions {
  readonly json: boolean;
  readonly catalog?: string;
  readonly environment?: string;
  readonly class?: string;
  readonly keys?: string;
  readonly key?: string;
  readonly signatures?: string;
  readonly vulnerabilityDatabase?: DatabaseOrigin;
  readonly builder?: Builder['kind'];
}

/** The answers and the time, for tests. */
export interface VerifyContext {
  readonly readers?: EvidenceReaders;
  readonly now?: Date;
}

/** `bowline verify`: exit 0 verified, 2 not verified, 1 inconclusive, 3 bad input. */
export async function verifyCommand(text: string, options: VerifyOptions, context: VerifyContext = {}): Promise<void> {
  const { repository, digest } = parseVerifiedImage(text);
  const catalog = options.catalog === undefined ? undefined : loadCatalog(options.catalog);
  const environmentClass = classOf(options, catalog);
  const keys = readPublicKeys(keyFile(options, environmentClass));
  const expected: Expectations = {
    ...(catalog === undefined
      ? { builder: { kind: options.builder ?? 'codebuild' } }
      : expectationsOf(catalog, repository, options.builder)),
    class: environmentClass,
    databases: options.vulnerabilityDatabase ?? 'feed',
  };
  const location = { repository, digest, signatures: signaturesOf(options, repository, catalog, expected.service) };
  logInTo(repository, location.signatures);
  const verification = await verify({
    location,
    keys,
    expected,
    now: context.now ?? new Date(),
    readers: context.readers,
  });
  process.stdout.write(options.json ? `${JSON.stringify(toJson(text, verification))}\n` : describe(text, verification));
  process.exitCode = {
    verified: exitCodes.passed,
    'not-verified': exitCodes.rejected,
    inconclusive: exitCodes.inconclusive,
  }[verification.outcome];
}

/** The class whose key must have signed. */
function classOf(options: VerifyOptions, catalog: Catalog | undefined): string | undefined {
  if (options.environment === undefined) {
    return options.class;
  }
  if (catalog === undefined) {
    throw badInput('input', '--environment is a name of the catalog: give --catalog, or name the class with --class');
  }
  const { class: named } = requireEnvironment(catalog.platform, options.environment);
  if (options.class !== undefined && options.class !== named) {
    throw badInput('input', `--class ${options.class} differs from the class of ${options.environment}, ${named}`);
  }
  return named;
}

function keyFile(options: VerifyOptions, environmentClass: string | undefined): string {
  if (options.key !== undefined) {
    return options.key;
  }
  const { keys, catalog } = options;
  if ((keys ?? catalog) === undefined || environmentClass === undefined) {
    throw badInput(
      'input',
      'name the public key to verify with: --key <file>, or --catalog <directory> with --environment <name>',
    );
  }
  return publicKeyFile({ keys, catalog: catalog ?? '' }, environmentClass);
}

/** The service is the one whose own repository the image is in. */
function expectationsOf(
  catalog: Catalog,
  repository: ImageRepository,
  builder: Builder['kind'] | undefined,
): Pick<Expectations, 'service' | 'catalog' | 'builder'> {
  const { platform, services } = catalog;
  const service = services.find(({ name }) => serviceNames(platform, name).imageRepository === repository);
  if (service === undefined) {
    throw rejected('other-repository', `${repository} is not the repository of any service in the catalog`);
  }
  return {
    service: service.name,
    catalog: catalogFacts(catalog, service.name, repository),
    builder: builderOf(platform, service.name, builder),
  };
}

function signaturesOf(
  { signatures }: VerifyOptions,
  repository: ImageRepository,
  catalog: Catalog | undefined,
  service: string | undefined,
): ImageRepository {
  if (signatures !== undefined) {
    return parseFlag('--signatures', () => imageRepository(signatures));
  }
  if (catalog !== undefined && service !== undefined) {
    return serviceNames(catalog.platform, service).signatureRepository;
  }
  // As lib/pipeline/names.ts names them: <registry>/<platform>/<service> and <registry>/<platform>/signatures/<service>.
  const [host, platform, name, ...rest] = repository.split('/');
  if (platform === undefined || name === undefined || rest.length > 0) {
    throw badInput('input', `${repository} is not named as Bowline names repositories: give --signatures <repository>`);
  }
  return imageRepository(`${host}/${platform}/signatures/${name}`);
}

function toJson(image: string, verification: Verification): object {
  const { outcome, key, checks, verdict } = verification;
  const cause = causeOf(verification);
  return {
    ok: outcome === 'verified',
    ...(cause === undefined ? {} : { code: cause.code, message: cause.message }),
    image,
    outcome,
    key,
    skipped: checks.filter((check) => check.outcome === 'skipped').map(({ id }) => id),
    checks,
    ...(verdict === undefined
      ? {}
      : {
          service: verdict.service,
          source: verdict.source,
          scannedAt: verdict.scannedAt,
          tools: verdict.tools,
          databases: verdict.verdict.databases,
          policy: verdict.verdict.policy,
        }),
  };
}

const styles: Readonly<Record<CheckResult['outcome'], Style>> = {
  passed: 'green',
  failed: 'red',
  inconclusive: 'yellow',
  skipped: 'dim',
};

/** Only a pipeline has a record to compare with, and knows which commit it releases. */
const pipelineChecks: readonly CheckId[] = ['record', 'commit'];

function describe(image: string, verification: Verification): string {
  const paint = painter(process.stdout);
  const { outcome, checks, verdict } = verification;
  const rows = checks.map((check) => [
    check.outcome,
    check.id,
    'code' in check ? `${check.code}: ${check.message}` : check.message,
  ]);
  const lines = table(rows)
    .split('\n')
    .map((line, index) => paint(styles[checks[index]?.outcome ?? 'skipped'], line));
  const about =
    verdict === undefined
      ? []
      : [
          `${verdict.service}, built from ${verdict.source.repository} ${verdict.source.ref} at ${verdict.source.commit}, scanned at ${verdict.scannedAt}`,
        ];
  const cause = causeOf(verification);
  const skipped = checks.filter((check) => check.outcome === 'skipped' && !pipelineChecks.includes(check.id));
  const unjudged =
    skipped.length === 0
      ? ''
      : `, as far as that goes without a catalog: ${skipped.map(({ id }) => id).join(', ')} skipped`;
  const end =
    outcome === 'verified'
      ? `verified${unjudged}`
      : `${outcome === 'not-verified' ? 'not verified' : outcome}: ${cause?.code}`;
  return `${[image, ...about, '', ...lines, '', paint(outcome === 'verified' ? 'green' : 'red', end)].join('\n')}\n`;
}
