import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BowlineError } from '../../lib/errors';
import {
  allChecks,
  causeOf,
  judge,
  parsePublicKeys,
  parseVerifiedImage,
  readFacts,
  requireVerified,
  type Verification,
} from '../../lib/verify';
import { newPublicKey } from './public-key';
import { type Changes, world } from './world';

interface Case {
  /** What is wrong, as a sentence. */
  readonly title: string;
  /** The code and the exit code that stop it. */
  readonly code: string;
  readonly exitCode: 1 | 2 | 3;
  /** The attacks of README.md that it stands for. */
  readonly covers?: readonly string[];
  /** What to ask for, instead of the good image by digest. */
  readonly reference?: string;
  readonly change: Changes;
}

const directory = join(__dirname, 'must-fail');
const names = readdirSync(directory).sort();
const readCase = (name: string) => JSON.parse(readFileSync(join(directory, name, 'case.json'), 'utf8')) as Case;
const goodKeys = newPublicKey();

/** Reads the evidence as `bowline verify` and `promote` do. */
async function readEvidence({
  reference,
  change,
}: Pick<Case, 'reference' | 'change'>): Promise<Parameters<typeof judge>[0]> {
  if (reference !== undefined) {
    parseVerifiedImage(reference);
  }
  const { location, readers, expected, now } = world(change);
  const keys = parsePublicKeys(change.keys ?? goodKeys, 'production.pub');
  return { location, facts: await readFacts(readers, location, keys), expected, now };
}

async function attempt(input: Pick<Case, 'reference' | 'change'>): Promise<Verification> {
  return judge(await readEvidence(input));
}

async function failureOf(input: Case): Promise<{ readonly code: string; readonly exitCode: number } | undefined> {
  try {
    const verification = await attempt(input);
    requireVerified({ location: world(input.change).location }, verification);
    return undefined;
  } catch (error) {
    if (!(error instanceof BowlineError)) {
      throw error;
    }
    return { code: error.code, exitCode: error.exitCode };
  }
}

test('the good evidence is verified by every check, with a record and without', async () => {
  const alone = await attempt({ change: {} });
  expect(causeOf(alone)).toBeUndefined();
  expect(alone.outcome).toBe('verified');
  expect(alone.checks.filter(({ outcome }) => outcome !== 'passed').map(({ id }) => id)).toEqual(['record']);
  const promoted = await attempt({ change: { record: {} } });
  expect(promoted.checks.map(({ outcome }) => outcome)).toEqual(allChecks.map(() => 'passed'));
});

test('there are at least 60 cases', () => {
  expect(names.length).toBeGreaterThanOrEqual(60);
});

test('each code of each check has a case', () => {
  const codes = new Set(names.map((name) => readCase(name).code));
  expect(allChecks.flatMap((check) => check.codes.filter((code) => !codes.has(code)))).toEqual([]);
});

test('every attack of README.md has a case here, or names its test', () => {
  const covered = new Set(names.flatMap((name) => readCase(name).covers ?? []));
  const attacks = [...readFileSync(join(__dirname, 'README.md'), 'utf8').matchAll(/^\| (N\d+) \| (.*) \|$/gm)];
  expect(attacks.map(([, number]) => number)).toEqual(Array.from({ length: 33 }, (_, index) => `N${index + 1}`));
  for (const [, number = '', text = ''] of attacks) {
    const files = [...text.matchAll(/`(test\/[^`]+)`/g)].map(([, file = '']) => file);
    expect([number, covered.has(number) || files.length > 0]).toEqual([number, true]);
    expect(files.filter((file) => !existsSync(join(__dirname, '..', '..', file)))).toEqual([]);
  }
});

test.each(names)('%s', async (name) => {
  const input = readCase(name);
  expect({ title: input.title, ...(await failureOf(input)) }).toEqual({
    title: input.title,
    code: input.code,
    exitCode: input.exitCode,
  });
});

test('for each check, a case passes without it, and only without it', async () => {
  const stops = new Set<string>();
  for (const input of names.map(readCase).filter(({ exitCode }) => exitCode !== 3)) {
    const evidence = await readEvidence(input);
    const stopping = judge(evidence).checks.filter(({ outcome }) => outcome === 'failed' || outcome === 'inconclusive');
    const checks = allChecks.filter(({ id }) => id !== stopping[0]?.id);
    if (stopping.length === 1 && judge({ ...evidence, checks }).outcome === 'verified') {
      stops.add(stopping[0]?.id ?? '');
    }
  }
  expect(allChecks.map(({ id }) => id).filter((id) => !stops.has(id))).toEqual([]);
});
