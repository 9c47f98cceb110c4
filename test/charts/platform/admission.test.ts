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
admission(chart, environment);
const [policy] = manifestsBelow(chart) as readonly RenderedObject[];
const { variables, validations, matchConstraints } = (policy as RenderedObject).spec;

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

/** The messages with which the API server would deny an object: evaluates the CEL expressions of the rendered policy. */
function denialsOf(object: object): readonly string[] {
  const bound: Record<string, CelInput> = {};
  const evaluate = (expression: string) =>
    run(expression, { object: toCel(object), variables: new Map(Object.entries(bound)) }, { funcs: strings });
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
