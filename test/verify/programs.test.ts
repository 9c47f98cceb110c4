import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { digestOf, type ImageReference, type ImageRepository } from '../../lib/values';
import {
  cosignInvocation,
  craneRegistry,
  defaultReaders,
  parsePublicKeys,
  readFacts,
  runVerify,
  runVerifyAttestation,
  typeOption,
} from '../../lib/verify';
import { newPublicKey } from '../evidence/public-key';
import { recordedAnswer, world } from '../evidence/world';

const tools = mkdtempSync(join(tmpdir(), 'bowline-test-'));
const file = (name: string) => join(tools, name);
const before = process.env.BOWLINE_TOOLS;
process.env.BOWLINE_TOOLS = tools;

// Programs that write down how they are called, and answer what a test wants. The first answer may differ from the next ones.
for (const name of ['cosign', 'crane']) {
  writeFileSync(
    file(name),
    [
      '#!/bin/sh',
      'here=$(dirname "$0")',
      'echo "$(basename "$0") $* repository=$COSIGN_REPOSITORY" >> "$here/calls"',
      '[ -e "$DOCKER_CONFIG/config.json" ] && echo "$(basename "$0")" >> "$here/logins"',
      'now=answer',
      '[ -e "$here/first.code" ] && now=first',
      'cat "$here/$now.stdout"',
      'cat "$here/$now.stderr" >&2',
      'code=$(cat "$here/$now.code")',
      'rm -f "$here/first.code"',
      'exit "$code"',
      '',
    ].join('\n'),
    { mode: 0o755 },
  );
}

