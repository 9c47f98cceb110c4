import { join } from 'node:path';
import { type CelInput, run } from '@bufbuild/cel';
import { strings } from '@bufbuild/cel/ext';
import { App, Chart } from 'cdk8s';
import { manifestsBelow } from '../../../charts/kubernetes/manifest';
import { admission } from '../../../charts/platform/admission';
import { renderer } from '../../../charts/render';
import { loadCatalog } from '../../../lib/catalog';
import { environmentFile } from '../../../lib/ledger';
import { releaseOf, serviceOf } from '../../ledger/fixtures';
import { parseRendered, type RenderedObject } from '../render-catalog';

const catalog = loadCatalog(join(__dirname, '..', '..', '..', 'catalog'));
const [, prod] = catalog.platform.environments;
const environment = environmentFile(catalog.platform, prod as NonNullable<typeof prod>);
const chart = new Chart(new App({ outdir: '' }), 'admission');
const services = ['hello', 'shop'].map((name) => serviceOf(name, 'prod'));
admission(chart, environment, services);
const [policy] = manifestsBelow(chart) as readonly RenderedObject[];
const { variables, validations, matchConstraints, matchConditions } = (policy as RenderedObject).spec;

/** Converts a JSON value to CEL. Numbers become integers. */
function toCel(value: unknown): CelInput {
  if (Array.isArray(value)) {
    return value.map(toCel);
  }
  if (value !== null && typeof value === 'object') {
    return new Map(Object.entries(value).map(([key, member]) => [key, toCel(member)]));
  }
  return typeof value === 'number' ? BigInt(value) : (value as string | boolean | null);
}

/**
 * The messages with which the API server would deny an object: evaluates the CEL expressions of the rendered policy.
 * @param oldObject what an update replaces. Default: the object is created.
 */
function denialsOf(object: object, oldObject: object | null = null): readonly string[] {
  const complete = (each: object) => ({ metadata: { name: 'hello' }, ...each });
  const objects = {
    object: toCel(complete(object)),
    oldObject: oldObject === null ? null : toCel(complete(oldObject)),
  };
  const bound: Record<string, CelInput> = {};
  const evaluate = (expression: string) =>
    run(expression, { ...objects, variables: new Map(Object.entries(bound)) }, { funcs: strings });
  for (const { expression } of matchConditions as readonly { expression: string }[]) {
    const answer = evaluate(expression);
    if (answer === false) {
      return [];
    }
    if (answer !== true) {
      throw new Error(`${expression}: ${String(answer)}`);
    }
  }
  for (const { name, expression } of variables as readonly { name: string; expression: string }[]) {
    bound[name] = evaluate(expression) as CelInput;
  }
  return (validations as readonly { expression: string; messageExpression: string }[])
    .filter(({ expression }) => {
      const answer = evaluate(expression);
      if (typeof answer !== 'boolean') {
        throw new Error(`${expression}: ${String(answer)}`);
      }
      return !answer;
    })
    .map(({ messageExpression }) => String(evaluate(messageExpression)));
}

const image = `${environment.registry}/acme/hello@sha256:${'a'.repeat(64)}`;
const container = {
  name: 'hello',
  image,
  resources: { limits: { memory: '64Mi' } },
  securityContext: { runAsNonRoot: true },
};
const pod = (spec: object) => ({ kind: 'Pod', spec: { containers: [container], ...spec } });

test('admits the Deployment of a service', () => {
  const rendered = parseRendered(renderer.service(serviceOf('hello', 'prod'), releaseOf('hello', 'prod', 'one')));
  const { file, ...deployment } = rendered.find(({ kind }) => kind === 'Deployment') as RenderedObject;
  const inRegistry = JSON.parse(JSON.stringify(deployment).replaceAll('registry.example', environment.registry));
  expect(denialsOf(inRegistry)).toEqual([]);
  expect(denialsOf(pod({}))).toEqual([]);
});

const { runAsNonRoot, ...unspecified } = container.securityContext;
const withContext = (securityContext?: object) => ({ ...container, securityContext });

