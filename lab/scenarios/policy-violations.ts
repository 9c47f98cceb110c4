import { join } from 'node:path';
import { renderer } from '../../charts/render';
import { BowlineError } from '../../lib/errors';
import { defaultStateDirectory } from '../../lib/local';
import type { Signed } from '../../lib/release';
import { platformDigests, promote, silent } from '../../lib/steps';
import { commitSha, digest, imageRepository, parseImageReference } from '../../lib/values';
import { KubernetesError } from '../kubernetes/client';
import { labCatalog } from '../lab-catalog';
import { buildHello } from '../release/build-hello';
import type { Scenario } from './scenario';
import type { Stage } from './scenario-context';

export const refused: Scenario = {
  number: 9,
  name: 'refused',
  title: 'A tag, a foreign registry and a root user are refused by the cluster, an unsigned image by promote',
  play: async (stage) => {
    const image = stage.state().primaryImage ?? '';
    const repository = image.slice(0, image.indexOf('@'));
    const foreign = `ghcr.io/somebody/else@sha256:${'a'.repeat(64)}`;
    const tag = `${repository}:latest`;
    await refusedByCluster(stage, 'a tag in place of a digest', workload(image, { image: tag }), `not: ${tag}`);
    await refusedByCluster(stage, 'an image of a foreign registry', workload(image, { image: foreign }), foreign);
    await refusedByCluster(stage, 'a root user', workload(image, { user: 0 }), 'containers run without root');
    await takenByCluster(stage, 'the same workload without any of these', workload(image, {}));
    await refusedByPromote(stage);
  },
};

interface Workload {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: object;
  readonly spec: object;
}

/** A Deployment as the charts write them, with one thing wrong. */
function workload(good: string, wrong: { readonly image?: string; readonly user?: number }): Workload {
  const labels = { app: 'intruder' };
  const user = wrong.user ?? 65532;
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
              image: wrong.image ?? good,
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

/** Asks the cluster to take a workload, without leaving it there. Undefined: it would. */
async function objection({ client, service }: Stage, { metadata, ...rest }: Workload): Promise<string | undefined> {
  const path = `/apis/apps/v1/namespaces/${service.namespace}/deployments/intruder`;
  try {
    await client.apply(path, JSON.stringify({ ...rest, metadata: { ...metadata, namespace: service.namespace } }), {
      dryRun: true,
    });
    return undefined;
  } catch (error) {
    if (error instanceof KubernetesError && error.status >= 400 && error.status < 500) {
      return error.reason;
    }
    throw error;
  }
}

/** By the policy that `publish` wrote for the environment, which names what is wrong: somebody else's refusal would be luck. */
async function refusedByCluster(stage: Stage, what: string, object: Workload, because: string): Promise<void> {
  const message = await objection(stage, object);
  if (message !== undefined) {
    stage.journal.note('kubernetes', message);
  }
  stage.expect(isOwnRefusal(message, stage.service.environment, because), `the cluster refuses ${what}, by our policy`);
}

export function isOwnRefusal(message: string | undefined, environment: string, because: string): boolean {
  const said = message ?? '';
  return said.includes(`ValidatingAdmissionPolicy 'bowline-${environment}'`) && said.includes(because);
}

async function takenByCluster(stage: Stage, what: string, object: Workload): Promise<void> {
  const message = await objection(stage, object);
  stage.expect(message === undefined, `the cluster takes ${what}${message === undefined ? '' : `: ${message}`}`);
}

/** An image that was pushed past the road, with a record that claims everything: promote asks the registry, and finds nothing. */
async function refusedByPromote(stage: Stage): Promise<void> {
  const { platform } = labCatalog();
  const [environment] = platform.environments;
  const image = await buildHello(stage.layout, { version: '9.9.9-unsigned' });
  const { digest: index } = parseImageReference(image);
  const repository = imageRepository(image.slice(0, image.indexOf('@')));
  const signatures = imageRepository(repository.replace(/\/hello$/, '/signatures/hello'));
  const none = digest(`sha256:${'0'.repeat(64)}`);
  const claimed: Signed = {
    version: 1,
    stage: 'signed',
    service: 'hello',
    source: { repository: 'acme/hello', commit: commitSha('0'.repeat(40)) },
    image: { repository, digest: index, platforms: await platformDigests(image, index), tag: 'unsigned' },
    binaries: [],
    sboms: {},
    verdict: { outcome: 'passed', reasons: [], findings: [], databases: [], policy: none },
    signatures: [{ class: 'nonproduction', publicKey: none, signatures }],
  };
  const { repository: ledger, branch } = platform.ledger;
  let said: BowlineError | undefined;
  try {
    await promote({
      release: claimed,
      environment: environment?.name ?? '',
      class: environment?.class ?? '',
      publicKey: join(defaultStateDirectory(), 'keys', `${environment?.class}.pub`),
      signatures,
      ledger: { repository: ledger, branch },
      renderer,
      reporter: silent,
    });
  } catch (error) {
    if (!(error instanceof BowlineError)) {
      throw error;
    }
    said = error;
    stage.journal.note('road', `promote: ${error.message}`);
  }
  stage.expect(
    said?.code === 'no-signature' && said.exitCode === 2,
    `promote refuses an unsigned image (${said?.code ?? 'it took it'}, exit ${said?.exitCode ?? 0})`,
  );
}
