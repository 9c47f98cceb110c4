import { setTimeout as sleep } from 'node:timers/promises';
import { timeToPromoteAcrossRestart } from '../../lib/rollout';
import type { Scenario } from './scenario';

export const prometheusDown: Scenario = {
  number: 7,
  name: 'Prometheus down',
  title: 'Prometheus stops during a good release: without metrics no check can pass, so the release is rolled back',
  run: async (context) => {
    const previousImage = context.state().primaryImage;
    await context.startLoad();
    const { image } = await context.release(await context.nextGoodVersion());
    await context.waitUntil('Argo CD has applied the image', 60, (state) => state.image === image);
    await context.waitUntil('the canary has traffic', 90, ({ weight }) => weight >= 10);
    const stoppedAt = Date.now();
    await context.cluster.stop('prometheus');
    context.journal.note('lab', 'Prometheus stopped');
    const { computed, fault } = context.computedRollback('metrics-gone');
    try {
      await context.waitUntil('Flagger has rolled back', computed.worst + 30, ({ phase }) => phase === 'Failed');
      await context.waitUntil('the canary has no traffic', 10, ({ weight }) => weight === 0);
    } finally {
      await context.cluster.start('prometheus');
      context.journal.note('lab', 'Prometheus started');
    }
    const seconds = ((context.weights().at(-1)?.at ?? Date.now()) - stoppedAt) / 1000;
    await sleep(3000);
    const responses = await context.stopLoad();
    context.measureExposure();
    context.measurement = { ...context.measurement, computed, fault, measuredSeconds: seconds };
    const { badResponses, lostRequests } = context.measurement;
    context.expect(
      seconds <= computed.worst,
      `rolled back ${seconds.toFixed(1)} s after Prometheus stopped; computed worst case: ${computed.worst} s`,
    );
    context.expect(context.state().primaryImage === previousImage, 'the previous version was never replaced');
    context.expect(
      badResponses + lostRequests === 0,
      `no response was bad and no request was lost (${badResponses} of ${responses.length})`,
    );
    await context.restoreStableState();
    context.expect(context.state().image === previousImage, 'git and cluster have the previous version again');
  },
};

export const flaggerRestarted: Scenario = {
  number: 8,
  name: 'Flagger restarted',
  title: 'Flagger restarts during a good release: the rollout continues where it was',
  run: async (context) => {
    await context.startLoad();
    const hello = await context.nextGoodVersion();
    const { image } = await context.release(hello);
    await context.waitUntil('Argo CD has applied the image', 60, (state) => state.image === image);
    const appliedAt = Date.now();
    await context.waitUntil('the canary has a quarter of the traffic', 120, ({ weight }) => weight >= 25);
    const stoppedAt = Date.now();
    await context.cluster.stop('flagger');
    context.journal.note('lab', 'Flagger stopped');
    await sleep(5000);
    await context.cluster.start('flagger');
    context.journal.note('lab', 'Flagger started');
    const downSeconds = (Date.now() - stoppedAt) / 1000;
    const { worst } = timeToPromoteAcrossRestart(context.assessment.promote, downSeconds);
    await context.waitUntil(
      'Flagger has promoted the release',
      worst + 60,
      ({ phase, primaryImage }) => phase === 'Succeeded' && primaryImage === image,
    );
    const seconds = (Date.now() - appliedAt) / 1000;
    await sleep(8000);
    const responses = await context.stopLoad();
    context.measureExposure();
    const computed = timeToPromoteAcrossRestart(context.promotionSpan(), downSeconds);
    context.measurement = { ...context.measurement, computed, measuredSeconds: seconds };
    const { badResponses, lostRequests } = context.measurement;
    const weights = context.weights().map(({ canary }) => canary);
    context.expect(
      badResponses + lostRequests === 0,
      `no response was bad and no request was lost (${badResponses} of ${responses.length})`,
    );
    context.expect(
      !weights.slice(1, -1).includes(0),
      `the canary kept its traffic during the restart: ${weights.join(', ')} %`,
    );
    context.expect(
      seconds <= computed.worst,
      `promoted after ${seconds.toFixed(1)} s; computed worst case with Flagger down for ${downSeconds.toFixed(1)} s: ${computed.worst.toFixed(1)} s`,
    );
  },
};
