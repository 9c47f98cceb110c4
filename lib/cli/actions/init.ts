import { mkdirSync, readdirSync } from 'node:fs';
import { basename, join, relative, resolve } from 'node:path';
import { CatalogError, parseCatalog } from '../../catalog';
import { badInput } from '../../errors';
import {
  type Files,
  fillTemplate,
  type LineToReplace,
  prepareFolder,
  readTemplate,
  requireFreeFolder,
  type Value,
} from '../../scaffold';
import { cdkConfiguration, packedName, packInto } from '../own-package';
import { painter } from '../terminal';

/** Options of `bowline init`. */
export interface InitOptions {
  readonly json: boolean;
  readonly name?: string;
  readonly account?: string;
  readonly region: string;
  readonly connection?: string;
  readonly ledger?: string;
  readonly githubApp?: string;
  readonly githubInstallation?: string;
  readonly hostname?: string;
  readonly devAccount?: string;
  readonly prodAccount?: string;
  readonly bowline?: string;
}

interface InitResult {
  readonly ok: true;
  readonly directory: string;
  readonly platform: string;
  readonly files: readonly string[];
  /** Placeholders to replace before the first deployment. */
  readonly open: readonly LineToReplace[];
}

/** `bowline init` @throws BowlineError `input`, CatalogError */
export async function runInit(directory: string, options: InitOptions): Promise<void> {
  const path = resolve(directory);
  requireFreeFolder(path);
  const { name, files, open } = platformFiles(path, options);
  const vendored = options.bowline === undefined;
  const prepared = prepareFolder(path, files);
  let all: readonly string[];
  try {
    if (vendored) {
      const vendor = join(prepared.temporary, 'vendor');
      mkdirSync(vendor);
      await packInto(vendor);
    }
    all = readdirSync(prepared.temporary, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => relative(prepared.temporary, join(entry.parentPath, entry.name)))
      .sort();
    prepared.commit();
  } catch (error) {
    prepared.discard();
    throw error;
  }
  const result: InitResult = { ok: true, directory: path, platform: name, files: all, open };
  if (options.json) {
    process.stdout.write(`${JSON.stringify(result)}\n`);
  }
  process.stderr.write(nextSteps(result));
}

/** The files of a platform's repository, without the package in vendor/. @throws CatalogError when the catalog does not accept a given value */
export function platformFiles(
  path: string,
  options: InitOptions,
): { readonly name: string; readonly files: Files; readonly open: readonly LineToReplace[] } {
  const name = options.name ?? platformNameFrom(basename(path));
  const { region } = options;
  const account = valueOr(options.account, '111111111111');
  const ledger = valueOr(options.ledger, `https://github.com/${name}/ledger.git`);
  const values: Readonly<Record<string, Value>> = {
    PLATFORM: { text: name },
    REGION: { text: region },
    ACCOUNT: account,
    DEV_ACCOUNT: options.devAccount === undefined ? account : { text: options.devAccount },
    PROD_ACCOUNT: options.prodAccount === undefined ? account : { text: options.prodAccount },
    CONNECTION: valueOr(
      options.connection,
      `arn:aws:codeconnections:${region}:${account.text}:connection/00000000-0000-4000-8000-000000000000`,
    ),
    LEDGER: ledger,
    CREDENTIAL: ledgerCredential(ledger.text, name, options),
    HOSTNAME: valueOr(options.hostname, `{service}.{environment}.${name}.example.com`),
    BOWLINE: { text: options.bowline ?? `file:vendor/${packedName()}` },
  };
  const { files: filled, open } = fillTemplate(readTemplate('platform'), values);
  const files = new Map([...filled, ['cdk.json', cdkConfiguration()]]);
  const catalog = 'catalog/platform.yaml';
  const result = parseCatalog({ file: join(basename(path), catalog), text: files.get(catalog) ?? '' }, []);
  if (!result.ok) {
    throw new CatalogError(result.problems);
  }
  return { name, files, open };
}

function valueOr(value: string | undefined, placeholder: string): Value {
  return value === undefined ? { text: placeholder, assumed: true } : { text: value };
}

/** Derives a platform's name from a folder's: `Acme platform` → `acme`. */
function platformNameFrom(folder: string): string {
  const name = folder
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+/, '')
    .replace(/-platform$/, '')
    .slice(0, 16)
    .replace(/-+$/, '');
  if (name === '') {
    throw badInput(
      'input',
      `no platform name can be derived from the folder ${JSON.stringify(folder)}: give one with --name`,
    );
  }
  return name;
}

function ledgerCredential(ledger: string, name: string, options: InitOptions): Value {
  if (/^https:\/\/git-codecommit\./.test(ledger)) {
    return { text: '{ kind: codecommit }' };
  }
  const app = JSON.stringify(options.githubApp ?? '0');
  const installation = JSON.stringify(options.githubInstallation ?? '0');
  return {
    text: `{ kind: github-app, appId: ${app}, installationId: ${installation}, secret: ${name}/github-app }`,
    assumed: options.githubApp === undefined || options.githubInstallation === undefined,
  };
}

function nextSteps({ directory, platform, files, open }: InitResult): string {
  const paint = painter(process.stderr);
  const folder = relative(process.cwd(), directory) || '.';
  const lines = [
    paint('bold', `${folder}: ${files.length} files of the platform ${platform}`),
    '',
    'It synthesizes as it is. Next:',
    `  cd ${folder}`,
    '  npm install',
    '  npm run check && npm run synth',
    `  npx bowline new service orders --code ../orders`,
    ...(open.length === 0
      ? []
      : [
          '',
          'Placeholders to replace before the first deployment:',
          ...open.map(({ file, line, what }) => `  ${file}:${line}  ${what}`),
        ]),
    '',
    'RUNBOOK.md leads from an empty account to the first release.',
    '',
  ];
  return lines.join('\n');
}
