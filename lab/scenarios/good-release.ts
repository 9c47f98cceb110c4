import { setTimeout as sleep } from 'node:timers/promises';
import type { LabRelease } from '../release/release-hello';
import type { Scenario } from './scenario';
import type { Stage } from './scenario-context';

export const goodRelease: Scenario = {
  number: 2,
  name: 'good release',
  title:
    'A good release under steady load: commit, image, signature, git, cluster, 5 % … 50 %, promoted; no answer lost',
  play: async (stage) => {
    await playPromotion(stage);
  },
};

/** A healthy version goes the whole road under load, and everybody gets it in the end. */
export async function playPromotion(stage: Stage): Promise<LabRelease> {
  await stage.startLoad();
  const hello = await stage.nextGoodVersion();
  const began = Date.now();
  const release = await stage.release(hello);
  await stage.until('Argo CD brings the image', 60, (state) => state.image === release.image);
  const inCluster = Date.now();
  const { worst } = stage.assessment.promote;
  await stage.until(
    'it is promoted',
    worst + 60,
    ({ phase, primaryImage }) => phase === 'Succeeded' && primaryImage === release.image,
  );
  const promotedAt = Date.now();
  // Users of pods that are leaving now count too.
  await sleep(8000);
  const answers = await stage.stopLoad();
  stage.measure();

  const seconds = (promotedAt - inCluster) / 1000;
  const computed = stage.promotion();
  stage.measurement = { ...stage.measurement, computed, measuredSeconds: seconds };
  stage.journal.note('lab', `from commit to promoted ${((promotedAt - began) / 1000).toFixed(1)} s`);
  const { badAnswers, lostAnswers } = stage.measurement;
  stage.expect(lostAnswers === 0, `no question was lost (${lostAnswers} of ${answers.length})`);
  stage.expect(badAnswers === 0, `no answer was bad (${badAnswers} of ${answers.length})`);
  stage.expect(stage.state().failedChecks === 0, `no check failed (${stage.state().failedChecks})`);
  const { steps } = stage.assessment.plan;
  const seen = stage.weights().map(({ canary }) => canary);
  stage.expect(isWithin(steps, seen), `the traffic moved by the plan's steps: ${seen.join(', ')} %`);
  const last = answers.slice(-200).every(({ version }) => version === hello.version);
  stage.expect(last, `in the end everybody gets ${hello.version}`);
  stage.expect(
    seconds <= computed.worst,
    `promoted ${seconds.toFixed(1)} s after Argo CD brought it, computed ${computed.worst} s at worst`,
  );
  return release;
}

/** Whether all of `steps` come in `seen`, in their order. */
export function isWithin(steps: readonly number[], seen: readonly number[]): boolean {
  let next = 0;
  for (const weight of seen) {
    next += weight === steps[next] ? 1 : 0;
  }
  return next === steps.length;
}
