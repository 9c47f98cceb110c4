import { setTimeout as sleep } from 'node:timers/promises';
import type { LabRelease } from '../release/release-hello';
import type { Scenario } from './scenario';
import type { ScenarioContext } from './scenario-context';

export const goodRelease: Scenario = {
  number: 2,
  name: 'good release',
  title:
    'A good release under steady load goes from commit to image, signature, git and cluster, takes 5 % … 50 % of the traffic, and is promoted without a lost request',
  run: async (context) => {
    await runPromotion(context);
  },
};

/** Releases a healthy version under load, from the commit to its promotion. */
export async function runPromotion(context: ScenarioContext): Promise<LabRelease> {
  await context.startLoad();
  const hello = await context.nextGoodVersion();
  const committedAt = Date.now();
  const release = await context.release(hello);
  await context.waitUntil('Argo CD has applied the image', 60, (state) => state.image === release.image);
  const appliedAt = Date.now();
  const { worst } = context.assessment.promote;
  await context.waitUntil(
    'Flagger has promoted the release',
    worst + 60,
    ({ phase, primaryImage }) => phase === 'Succeeded' && primaryImage === release.image,
  );
  const promotedAt = Date.now();
  // Requests to pods that are now terminating count too.
  await sleep(8000);
  const responses = await context.stopLoad();
  context.measureExposure();

  const seconds = (promotedAt - appliedAt) / 1000;
  const computed = context.promotionSpan();
  context.measurement = { ...context.measurement, computed, measuredSeconds: seconds };
  context.journal.note('lab', `from commit to promoted ${((promotedAt - committedAt) / 1000).toFixed(1)} s`);
  const { badResponses, lostRequests } = context.measurement;
  context.expect(lostRequests === 0, `no request was lost (${lostRequests} of ${responses.length})`);
  context.expect(badResponses === 0, `no response was bad (${badResponses} of ${responses.length})`);
  const { failedChecks } = context.state();
  context.expect(failedChecks === 0, `no check failed (${failedChecks})`);
  const weights = context.weights().map(({ canary }) => canary);
  const hasAllSteps = containsInOrder(weights, context.assessment.plan.steps);
  context.expect(hasAllSteps, `the canary had the weights of the plan: ${weights.join(', ')} %`);
  const hasOnlyNewVersion = responses.slice(-200).every(({ version }) => version === hello.version);
  context.expect(hasOnlyNewVersion, `all users get ${hello.version} after the promotion`);
  context.expect(
    seconds <= computed.worst,
    `promoted ${seconds.toFixed(1)} s after Argo CD applied the image; computed worst case: ${computed.worst} s`,
  );
  return release;
}

/** Whether `weights` contains all of `steps` in their order. */
export function containsInOrder(weights: readonly number[], steps: readonly number[]): boolean {
  let next = 0;
  for (const weight of weights) {
    if (weight === steps[next]) {
      next++;
    }
  }
  return next === steps.length;
}
