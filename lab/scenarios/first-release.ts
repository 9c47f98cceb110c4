import { setTimeout as sleep } from 'node:timers/promises';
import { renderer } from '../../charts/render';
import { checkConfiguration } from '../../lib/steps';
import { publish } from '../../lib/steps/gitops/publish';
import { applyAll } from '../kubernetes/apply';
import { labCatalog } from '../lab-catalog';
import { readBootstrapManifest } from '../release/bootstrap';
import type { Scenario } from './scenario';
import type { ScenarioContext } from './scenario-context';

export const firstRelease: Scenario = {
  number: 1,
  name: 'first release',
  title: 'The first release into an empty cluster is initialized and reachable through the gateway',
  startsEmpty: true,
  run: async (context) => {
    const image = await releaseFirstVersion(context);
    await context.waitUntil('the gateway serves 1.0.0', 60, async () => (await context.servedVersion()) === '1.0.0');
    context.journal.note('users', 'the gateway serves version 1.0.0');
    const { phase, primaryImage } = context.state();
    context.expect(phase === 'Initialized', `the rollout is initialized (phase ${phase})`);
    context.expect(primaryImage === image, 'the pods run the signed image, by digest');
    await context.startLoad();
    await sleep(5000);
    const responses = await context.stopLoad();
    context.measureExposure();
    context.expect(responses.length > 0, `the load generator counted ${responses.length} responses`);
    const { badResponses, lostRequests } = context.measurement;
    context.expect(badResponses + lostRequests === 0, `all ${responses.length} requests succeeded`);
  },
};

/**
 * Publishes the catalog, applies the bootstrap manifest as docs/how-to/lab.md describes, and releases version 1.0.0.
 * @returns the released image
 */
export async function releaseFirstVersion(context: ScenarioContext): Promise<string> {
  const catalog = labCatalog();
  const [environment] = catalog.platform.environments;
  if (environment === undefined) {
    throw new Error('the lab’s catalog has no environment');
  }
  const { repository, branch } = catalog.platform.ledger;
  const published = await publish({ catalog, ledger: { repository, branch }, renderer, check: checkConfiguration });
  context.journal.note('git', `published: ledger commit ${published.commit?.slice(0, 12)}`);
  await applyAll(context.client, await readBootstrapManifest(context.layout, branch, environment.name));
  context.journal.note('lab', 'applied the bootstrap manifest: a project, and two Applications that follow the ledger');
  const { image } = await context.release({ version: '1.0.0' });
  await context.waitUntil('Argo CD has applied the image', 120, (state) => state.image === image);
  await context.waitUntil('Flagger has initialized the rollout', 120, ({ phase }) => phase === 'Initialized');
  return image;
}
