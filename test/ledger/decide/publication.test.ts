import fc from 'fast-check';
import {
  appPath,
  decidePromotion,
  decidePublication,
  type EnvironmentFile,
  environmentPath,
  manifestPath,
  type Publication,
  platformPath,
  publishedPaths,
  releasePath,
  type Snapshot,
  servicePath,
} from '../../../lib/ledger';
import { fakeRenderer, releaseOf, serviceOf } from '../fixtures';

const renderer = fakeRenderer();
const nothing: Snapshot = { commit: undefined, files: new Map() };

function environment(name: string): EnvironmentFile {
  return {
    version: 1,
    name,
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
}

function catalogOf(
  environments: readonly string[],
  services: readonly string[],
  changes: Partial<Publication> = {},
): Publication {
  return {
    environments: environments.map(environment),
    services: environments.flatMap((env) => services.map((name) => serviceOf(name, env))),
    remove: [],
    removeEnvironments: [],
    rerender: false,
    ...changes,
  };
}

function publish(head: Snapshot, publication: Publication, by = renderer): Snapshot {
  const decision = decidePublication(head, publication, by);
  if (decision.kind === 'refuse') {
    throw new Error(`${decision.code}: ${decision.reason}`);
  }
  return decision.kind === 'write' ? after(head, decision) : head;
}

function after(
  head: Snapshot,
  decision: { readonly files: ReadonlyMap<string, string>; readonly deletes: readonly string[] },
): Snapshot {
  const files = new Map([...head.files, ...decision.files]);
  for (const path of decision.deletes) {
    files.delete(path);
  }
  return { commit: 'b'.repeat(40), files };
}

function promote(head: Snapshot, service: string, env: string, name: string, by = renderer): Snapshot {
  const decision = decidePromotion(head, { release: releaseOf(service, env, name) }, by);
  if (decision.kind !== 'write') {
    throw new Error(decision.reason);
  }
  return after(head, decision);
}

describe('publishing', () => {
  test('writes environments, descriptions and shared files to an empty ledger, but no workloads', () => {
    const head = publish(nothing, catalogOf(['dev', 'prod'], ['hello']));
    expect([...head.files.keys()].sort()).toEqual([
      environmentPath('dev'),
      environmentPath('prod'),
      platformPath('dev', 'project-storefront'),
      platformPath('prod', 'project-storefront'),
      servicePath('dev', 'hello'),
      servicePath('prod', 'hello'),
    ]);
  });

  test('is idempotent', () => {
    const names = fc.uniqueArray(fc.constantFrom('hello', 'shop', 'cart', 'mail'));
    const environments = fc.uniqueArray(fc.constantFrom('dev', 'stage', 'prod'), { minLength: 1 });
    fc.assert(
      fc.property(names, environments, (services, envs) => {
        const head = publish(nothing, catalogOf(envs, services));
        expect(decidePublication(head, catalogOf(envs, services), renderer).kind).toBe('nothing');
      }),
    );
  });

  test('renders only changed services that have a release', () => {
    let head = publish(nothing, catalogOf(['dev'], ['hello', 'shop']));
    head = promote(promote(head, 'hello', 'dev', 'one'), 'shop', 'dev', 'one');
    const changed = catalogOf(['dev'], ['hello', 'shop']);
    const publication = {
      ...changed,
      services: changed.services.map((each) => (each.name === 'shop' ? { ...each, memory: '1Gi' } : each)),
    };
    const decision = decidePublication(head, publication, renderer);
    expect(decision.kind === 'write' && [...decision.files.keys()].sort()).toEqual([
      manifestPath('dev', 'shop', 'deployment'),
      servicePath('dev', 'shop'),
    ]);
    expect(decision).toMatchObject({
      message: { subject: 'Publish shop', body: ['changed: shop (dev)'] },
      detail: {
        services: [
          { service: 'hello', environment: 'dev', state: 'unchanged', released: true, rendered: false },
          { service: 'shop', environment: 'dev', state: 'changed', released: true, rendered: true },
        ],
      },
    });
  });

  test('does not change manifests of another version and reports it, unless --rerender is set', () => {
    const older = fakeRenderer('0.9');
    const catalog = catalogOf(['dev'], ['hello']);
    const head = promote(publish(nothing, catalog), 'hello', 'dev', 'one', older);
    expect(decidePublication(head, catalog, renderer)).toMatchObject({
      kind: 'nothing',
      notes: [expect.stringContaining('bowline publish --rerender')],
    });
    const again = publish(head, { ...catalog, rerender: true });
    expect(again.files.get(appPath('dev', 'hello'))).toBe('# 1\nproject: storefront\n');
  });

  test('refuses to remove a service and names the flag that allows it', () => {
    const head = publish(nothing, catalogOf(['dev', 'prod'], ['hello', 'shop']));
    const decision = decidePublication(head, catalogOf(['dev', 'prod'], ['hello']), renderer);
    expect(decision).toMatchObject({ kind: 'refuse', code: 'would-remove' });
    expect(decision.kind === 'refuse' && decision.reason).toMatch(
      /the service shop \(dev, prod\).*bowline publish --remove shop/,
    );
  });

  test('removes exactly the files of a service with --remove', () => {
    const head = promote(publish(nothing, catalogOf(['dev', 'prod'], ['hello', 'shop'])), 'shop', 'dev', 'one');
    const left = publish(head, catalogOf(['dev', 'prod'], ['hello'], { remove: ['shop'] }));
    expect(left.files).toEqual(publish(nothing, catalogOf(['dev', 'prod'], ['hello'])).files);
  });

  test('refuses to remove a service that the catalog still contains', () => {
    const head = publish(nothing, catalogOf(['dev'], ['hello']));
    expect(decidePublication(head, catalogOf(['dev'], ['hello'], { remove: ['hello'] }), renderer)).toMatchObject({
      kind: 'refuse',
      code: 'still-there',
    });
  });

  test('a repeated removal is not an error', () => {
    const head = publish(nothing, catalogOf(['dev'], ['hello']));
    expect(decidePublication(head, catalogOf(['dev'], ['hello'], { remove: ['shop'] }), renderer).kind).toBe('nothing');
  });

  test('refuses to remove an environment without --remove-environment', () => {
    const head = publish(nothing, catalogOf(['dev', 'prod'], ['hello']));
    const smaller = catalogOf(['dev'], ['hello']);
    const decision = decidePublication(head, smaller, renderer);
    expect(decision.kind === 'refuse' && decision.reason).toMatch(/the environment prod.*--remove-environment prod/);
    const removed = publish(head, { ...smaller, removeEnvironments: ['prod'] });
    expect([...removed.files.keys()].filter((path) => path.includes('prod'))).toEqual([]);
  });

  test('a release without a description counts as a removal', () => {
    const head = promote(publish(nothing, catalogOf(['dev'], ['hello'])), 'hello', 'dev', 'one');
    const files = new Map([...head.files].filter(([path]) => path !== servicePath('dev', 'hello')));
    expect(decidePublication({ ...head, files }, catalogOf(['dev'], []), renderer)).toMatchObject({
      code: 'would-remove',
    });
  });

  test('does not change files outside the ledger layout', () => {
    const files = new Map([
      ['README.md', 'read me'],
      ['services/dev/notes.txt', 'x'],
      ['policies/dev/x.yaml', 'y'],
    ]);
    const head = publish({ commit: 'a'.repeat(40), files }, catalogOf(['dev'], []));
    expect([...head.files.keys()]).toEqual(expect.arrayContaining([...files.keys()]));
  });

  test('is refused with file and field if the release of a service is malformed', () => {
    const head = publish(nothing, catalogOf(['dev'], ['hello']));
    const files = new Map([...head.files, [releasePath('dev', 'hello'), '{}']]);
    expect(decidePublication({ ...head, files }, catalogOf(['dev'], ['hello']), renderer)).toMatchObject({
      kind: 'refuse',
      code: 'malformed-input',
      reason: expect.stringContaining('releases/dev/hello.json: malformed at version'),
    });
  });

  test('outputs match the inputs after any sequence of publications and promotions', () => {
    const step = fc.oneof(
      fc.record({
        kind: fc.constant('promote' as const),
        service: fc.constantFrom('hello', 'shop'),
        release: fc.constantFrom('one', 'two'),
      }),
      fc.record({ kind: fc.constant('publish' as const), memory: fc.constantFrom('512Mi', '1Gi', '2Gi') }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 8 }), (steps) => {
        let memory = '512Mi';
        const running = new Map<string, string>();
        const catalog = () => {
          const all = catalogOf(['dev'], ['hello', 'shop']);
          return { ...all, services: all.services.map((each) => ({ ...each, memory })) };
        };
        let head = publish(nothing, catalog());
        for (const each of steps) {
          if (each.kind === 'publish') {
            memory = each.memory;
            head = publish(head, catalog());
          } else {
            running.set(each.service, each.release);
            const decision = decidePromotion(head, { release: releaseOf(each.service, 'dev', each.release) }, renderer);
            head = decision.kind === 'write' ? after(head, decision) : head;
          }
        }
        const outputs = [...head.files].filter(([path]) => /^(?:manifests|apps)\//.test(path)).sort();
        const expected = [...running].flatMap(([name, release]) => [
          ...renderer.service(serviceOf(name, 'dev', { memory }), releaseOf(name, 'dev', release)),
        ]);
        expect(outputs).toEqual(expected.sort());
      }),
    );
  });

  test('depends on every folder of the ledger', () => {
    expect(publishedPaths).toEqual(['environments/', 'services/', 'releases/', 'manifests/', 'apps/', 'platform/']);
  });

  test('reports each service, and says in its message what was created, changed and removed', () => {
    const catalog = catalogOf(['dev', 'prod'], ['hello', 'shop']);
    expect(decidePublication(nothing, catalog, renderer)).toMatchObject({
      message: {
        subject: 'Publish the catalog: 2 created',
        body: ['created: hello (dev, prod), shop (dev, prod)'],
        trailers: { 'Bowline-Change': 'publish' },
      },
      notes: [],
      detail: {
        services: ['dev', 'prod'].flatMap((env) =>
          ['hello', 'shop'].map((service) => ({
            service,
            environment: env,
            state: 'created',
            released: false,
            rendered: false,
          })),
        ),
      },
    });
    const next = {
      ...catalogOf(['dev'], ['hello', 'mail'], { remove: ['shop'], removeEnvironments: ['prod'] }),
    };
    const changed = {
      ...next,
      services: next.services.map((each) => (each.name === 'hello' ? { ...each, memory: '1Gi' } : each)),
    };
    expect(decidePublication(publish(nothing, catalog), changed, renderer)).toMatchObject({
      message: {
        subject: 'Publish the catalog: 1 created, 1 changed, 2 removed',
        body: ['created: mail (dev)', 'changed: hello (dev)', 'removed: shop (dev, prod), hello (prod)'],
      },
      detail: {
        services: [
          { service: 'hello', environment: 'dev', state: 'changed' },
          { service: 'mail', environment: 'dev', state: 'created' },
          { service: 'shop', environment: 'dev', state: 'removed', released: false, rendered: false },
          { service: 'hello', environment: 'prod', state: 'removed', released: false, rendered: false },
          { service: 'shop', environment: 'prod', state: 'removed', released: false, rendered: false },
        ],
      },
    });
  });

  test('of one service is named after it, and of shared files after them', () => {
    expect(decidePublication(nothing, catalogOf(['dev'], ['hello']), renderer)).toMatchObject({
      message: { subject: 'Publish hello' },
    });
    expect(decidePublication(nothing, catalogOf(['dev'], []), renderer)).toMatchObject({
      message: { subject: 'Publish the catalog: render manifests', body: [] },
    });
  });

  test('writes only the shared files of services of the environment, and deletes those of others', () => {
    const team = (name: string, env: string, of: string) => ({ ...serviceOf(name, env), team: of });
    const of = (dev: string, prod: string): Publication => ({
      ...catalogOf(['dev', 'prod'], []),
      services: [team('hello', 'dev', dev), team('hello', 'prod', prod)],
    });
    const shared = (head: Snapshot) => [...head.files.keys()].filter((path) => path.startsWith('platform/')).sort();
    const before = publish(nothing, of('search', 'pay'));
    expect(shared(before)).toEqual([platformPath('dev', 'project-search'), platformPath('prod', 'project-pay')]);
    expect(shared(publish(before, of('checkout', 'pay')))).toEqual([
      platformPath('dev', 'project-checkout'),
      platformPath('prod', 'project-pay'),
    ]);
  });

  test('removes leftover manifests of a service without a release, and says so', () => {
    const catalog = catalogOf(['dev', 'prod'], ['hello', 'shop']);
    let head = promote(publish(nothing, catalog), 'hello', 'dev', 'one');
    head = promote(promote(head, 'hello', 'prod', 'one'), 'shop', 'dev', 'one');
    const files = new Map([...head.files].filter(([path]) => path !== releasePath('dev', 'hello')));
    const decision = decidePublication({ ...head, files }, catalog, renderer);
    expect(decision).toMatchObject({
      kind: 'write',
      notes: [expect.stringContaining('hello in dev has no release')],
    });
    expect(decision.kind === 'write' && [...decision.files]).toEqual([]);
    expect(decision.kind === 'write' && [...decision.deletes].sort()).toEqual([
      appPath('dev', 'hello'),
      manifestPath('dev', 'hello', 'canary'),
      manifestPath('dev', 'hello', 'deployment'),
    ]);
  });

  test('renders nothing again that is current, even if asked to', () => {
    const catalog = catalogOf(['dev'], ['hello']);
    const head = promote(publish(nothing, catalog), 'hello', 'dev', 'one');
    expect(decidePublication(head, { ...catalog, rerender: true }, renderer)).toMatchObject({
      kind: 'nothing',
      notes: [],
      detail: { services: [{ state: 'unchanged', released: true, rendered: false }] },
    });
  });

  test('deletes manifests that the new description has no use for', () => {
    const catalog = catalogOf(['dev'], ['hello']);
    const head = promote(publish(nothing, catalog), 'hello', 'dev', 'one');
    const files = new Map([...head.files, [manifestPath('dev', 'hello', 'old'), 'left']]);
    const decision = decidePublication({ ...head, files }, { ...catalog, rerender: true }, renderer);
    expect(decision).toMatchObject({ kind: 'write', deletes: [manifestPath('dev', 'hello', 'old')], notes: [] });
  });

  test('passes on an error of the renderer', () => {
    const catalog = catalogOf(['dev'], ['hello']);
    const head = promote(publish(nothing, catalog), 'hello', 'dev', 'one');
    const failing = {
      ...renderer,
      service: () => {
        throw new TypeError('of the renderer');
      },
    };
    expect(() => decidePublication(head, catalog, failing)).toThrow('of the renderer');
  });

  test.each([
    ['an input of the environment', environmentPath('dev')],
    ['a shared file of another environment', platformPath('prod', 'project')],
    ['a file that is none of the ledger', 'README.md'],
  ])('fails if the renderer writes %s as a shared file', (_, path) => {
    const broken = { ...renderer, environment: () => new Map([[path, 'text']]) };
    expect(() => decidePublication(nothing, catalogOf(['dev'], []), broken)).toThrow(/the renderer wrote/);
  });
});