test.each<[name: string, object: object, message: RegExp]>([
  [
    'an image by tag',
    pod({ containers: [{ ...container, image: 'docker.io/library/alpine:3' }] }),
    /by digest, got: docker.io\/library\/alpine:3/,
  ],
  [
    'an image by tag in an init container',
    pod({ initContainers: [{ ...container, image: `${environment.registry}/a:1` }] }),
    /by digest/,
  ],
  [
    'an image by tag in an ephemeral container',
    pod({ ephemeralContainers: [{ ...container, image: 'busybox' }] }),
    /got: busybox/,
  ],
  [
    'a container without runAsNonRoot in a pod without it',
    pod({ containers: [withContext(unspecified)] }),
    /must not run as root/,
  ],
  [
    'a container with runAsNonRoot: false in a pod with true',
    pod({ securityContext: { runAsNonRoot: true }, containers: [withContext({ runAsNonRoot: false })] }),
    /Containers to fix: hello$/,
  ],
  [
    'user 0 in a container',
    pod({ containers: [withContext({ runAsNonRoot: true, runAsUser: 0 })] }),
    /Containers to fix: hello$/,
  ],
  ['user 0 in a pod', pod({ securityContext: { runAsUser: 0 } }), /must not run as root/],
  [
    'root in an ephemeral container',
    pod({
      securityContext: { runAsNonRoot: true },
      ephemeralContainers: [{ name: 'debug', image, securityContext: { runAsNonRoot: false } }],
    }),
    /Containers to fix: debug$/,
  ],
  [
    'a privileged container',
    pod({ containers: [withContext({ runAsNonRoot: true, privileged: true })] }),
    /must not be privileged/,
  ],
  [
    'a privileged ephemeral container',
    pod({ ephemeralContainers: [{ ...container, securityContext: { runAsNonRoot: true, privileged: true } }] }),
    /must not be privileged/,
  ],
  ['hostNetwork', pod({ hostNetwork: true }), /must not use hostNetwork/],
  ['a hostPath volume', pod({ volumes: [{ name: 'v', hostPath: { path: '/' } }] }), /must not use hostNetwork/],
  [
    'a container without a memory limit',
    pod({ containers: [{ ...container, resources: {} }] }),
    /set a memory limit .* fix: hello/,
  ],
  [
    'a CPU limit without a memory limit',
    pod({ containers: [{ ...container, resources: { limits: { cpu: '1' } } }] }),
    /set a memory limit .* fix: hello/,
  ],
  [
    'an image by tag in a Deployment',
    { kind: 'Deployment', spec: { template: { spec: { containers: [{ ...container, image: 'x' }] } } } },
    /got: x/,
  ],
])('denies %s with a reason', (_, object, message) => {
  expect(denialsOf(object)).toEqual([expect.stringMatching(message)]);
});

test.each<[string, object]>([
  [
    'a container without runAsNonRoot in a pod with it',
    pod({ securityContext: { runAsNonRoot: true }, containers: [withContext(undefined)] }),
  ],
  ['a container with runAsNonRoot in a pod without it', pod({ securityContext: {} })],
  [
    'an ephemeral container without a memory limit',
    pod({ ephemeralContainers: [{ name: 'debug', image, securityContext: { runAsNonRoot: true } }] }),
  ],
  ['an emptyDir volume', pod({ volumes: [{ name: 'tmp', emptyDir: {} }] })],
])('admits %s', (_, object) => {
  expect(denialsOf(object)).toEqual([]);
});

describe('images', () => {
  const { registry } = environment;
  const digest = `@sha256:${'a'.repeat(64)}`;
  const refused = [
    'acme/cache/pull-requests/hello',
    'acme/cache/hello',
    'acme/platform/toolbox',
    'acme/signatures/hello',
    'acme/hello/more',
    'acme/unknown',
    'acme/hell',
    'acme/hello-world',
    'other/hello',
    'hello',
    'acme//hello',
    'acme/platform',
  ];

  test.each(['acme/hello', 'acme/shop'])('%s is admitted', (repository) => {
    expect(denialsOf(pod({ containers: [{ ...container, image: `${registry}/${repository}${digest}` }] }))).toEqual([]);
  });

  test.each([
    ...refused.map((repository) => `${registry}/${repository}${digest}`),
    `${registry}.evil.example/acme/hello${digest}`,
    `evil.example/${registry}/acme/hello${digest}`,
    `${registry.replace('.', 'x')}/acme/hello${digest}`,
    `${registry}:5000/acme/hello${digest}`,
    `${registry}/acme/hello:latest`,
    `${registry}/acme/hello:latest${digest}`,
    `${registry}/acme/hello`,
    `${registry}/acme/hello${digest}0`,
    `${registry}/acme/hello${digest.slice(0, -1)}`,
    `${registry}/acme/hello${digest.toUpperCase()}`,
    `${registry}/acme/hello@sha512:${'a'.repeat(128)}`,
    `${registry}/acme/hello${digest}\n`,
    `x\n${registry}/acme/hello${digest}`,
    '',
  ])('%j is denied in every kind of container and as a volume', (bad) => {
    for (const spec of [
      { containers: [{ ...container, image: bad }] },
      { containers: [container, { ...container, name: 'second', image: bad }] },
      { initContainers: [{ ...container, image: bad }] },
      { ephemeralContainers: [{ ...container, image: bad }] },
      { volumes: [{ name: 'v', image: { reference: bad } }] },
    ]) {
      const denials = denialsOf(pod(spec));
      expect(denials).toEqual([expect.stringContaining('images must be those of a service of prod')]);
      expect(denials[0]).toContain(`got: ${bad}`);
    }
  });

  test('a container or a volume without an image is denied', () => {
    const { image: _, ...without } = container;
    expect(denialsOf(pod({ containers: [without] }))).toHaveLength(1);
    expect(denialsOf(pod({ volumes: [{ name: 'v', image: {} }] }))).toHaveLength(1);
  });

  test('a ledger of an earlier version admits the services below any path of one element', () => {
    const older = new Chart(new App({ outdir: '' }), 'older');
    admission(older, { ...environment, repositories: undefined }, services);
    const [{ spec }] = manifestsBelow(older) as readonly [RenderedObject];
    const { expression } = spec.validations[0];
    const admits = (each: string) =>
      run(
        expression,
        {
          variables: new Map<string, CelInput>([
            ['images', [each]],
            ['services', ['hello', 'shop']],
          ]),
        },
        { funcs: strings },
      );
    expect(['acme/hello', 'other/shop'].map((each) => admits(`${registry}/${each}${digest}`))).toEqual([true, true]);
    expect(refused.slice(0, 8).map((each) => admits(`${registry}/${each}${digest}`))).toEqual(
      Array.from({ length: 8 }, () => false),
    );
  });
});

