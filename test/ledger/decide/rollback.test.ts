import {
  type Decision,
  decideRollback,
  type EnvironmentFile,
  environmentPath,
  manifestPath,
  type PromotionDetail,
  pathsOfRollback,
  pathsOfService,
  platformPath,
  type Renderer,
  type Rollback,
  releasePath,
  type Snapshot,
  serializeReleaseFile,
  servicePath,
} from '../../../lib/ledger';
import { canonicalJson } from '../../../lib/values';
import { digestNamed, fakeRenderer, imageNamed, releaseOf, serviceOf } from '../fixtures';

const renderer = fakeRenderer();
const commit = 'e'.repeat(40);
const environment: EnvironmentFile = {
  version: 1,
  name: 'dev',
  class: 'nonproduction',
  cluster: 'https://kubernetes.default.svc',
  argocdNamespace: 'argocd',
  ledger: { repository: 'https://git.example/acme/ledger.git', branch: 'main' },
  registry: 'registry.example',
  prometheus: 'http://prometheus:9090',
  gateway: { name: 'public', namespace: 'gateway' },
  monitorLabels: {},
  agentUrl: 'http://agent',
  addOns: [],
  receivers: {},
};

type Changes = Parameters<typeof serviceOf>[2];

/** A ledger in which hello runs a release, with its environment and another service. */
function ledgerWith(running: string | undefined, changes: Changes = {}, by: Renderer = renderer): Snapshot {
  const service = serviceOf('hello', 'dev', changes);
  const other = serviceOf('other', 'dev', { team: 'search' });
  const files = new Map([
    [environmentPath('dev'), canonicalJson(environment)],
    [servicePath('dev', 'hello'), canonicalJson(service)],
    [servicePath('dev', 'other'), canonicalJson(other)],
    [servicePath('prod', 'third'), canonicalJson(serviceOf('third', 'prod', { team: 'pay' }))],
    [platformPath('prod', 'project-pay'), 'of prod'],
    ...by.environment(environment, [service, other]),
  ]);
  if (running !== undefined) {
    files.set(releasePath('dev', 'hello'), serializeReleaseFile(releaseOf('hello', 'dev', running)));
    for (const [path, text] of by.service(service, releaseOf('hello', 'dev', running))) {
      files.set(path, text);
    }
  }
  return { commit: 'a'.repeat(40), files };
}

/** A rollback of hello to an earlier release, which had a description of its own. */
function rollbackTo(
  name: string,
  changes: Changes = {},
  more: Partial<Rollback> = {},
  by: Renderer = renderer,
): Rollback {
  const release = releaseOf('hello', 'dev', name);
  const service = serviceOf('hello', 'dev', changes);
  return {
    environment: 'dev',
    service: 'hello',
    from: imageNamed('hello', 'two'),
    to: {
      commit,
      release,
      releaseText: serializeReleaseFile(release),
      serviceText: canonicalJson(service),
      outputs: by.service(service, release),
    },
    ...more,
  };
}

const withFiles = (head: Snapshot, ...files: readonly (readonly [string, string])[]): Snapshot => ({
  ...head,
  files: new Map([...head.files, ...files]),
});
const without = (head: Snapshot, ...paths: readonly string[]): Snapshot => ({
  ...head,
  files: new Map([...head.files].filter(([path]) => !paths.includes(path))),
});

/** The files after a decision to write. */
function filesAfter(head: Snapshot, decision: Decision<PromotionDetail>): ReadonlyMap<string, string> {
  if (decision.kind !== 'write') {
    throw new Error(`expected a write, got ${JSON.stringify(decision)}`);
  }
  const files = new Map([...head.files, ...decision.files]);
  for (const path of decision.deletes) {
    files.delete(path);
  }
  return files;
}