describe('removals', () => {
  const published = publish(nothing, catalogOf(['prod', 'dev'], ['shop', 'hello']));
  const refusal = (publication: Publication, head: Snapshot = published) => {
    const decision = decidePublication(head, publication, renderer);
    return decision.kind === 'refuse' ? `${decision.code}: ${decision.reason}` : decision.kind;
  };

  test('are named in the order of their names, each with its environments', () => {
    expect(refusal(catalogOf(['dev', 'prod'], []))).toContain(
      'the service hello (dev, prod), the service shop (dev, prod). To remove it, run "bowline publish --remove hello --remove shop"',
    );
    expect(refusal(catalogOf([], []))).toContain(
      'the environment dev, the environment prod. To remove it, run "bowline publish --remove-environment dev --remove-environment prod"',
    );
    const onlyInDev = catalogOf(['dev', 'prod'], ['hello', 'shop']);
    const services = onlyInDev.services.filter(({ name, environment: env }) => name === 'hello' || env === 'prod');
    expect(refusal({ ...onlyInDev, services })).toContain('the service shop (dev). To remove it');
  });

  test('of one service that the catalog no longer has in one environment are allowed by its name', () => {
    const catalog = catalogOf(['dev', 'prod'], ['hello', 'shop'], { remove: ['shop'] });
    const services = catalog.services.filter(({ name, environment: env }) => name === 'hello' || env === 'prod');
    const left = publish(published, { ...catalog, services });
    expect([...left.files.keys()].filter((path) => path.includes('shop'))).toEqual([servicePath('prod', 'shop')]);
  });

  test('of what the catalog still has are refused', () => {
    const catalog = catalogOf(['dev', 'prod'], ['hello', 'shop']);
    expect(refusal({ ...catalog, remove: ['shop'] })).toMatch(/^still-there: the catalog still contains shop\./);
    expect(refusal({ ...catalog, removeEnvironments: ['prod'] })).toMatch(/^still-there: .*contains prod\./);
    expect(refusal({ ...catalog, remove: ['hello', 'absent'], removeEnvironments: ['absent'] })).toMatch(
      /contains hello\./,
    );
    expect(refusal({ ...catalog, remove: ['absent'], removeEnvironments: ['absent'] })).toBe('nothing');
  });

  test('allowed for one service or environment do not allow others', () => {
    expect(refusal(catalogOf(['dev', 'prod'], [], { remove: ['shop'] }))).toMatch(/^would-remove: .*service hello/);
    expect(refusal(catalogOf([], [], { removeEnvironments: ['dev'] }))).toMatch(/^would-remove: .*environment prod/);
    expect(refusal(catalogOf(['dev'], ['hello'], { removeEnvironments: ['prod'] }))).toMatch(
      /^would-remove: .*the service shop \(dev\)/,
    );
  });

  test('of what the catalog still has are refused beside others that it no longer has', () => {
    const catalog = catalogOf(['dev', 'prod'], ['shop'], { remove: ['hello', 'shop'] });
    expect(refusal(catalog)).toMatch(/^still-there: .*contains shop\./);
  });

  test('are named in the order of their names, whatever the order of the files', () => {
    const released = promote(published, 'shop', 'dev', 'one');
    expect(refusal(catalogOf(['dev', 'prod'], []), released)).toContain(
      'the service hello (dev, prod), the service shop',
    );
    const regions = publish(nothing, catalogOf(['dev', 'dev-eu'], []));
    expect(refusal(catalogOf([], []), regions)).toContain('the environment dev, the environment dev-eu');
  });
});