interface Answer {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function answer(next: Partial<Answer>, first?: Partial<Answer>): void {
  rmSync(file('calls'), { force: true });
  rmSync(file('first.code'), { force: true });
  for (const [name, each] of [['answer', next], ...(first === undefined ? [] : [['first', first]])] as const) {
    const { exitCode = 0, stdout = '', stderr = '' } = each as Partial<Answer>;
    writeFileSync(file(`${name as string}.stdout`), stdout);
    writeFileSync(file(`${name as string}.stderr`), stderr);
    writeFileSync(file(`${name as string}.code`), String(exitCode));
  }
}

const calls = () => (existsSync(file('calls')) ? readFileSync(file('calls'), 'utf8').trim().split('\n') : []);

afterAll(() => {
  if (before === undefined) {
    delete process.env.BOWLINE_TOOLS;
  } else {
    process.env.BOWLINE_TOOLS = before;
  }
  rmSync(tools, { recursive: true, force: true });
});

const digest = digestOf('content');
const image = {
  signatures: 'registry.example/acme/signatures/hello' as ImageRepository,
  image: `registry.example/acme/hello@${digest}` as ImageReference,
};
const local = { ...image, image: `127.0.0.1:5000/acme/hello@${digest}` as ImageReference };
const repository = 'registry.example/acme/hello' as ImageRepository;
const refused = 'Error: Get "https://registry.example/v2/": dial tcp 1.2.3.4:443: connect: connection refused\n';
const denied = 'Error: GET https://registry.example/v2/acme/hello: DENIED: no\n';

test('cosign verifies a signature with the key, the repository of signatures, and no transparency log', async () => {
  answer({ stdout: '[]' });
  expect(await runVerify(image, 'keys/production.pub')).toMatchObject({ exitCode: 0, stdout: '[]' });
  await runVerify(local, '/keys/production.pub');
  expect(calls()).toEqual([
    `cosign verify --key ${resolve('keys/production.pub')} --insecure-ignore-tlog=true ${image.image} repository=${image.signatures}`,
    `cosign verify --allow-http-registry --key /keys/production.pub --insecure-ignore-tlog=true ${local.image} repository=${image.signatures}`,
  ]);
});

test.each([
  ['sbom', 'cyclonedx'],
  ['verdict', 'https://bowline.dev/verdict/v2'],
  ['provenance', 'https://slsa.dev/provenance/v1'],
  ['vex', 'https://openvex.dev/ns/v0.2.0'],
] as const)('cosign verifies an attestation with the key and the type %s', async (type, option) => {
  answer({});
  expect(typeOption(type)).toBe(option);
  await runVerifyAttestation(image, 'keys/production.pub', type);
  expect(calls()).toEqual([
    `cosign verify-attestation --key ${resolve('keys/production.pub')} --type ${option} --insecure-ignore-tlog=true ${image.image} repository=${image.signatures}`,
  ]);
});

test('cosign may use the registry and the signing key, and knows the repository of signatures', () => {
  expect(cosignInvocation(image, 'verify', ['--key', 'a.pub'])).toEqual({
    program: file('cosign'),
    arguments: ['verify', '--key', 'a.pub', image.image],
    access: ['registry', 'signing-key'],
    variables: { COSIGN_REPOSITORY: image.signatures },
    timeoutSeconds: 120,
  });
});

test.each(['nothing-signed', 'signed-by-another-key', 'no-repository'])(
  'that something does not verify is an outcome of cosign: %s',
  async (name) => {
    const { exitCode, stderr } = recordedAnswer(name);
    answer({ exitCode, stderr });
    expect(await runVerify(image, 'a.pub')).toMatchObject({ exitCode, stderr });
    expect(calls()).toHaveLength(1);
  },
);

test('a failure of cosign that no second attempt changes is an outcome', async () => {
  answer({ exitCode: 1, stderr: denied });
  expect(await runVerify(image, 'a.pub')).toMatchObject({ exitCode: 1, stderr: denied });
  expect(calls()).toHaveLength(1);
});

test('cosign and crane try again after trouble on the way', async () => {
  answer({ stdout: 'content' }, { exitCode: 1, stderr: refused });
  expect(await runVerify(image, 'a.pub')).toMatchObject({ exitCode: 0, stdout: 'content' });
  expect(calls()).toHaveLength(2);
  answer({ stdout: 'content' }, { exitCode: 1, stderr: refused });
  expect(await craneRegistry.manifest(repository, digest)).toEqual({ kind: 'content', text: 'content' });
  expect(calls()).toHaveLength(2);
});

test('crane reads a manifest or a configuration by digest', async () => {
  answer({ stdout: 'content' });
  expect(await craneRegistry.manifest(repository, digest)).toEqual({ kind: 'content', text: 'content' });
  expect(await craneRegistry.blob(repository, digest)).toEqual({ kind: 'content', text: 'content' });
  await craneRegistry.blob('127.0.0.1:5000/acme/hello' as ImageRepository, digest);
  expect(calls()).toEqual([
    `crane manifest registry.example/acme/hello@${digest} repository=`,
    `crane blob registry.example/acme/hello@${digest} repository=`,
    `crane --insecure blob 127.0.0.1:5000/acme/hello@${digest} repository=`,
  ]);
});

test('what crane returns is hashed', async () => {
  answer({ stdout: 'other content' });
  expect(await craneRegistry.manifest(repository, digest)).toMatchObject({ kind: 'altered' });
});

test.each([
  ['absent', 'Error: GET https://registry.example/v2/acme/hello: MANIFEST_UNKNOWN: no\n'],
  ['altered', 'Error: error verifying size; got 3, want 4\n'],
  ['unknown', denied],
])('a failure of crane is an answer: %s', async (kind, stderr) => {
  answer({ exitCode: 1, stderr, stdout: 'content' });
  expect(await craneRegistry.manifest(repository, digest)).toMatchObject({ kind });
  expect(calls()).toHaveLength(1);
});

test('by default, facts come from crane and cosign', async () => {
  answer({ exitCode: 1, stderr: 'Error: no signatures found\n' });
  const location = { repository, digest, signatures: image.signatures };
  await defaultReaders.cosign.signatures(location, digest, '/a.pub');
  await defaultReaders.cosign.attestations(location, digest, '/a.pub', 'verdict');
  const { image: found } = await readFacts(defaultReaders, location, []);
  expect(found).toMatchObject({ code: 'registry-unreachable' });
  expect(calls()).toEqual([
    `cosign verify --key /a.pub --insecure-ignore-tlog=true ${image.image} repository=${image.signatures}`,
    `cosign verify-attestation --key /a.pub --type https://bowline.dev/verdict/v2 --insecure-ignore-tlog=true ${image.image} repository=${image.signatures}`,
    `crane manifest ${image.image} repository=`,
  ]);
});

test('each key is a file of its own for the time of the questions', async () => {
  const keys = parsePublicKeys(newPublicKey() + newPublicKey(), 'production.pub');
  const { location, readers } = world({});
  const asked: string[] = [];
  const texts = new Set<string>();
  const facts = await readFacts(
    {
      ...readers,
      cosign: {
        ...readers.cosign,
        signatures: async (where, which, path) => {
          asked.push(path);
          texts.add(readFileSync(path, 'utf8'));
          return readers.cosign.signatures(where, which, path);
        },
      },
    },
    location,
    keys,
  );
  expect(texts).toEqual(new Set(keys.map(({ pem }) => pem)));
  expect(facts.keys.map(({ key }) => key)).toEqual(keys.map((key) => key.digest));
  expect(asked.map((path) => existsSync(path))).toEqual([false, false]);
});

test('cosign and crane get what logs in to registries', async () => {
  rmSync(file('logins'), { force: true });
  answer({ stdout: 'content' });
  await runVerify(image, 'a.pub');
  await craneRegistry.manifest(repository, digest);
  expect(readFileSync(file('logins'), 'utf8').trim().split('\n')).toEqual(['cosign', 'crane']);
});

test('crane and cosign give up after four attempts: nothing is known then', async () => {
  answer({ exitCode: 1, stderr: refused });
  const [read, verified] = await Promise.all([craneRegistry.blob(repository, digest), runVerify(image, 'a.pub')]);
  expect(read).toEqual({ kind: 'unknown', message: expect.stringContaining('crane ended with exit code 1') });
  expect(verified).toMatchObject({ exitCode: 1, stderr: refused });
  const programs = calls().map((call) => call.split(' ')[0]);
  expect(programs.filter((name) => name === 'crane')).toHaveLength(4);
  expect(programs.filter((name) => name === 'cosign')).toHaveLength(4);
});

test('what cosign and crane say is final, whatever they warn about', async () => {
  const warning = 'WARNING: dial tcp 1.2.3.4:443: i/o timeout\n';
  answer({ stdout: 'content', stderr: warning });
  expect(await runVerify(image, 'a.pub')).toMatchObject({ exitCode: 0, stdout: 'content' });
  expect(await craneRegistry.manifest(repository, digest)).toEqual({ kind: 'content', text: 'content' });
  expect(calls()).toHaveLength(2);
  answer({ exitCode: 1, stderr: `${warning}Error: no signatures found\n` });
  expect(await runVerify(image, 'a.pub')).toMatchObject({ exitCode: 1 });
  expect(calls()).toHaveLength(1);
  answer({ exitCode: 1, stderr: `${warning}Error: GET https://registry.example/v2/a: MANIFEST_UNKNOWN: no\n` });
  expect(await craneRegistry.manifest(repository, digest)).toEqual({ kind: 'absent' });
  expect(calls()).toHaveLength(1);
});

test('an error of this machine is no answer of cosign or crane', async () => {
  const config = process.env.DOCKER_CONFIG;
  writeFileSync(file('config.json'), 'no JSON');
  process.env.DOCKER_CONFIG = tools;
  try {
    await expect(runVerify(image, 'a.pub')).rejects.toThrow('is not JSON');
    await expect(craneRegistry.manifest(repository, digest)).rejects.toThrow('is not JSON');
  } finally {
    if (config === undefined) {
      delete process.env.DOCKER_CONFIG;
    } else {
      process.env.DOCKER_CONFIG = config;
    }
  }
});