describe('an update', () => {
  const foreign = { ...container, image: `old.registry.example/acme/hello@sha256:${'b'.repeat(64)}` };
  const replicaSet = (replicas: number, containers: object[], more: object = {}) => ({
    kind: 'ReplicaSet',
    metadata: { name: 'hello-1', ...more },
    spec: { replicas, template: { metadata: {}, spec: { containers } } },
  });

  test('that scales what was admitted before a change of the registry passes', () => {
    expect(denialsOf(replicaSet(0, [foreign]), replicaSet(3, [foreign]))).toEqual([]);
    expect(denialsOf(replicaSet(3, [foreign]), replicaSet(0, [foreign]))).toEqual([]);
  });

  test('that changes labels of a pod, or removes its finalizers while it is deleted, passes', () => {
    const before = { ...pod({ containers: [foreign] }), metadata: { name: 'hello', finalizers: ['x'] } };
    expect(denialsOf({ ...before, metadata: { name: 'hello', labels: { a: 'b' } } }, before)).toEqual([]);
    const deleted = { name: 'hello', deletionTimestamp: '2026-11-30T00:00:00Z' };
    expect(
      denialsOf({ ...pod({ containers: [foreign], activeDeadlineSeconds: 1 }), metadata: deleted }, before),
    ).toEqual([]);
  });

  test.each([
    ['of the image', [foreign], [{ ...foreign, image: foreign.image.replace(/b/g, 'c') }]],
    ['from an admitted image to another one', [container], [foreign]],
    ['that adds a container', [container], [container, { ...foreign, name: 'second' }]],
    ['of a field in a container that would not be admitted', [foreign], [{ ...foreign, args: ['x'] }]],
  ])('%s is judged', (_, before, after) => {
    expect(denialsOf(replicaSet(1, after), replicaSet(1, before))).not.toEqual([]);
  });

  test('that adds an ephemeral container is judged', () => {
    const debug = { name: 'debug', image: 'busybox', securityContext: { runAsNonRoot: true } };
    expect(denialsOf(pod({ ephemeralContainers: [debug] }), pod({}))).toEqual([
      expect.stringContaining('got: busybox'),
    ]);
    expect(denialsOf(pod({ ephemeralContainers: [{ ...debug, image }] }), pod({}))).toEqual([]);
  });

  test('that returns to an image that is not admitted any more is judged', () => {
    expect(denialsOf(replicaSet(1, [foreign]), replicaSet(1, [container]))).not.toEqual([]);
  });

  test('is not confused with a creation: a new object with the same specification is judged', () => {
    expect(denialsOf(replicaSet(0, [foreign]))).not.toEqual([]);
  });
});

test('applies to every resource that creates containers', () => {
  expect(matchConstraints.resourceRules.flatMap(({ resources }: { resources: string[] }) => resources)).toEqual([
    'pods',
    'pods/ephemeralcontainers',
    'deployments',
    'statefulsets',
    'daemonsets',
    'replicasets',
    'jobs',
  ]);
});
