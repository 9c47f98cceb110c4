import { join } from 'node:path';
import { type CelInput, run } from '@bufbuild/cel';
import { strings } from '@bufbuild/cel/ext';
import { App, Chart } from 'cdk8s';
import { objectsBelow } from '../../../charts/kubernetes/manifest';
import { admission } from '../../../charts/platform/admission';
import { renderer } from '../../../charts/render';
import { loadCatalog } from '../../../lib/catalog';
import { environmentFile } from '../../../lib/ledger';
import { releaseOf, serviceOf } from '../../ledger/fixtures';
import { objectsIn, type RenderedObject } from '../render-catalog';

const catalog = loadCatalog(join(__dirname, '..', '..', '..', 'catalog'));
const [, prod] = catalog.platform.environments;
const environment = environmentFile(catalog.platform, prod as NonNullable<typeof prod>);
const chart = new Chart(new App({ outdir: '' }), 'admission');
admission(chart, environment);
const [policy] = objectsBelow(chart) as readonly RenderedObject[];
const { variables, validations, matchConstraints } = (policy as RenderedObject).spec;

/** A JSON value as CEL has it: whole numbers are integers. */
function cel(value: unknown): CelInput {
  if (Array.isArray(value)) {
    return value.map(cel);
  }
  if (value !== null && typeof value === 'object') {
    return new Map(Object.entries(value).map(([key, member]) => [key, cel(member)]));
  }
  return typeof value === 'number' ? BigInt(value) : (value as string | boolean | null);
}

/** What the API server would say of an object: the sentences of all validations that do not hold, in CEL as it is rendered. */
function refusals(object: object): readonly string[] {
  const bound: Record<string, CelInput> = {};
  const ask = (expression: string) =>
    run(expression, { object: cel(object), variables: new Map(Object.entries(bound)) }, { funcs: strings });
  for (const { name, expression } of variables as readonly { name: string; expression: string }[]) {
    bound[name] = ask(expression) as CelInput;
  }
  return (validations as readonly { expression: string; messageExpression: string }[])
    .filter(({ expression }) => {
      const answer = ask(expression);
      if (typeof answer !== 'boolean') {
        throw new Error(`${expression}: ${String(answer)}`);
      }
      return !answer;
    })
    .map(({ messageExpression }) => String(ask(messageExpression)));
}

const image = `${environment.registry}/acme/hello@sha256:${'a'.repeat(64)}`;
const container = {
  name: 'hello',
  image,
  resources: { limits: { memory: '64Mi' } },
  securityContext: { runAsNonRoot: true },
};
const pod = (spec: object) => ({ kind: 'Pod', spec: { containers: [container], ...spec } });

test('lets in what we render', () => {
  const rendered = objectsIn(renderer.service(serviceOf('hello', 'prod'), releaseOf('hello', 'prod', 'one')));
  const { file, ...deployment } = rendered.find(({ kind }) => kind === 'Deployment') as RenderedObject;
  const ours = JSON.parse(JSON.stringify(deployment).replaceAll('registry.example', environment.registry));
  expect(refusals(ours)).toEqual([]);
  expect(refusals(pod({}))).toEqual([]);
});

const { runAsNonRoot, ...silent } = container.securityContext;
const without = (securityContext?: object) => ({ ...container, securityContext });

test.each<[what: string, object: object, says: RegExp]>([
  [
    'an image by tag',
    pod({ containers: [{ ...container, image: 'docker.io/library/alpine:3' }] }),
    /by digest; this does not: docker.io\/library\/alpine:3/,
  ],
  [
    'an image by tag in an init container',
    pod({ initContainers: [{ ...container, image: `${environment.registry}/a:1` }] }),
    /by digest/,
  ],
  [
    'an image by tag in an ephemeral container',
    pod({ ephemeralContainers: [{ ...container, image: 'busybox' }] }),
    /this does not: busybox/,
  ],
  [
    'a container that says nothing of root, in a pod that does not either',
    pod({ containers: [without(silent)] }),
    /without root/,
  ],
  [
    'a container that wants root in a pod that does not',
    pod({ securityContext: { runAsNonRoot: true }, containers: [without({ runAsNonRoot: false })] }),
    /these do not: hello$/,
  ],
  [
    'user 0 in a container',
    pod({ containers: [without({ runAsNonRoot: true, runAsUser: 0 })] }),
    /these do not: hello$/,
  ],
  ['user 0 in a pod', pod({ securityContext: { runAsUser: 0 } }), /without root/],
  [
    'root in an ephemeral container',
    pod({
      securityContext: { runAsNonRoot: true },
      ephemeralContainers: [{ name: 'debug', image, securityContext: { runAsNonRoot: false } }],
    }),
    /these do not: debug$/,
  ],
  [
    'a privileged container',
    pod({ containers: [without({ runAsNonRoot: true, privileged: true })] }),
    /no privileged containers/,
  ],
  [
    'a privileged ephemeral container',
    pod({ ephemeralContainers: [{ ...container, securityContext: { runAsNonRoot: true, privileged: true } }] }),
    /no privileged containers/,
  ],
  ['the network of the node', pod({ hostNetwork: true }), /nothing of the node/],
  ['files of the node', pod({ volumes: [{ name: 'v', hostPath: { path: '/' } }] }), /nothing of the node/],
  ['no memory limit', pod({ containers: [{ ...container, resources: {} }] }), /these have none: hello/],
  [
    'a CPU limit alone',
    pod({ containers: [{ ...container, resources: { limits: { cpu: '1' } } }] }),
    /these have none: hello/,
  ],
  [
    'the same in a Deployment',
    { kind: 'Deployment', spec: { template: { spec: { containers: [{ ...container, image: 'x' }] } } } },
    /this does not: x/,
  ],
])('refuses %s, and says why', (_, object, says) => {
  expect(refusals(object)).toEqual([expect.stringMatching(says)]);
});

test.each<[string, object]>([
  [
    'a container that says nothing, in a pod that speaks for it',
    pod({ securityContext: { runAsNonRoot: true }, containers: [without(undefined)] }),
  ],
  ['a container that speaks for itself, in a pod that does not', pod({ securityContext: {} })],
  [
    'an ephemeral container, which can have no limit',
    pod({ ephemeralContainers: [{ name: 'debug', image, securityContext: { runAsNonRoot: true } }] }),
  ],
  ['a volume of its own', pod({ volumes: [{ name: 'tmp', emptyDir: {} }] })],
])('lets in %s', (_, object) => {
  expect(refusals(object)).toEqual([]);
});

test('is asked for every way in which a container comes', () => {
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
