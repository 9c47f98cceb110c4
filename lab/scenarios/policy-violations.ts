import { join } from 'node:path';
import { renderer } from '../../charts/render';
import { BowlineError } from '../../lib/errors';
import { defaultStateDirectory } from '../../lib/local';
import { recordVersion, type Signed } from '../../lib/release';
import { catalogFacts, platformDigests, promote, silentReporter } from '../../lib/steps';
import {
  branchRef,
  commitSha,
  digest,
  imageReference,
  imageRepository,
  instantOf,
  parseImageReference,
} from '../../lib/values';
import { KubernetesError } from '../kubernetes/client';
import { labCatalog } from '../lab-catalog';
import { buildHello } from '../release/build-hello';
import type { Scenario } from './scenario';
import type { ScenarioContext } from './scenario-context';

export const policyViolations: Scenario = {
  number: 9,
  name: 'policy violations',
  title: 'Admission denies a tag, an image of a foreign registry and a root user; promote rejects an unsigned image',
  run: async (context) => {
    const image = context.state().primaryImage ?? '';
    const repository = image.slice(0, image.indexOf('@'));
    const foreign = `ghcr.io/somebody/else@sha256:${'a'.repeat(64)}`;
    const tag = `${repository}:latest`;
    const cache = image.replace(/\/([^/@]+@)/, '/cache/$1');
    for (const violation of [
      { name: 'a tag instead of a digest', workload: workload({ image: tag }), reason: `got: ${tag}` },
      { name: 'an image of a foreign registry', workload: workload({ image: foreign }), reason: foreign },
      { name: 'a build cache of the same registry', workload: workload({ image: cache }), reason: cache },
      { name: 'a root user', workload: workload({ image, user: 0 }), reason: 'containers must not run as root' },
    ]) {
      await expectDenied(context, violation);
    }
    await expectAdmitted(context, 'the same workload without these violations', workload({ image }));
    await expectRejectedByPromote(context);
  },
};

interface Violation {
  readonly name: string;
  readonly workload: Workload;
  /** A part of the denial message. */
  readonly reason: string;
}

interface Workload {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: object;
  readonly spec: object;
}

/** A Deployment as the charts render it, with the given image and user. */
function workload({ image, user = 65532 }: { readonly image: string; readonly user?: number }): Workload {
  const labels = { app: 'intruder' };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'intruder', labels },
    spec: {
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          automountServiceAccountToken: false,
          securityContext: { runAsNonRoot: user !== 0, runAsUser: user, seccompProfile: { type: 'RuntimeDefault' } },
          containers: [
            {
              name: 'intruder',
              image,
              resources: { requests: { cpu: '10m', memory: '16Mi' }, limits: { memory: '16Mi' } },
              securityContext: {
                allowPrivilegeEscalation: false,
                privileged: false,
                readOnlyRootFilesystem: true,
                capabilities: { drop: ['ALL'] },
              },
            },
          ],
        },
      },
    },
  };
}

/** Applies a workload in a dry run. Returns the reason why the cluster denies it; undefined if the cluster admits it. */
async function denialReason({ client, service }: ScenarioContext, workload: Workload): Promise<string | undefined> {
  const path = `/apis/apps/v1/namespaces/${service.namespace}/deployments/intruder`;
  const object = { ...workload, metadata: { ...workload.metadata, namespace: service.namespace } };
  try {
    await client.apply(path, JSON.stringify(object), { dryRun: true });
    return undefined;
  } catch (error) {
    if (error instanceof KubernetesError && error.status >= 400 && error.status < 500) {
      return error.reason;
    }
    throw error;
  }
}

/** Expects the denial from the policy that `publish` rendered for the environment, with its reason: any other denial would be a coincidence. */
async function expectDenied(context: ScenarioContext, { name, workload, reason }: Violation): Promise<void> {
  const message = await denialReason(context, workload);
  if (message !== undefined) {
    context.journal.note('kubernetes', message);
  }
  const isDenied = isDeniedByPolicy(message, context.service.environment, reason);
  context.expect(isDenied, `the admission policy denies ${name}`);
}

export function isDeniedByPolicy(message: string | undefined, environment: string, reason: string): boolean {
  const text = message ?? '';
  return text.includes(`ValidatingAdmissionPolicy 'bowline-${environment}'`) && text.includes(reason);
}

async function expectAdmitted(context: ScenarioContext, what: string, object: Workload): Promise<void> {
  const message = await denialReason(context, object);
  context.expect(message === undefined, `the cluster admits ${what}${message === undefined ? '' : `: ${message}`}`);
}

/** Pushes an image without the pipeline, with a record that claims a verdict and signatures. Promote must find no signature in the registry. */
async function expectRejectedByPromote(context: ScenarioContext): Promise<void> {
  const catalog = labCatalog();
  const { platform } = catalog;
  const [environment] = platform.environments;
  const image = await buildHello(context.layout, { version: '9.9.9-unsigned' });
  const { digest: index } = parseImageReference(image);
  const repository = imageRepository(image.slice(0, image.indexOf('@')));
  const signatures = imageRepository(repository.replace(/\/hello$/, '/signatures/hello'));
  const none = digest(`sha256:${'0'.repeat(64)}`);
  const forgedRecord: Signed = {
    version: recordVersion,
    stage: 'signed',
    service: 'hello',
    source: { repository: 'acme/hello', commit: commitSha('0'.repeat(40)), ref: branchRef('main') },
    image: {
      repository,
      digest: index,
      platforms: await platformDigests(imageReference(repository, index)),
      tag: 'unsigned',
    },
    binaries: [],
    scannedAt: instantOf(new Date()),
    tools: [],
    sboms: {},
    binarySboms: {},
    moduleFiles: {},
    verdict: { outcome: 'passed', reasons: [], findings: [], databases: [], policy: none },
    signatures: [{ class: 'nonproduction', publicKey: none, signatures }],
  };
  const { repository: ledger, branch } = platform.ledger;
  let rejection: BowlineError | undefined;
  try {
    await promote({
      release: forgedRecord,
      environment: environment?.name ?? '',
      class: environment?.class ?? '',
      publicKey: join(defaultStateDirectory(), 'keys', `${environment?.class}.pub`),
      signatures,
      catalog: catalogFacts(catalog, 'hello', repository),
      now: new Date(),
      ledger: { repository: ledger, branch },
      renderer,
      reporter: silentReporter,
    });
  } catch (error) {
    if (!(error instanceof BowlineError)) {
      throw error;
    }
    rejection = error;
    context.journal.note('pipeline', `promote: ${error.message}`);
  }
  context.expect(
    rejection?.code === 'no-signature' && rejection.exitCode === 2,
    `promote rejects an unsigned image (${rejection?.code ?? 'no error'}, exit code ${rejection?.exitCode ?? 0})`,
  );
}