describe('a rollback', () => {
  test('restores an earlier release, and changes nothing else', () => {
    const head = ledgerWith('two');
    const decision = decideRollback(head, rollbackTo('one'), renderer);
    expect(filesAfter(head, decision)).toEqual(ledgerWith('one').files);
    expect(decision).toMatchObject({
      notes: [],
      detail: { previous: releaseOf('hello', 'dev', 'two') },
      message: {
        subject: `Roll back hello in dev: ${digestNamed('one').slice(7, 19)}`,
        body: [],
        trailers: {
          Service: 'hello',
          Environment: 'dev',
          'Image-Digest': digestNamed('one'),
          'Previous-Digest': digestNamed('two'),
          'Source-Repository': 'acme/hello',
          'Source-Commit': releaseOf('hello', 'dev', 'one').source.commit,
          Restores: commit,
          'Bowline-Change': 'rollback',
        },
      },
    });
  });

  test('says who wanted it, and why', () => {
    const rollback = rollbackTo('one', {}, { reason: 'errors', requestedBy: 'ada' });
    expect(decideRollback(ledgerWith('two'), rollback, renderer)).toMatchObject({
      message: { body: ['Reason: errors'], trailers: { 'Requested-By': 'ada' } },
    });
  });

  test('restores the earlier description as well, with the shared files that depend on it', () => {
    const head = ledgerWith('two', { team: 'checkout', memory: '1Gi' });
    const decision = decideRollback(head, rollbackTo('one', { team: 'storefront' }), renderer);
    const files = filesAfter(head, decision);
    expect(files).toEqual(ledgerWith('one', { team: 'storefront' }).files);
    expect(files.has(platformPath('dev', 'project-checkout'))).toBe(false);
    expect(files.has(platformPath('dev', 'project-search'))).toBe(true);
    expect(decision).toMatchObject({ notes: [expect.stringContaining('description of hello in dev was restored')] });
  });

  test('to the running release with the same description is nothing', () => {
    expect(decideRollback(ledgerWith('two'), rollbackTo('two'), renderer)).toEqual({
      kind: 'nothing',
      reason: expect.any(String),
      notes: [],
      detail: { previous: releaseOf('hello', 'dev', 'two') },
    });
  });

  test('to the running release with another description is a change', () => {
    const head = ledgerWith('two', { memory: '1Gi' });
    expect(filesAfter(head, decideRollback(head, rollbackTo('two'), renderer))).toEqual(ledgerWith('two').files);
  });

  test.each([
    ['another release', ledgerWith('three')],
    ['no release', ledgerWith(undefined)],
  ])('is refused if HEAD has %s in the meantime', (_, head) => {
    expect(decideRollback(head, rollbackTo('one'), renderer)).toMatchObject({ kind: 'refuse', code: 'superseded' });
  });

  test('of a service without a release restores one', () => {
    const head = ledgerWith(undefined);
    const decision = decideRollback(head, rollbackTo('one', {}, { from: undefined }), renderer);
    expect(filesAfter(head, decision)).toEqual(ledgerWith('one').files);
    expect(decision).toMatchObject({ notes: [], detail: { previous: undefined } });
  });

  test('renders the manifests if HEAD has none', () => {
    const complete = ledgerWith('two');
    const head = without(complete, ...[...complete.files.keys()].filter((path) => /^(?:manifests|apps)\//.test(path)));
    const decision = decideRollback(head, rollbackTo('one'), renderer);
    expect(filesAfter(head, decision)).toEqual(ledgerWith('one').files);
    expect(decision).toMatchObject({ notes: [] });
  });

  test('deletes manifests that are no longer rendered', () => {
    const head = withFiles(ledgerWith(undefined), [manifestPath('dev', 'hello', 'old'), 'left']);
    expect(decideRollback(head, rollbackTo('one', {}, { from: undefined }), renderer)).toMatchObject({
      deletes: [manifestPath('dev', 'hello', 'old')],
    });
  });

  test('is refused for a service without a description', () => {
    const head = without(ledgerWith('two'), servicePath('dev', 'hello'));
    expect(decideRollback(head, rollbackTo('one'), renderer)).toMatchObject({ code: 'service-not-published' });
  });

  test('is refused if the earlier description is malformed', () => {
    const rollback = rollbackTo('one');
    const broken = { ...rollback, to: { ...rollback.to, serviceText: '{}' } };
    expect(decideRollback(ledgerWith('two'), broken, renderer)).toMatchObject({
      kind: 'refuse',
      code: 'malformed-input',
      reason: expect.stringContaining(commit),
    });
  });

  test('passes on an error of the renderer', () => {
    const failing = {
      ...renderer,
      service: () => {
        throw new TypeError('of the renderer');
      },
    };
    expect(() => decideRollback(ledgerWith('two'), rollbackTo('one'), failing)).toThrow('of the renderer');
  });
});

describe('a rollback over manifests of another version', () => {
  const older = fakeRenderer('0.9');

  test('replaces only the image in them', () => {
    const head = ledgerWith('two', {}, older);
    const decision = decideRollback(head, rollbackTo('one', {}, {}, renderer), renderer);
    expect(filesAfter(head, decision)).toEqual(ledgerWith('one', {}, older).files);
    expect(decision).toMatchObject({ notes: [expect.stringContaining('only the image in them was replaced')] });
  });

  test('restores the earlier manifests byte for byte if the description changed as well', () => {
    const head = ledgerWith('two', { memory: '1Gi' }, older);
    const decision = decideRollback(head, rollbackTo('one', {}, {}, older), renderer);
    expect(filesAfter(head, decision)).toEqual(ledgerWith('one', {}, older).files);
    expect(decision).toMatchObject({
      notes: [
        expect.stringContaining(`the manifests of ledger commit ${commit} were restored unchanged`),
        expect.stringContaining('The shared files of dev'),
        expect.stringContaining('description of hello in dev was restored'),
      ],
    });
  });

  test('restores the earlier manifests if the image cannot be replaced', () => {
    const deployment = manifestPath('dev', 'hello', 'deployment');
    const head = withFiles(ledgerWith('two', {}, older), [deployment, 'image: by-hand\n']);
    const decision = decideRollback(head, rollbackTo('one', {}, {}, older), renderer);
    expect(filesAfter(head, decision)).toEqual(ledgerWith('one', {}, older).files);
  });

  test.each([
    ['do not have the image', 'image: by-hand\n'],
    ['have the image twice', digestNamed('one').repeat(2)],
  ])('is refused if neither HEAD nor the earlier manifests help: they %s', (_, text) => {
    const deployment = manifestPath('dev', 'hello', 'deployment');
    const head = withFiles(ledgerWith('two', {}, older), [deployment, 'image: by-hand\n']);
    const rollback = rollbackTo('one', {}, {}, older);
    const outputs = new Map([...rollback.to.outputs, [deployment, text]]);
    expect(decideRollback(head, { ...rollback, to: { ...rollback.to, outputs } }, renderer)).toMatchObject({
      kind: 'refuse',
      code: 'manifests-unclear',
    });
  });
});

describe('the shared files of an environment', () => {
  const changed = { team: 'checkout' };

  test.each<readonly [string, (head: Snapshot) => Snapshot]>([
    ['another version wrote them', (head) => withFiles(head, [platformPath('dev', 'project-search'), 'by hand'])],
    ['one of them is missing', (head) => without(head, platformPath('dev', 'project-search'))],
    ['the environment is malformed', (head) => withFiles(head, [environmentPath('dev'), '{}'])],
    ['the description of another service is malformed', (head) => withFiles(head, [servicePath('dev', 'other'), '{}'])],
  ])('are not changed, with a note, if %s', (_, change) => {
    const head = change(ledgerWith('two', changed));
    const decision = decideRollback(head, rollbackTo('one'), renderer);
    const files = filesAfter(head, decision);
    expect([...files].filter(([path]) => path.startsWith('platform/'))).toEqual(
      [...head.files].filter(([path]) => path.startsWith('platform/')),
    );
    expect(decision).toMatchObject({
      notes: [expect.stringContaining('platform/dev/'), expect.stringContaining('description of hello')],
    });
  });

  test('are rendered beside files that are none of the ledger', () => {
    const head = withFiles(
      ledgerWith('two', changed),
      ['services/dev/notes.txt', 'x'],
      ['platform/dev/notes.txt', 'x'],
    );
    const decision = decideRollback(head, rollbackTo('one'), renderer);
    expect(filesAfter(head, decision)).toEqual(
      withFiles(ledgerWith('one'), ['services/dev/notes.txt', 'x'], ['platform/dev/notes.txt', 'x']).files,
    );
  });

  test('are not changed if the ledger has no environment', () => {
    const head = without(ledgerWith('two', changed), environmentPath('dev'));
    const decision = decideRollback(head, rollbackTo('one'), renderer);
    expect(decision).toMatchObject({ kind: 'write', deletes: [], notes: [expect.stringContaining('description of')] });
    expect(filesAfter(head, decision).has(platformPath('dev', 'project-checkout'))).toBe(true);
  });

  test('are rendered from the services of the environment, by name', () => {
    const seen: string[][] = [];
    const watching: Renderer = {
      ...renderer,
      environment: (each, services) => {
        seen.push(services.map(({ name, team }) => `${name} of ${team}`));
        return renderer.environment(each, services);
      },
    };
    const { files } = ledgerWith('two', changed);
    for (const order of [[...files], [...files].reverse()]) {
      seen.length = 0;
      decideRollback({ commit, files: new Map(order) }, rollbackTo('one'), watching);
      expect(seen).toEqual([
        ['hello of checkout', 'other of search'],
        ['hello of storefront', 'other of search'],
      ]);
    }
  });

  test('of the renderer with an error are an error', () => {
    const failing: Renderer = {
      ...renderer,
      environment: () => {
        throw new TypeError('of the renderer');
      },
    };
    expect(() => decideRollback(ledgerWith('two', changed), rollbackTo('one'), failing)).toThrow('of the renderer');
  });
});

test('a decision depends on these paths', () => {
  const ofService = [
    'services/dev/hello.json',
    'releases/dev/hello.json',
    'manifests/dev/hello/',
    'apps/dev/hello.yaml',
  ];
  expect(pathsOfService('dev', 'hello')).toEqual(ofService);
  expect(pathsOfRollback('dev', 'hello')).toEqual([
    ...ofService,
    'environments/dev.json',
    'services/dev/',
    'platform/dev/',
  ]);
});
