import { setTimeout as sleep } from 'node:timers/promises';
import { timeToPromoteAcrossRestart } from '../../lib/rollout';
import type { Scenario } from './scenario';

export const prometheusDown: Scenario = {
  number: 7,
  name: 'Prometheus down',
  title: 'Prometheus goes down in the middle of a good release: nobody can say that it is good, so it is taken back',
  play: async (stage) => {
    const good = stage.state().primaryImage;
    await stage.startLoad();
    const { image } = await stage.release(await stage.nextGoodVersion());
    await stage.until('Argo CD brings the image', 60, (state) => state.image === image);
    await stage.until('the new version has traffic', 90, ({ weight }) => weight >= 10);
    const stoppedAt = Date.now();
    await stage.cluster.stop('prometheus');
    stage.journal.note('lab', 'Prometheus stopped');
    const { computed, fault } = stage.computed('metrics-gone');
    try {
      await stage.until('the release is taken back', computed.worst + 30, ({ phase }) => phase === 'Failed');
      await stage.until('no traffic goes to it', 10, ({ weight }) => weight === 0);
    } finally {
      await stage.cluster.start('prometheus');
      stage.journal.note('lab', 'Prometheus started');
    }
    const seconds = ((stage.weights().at(-1)?.at ?? Date.now()) - stoppedAt) / 1000;
    await sleep(3000);
    const answers = await stage.stopLoad();
    stage.measure();
    stage.measurement = { ...stage.measurement, computed, fault, measuredSeconds: seconds };
    const { badAnswers, lostAnswers } = stage.measurement;
    stage.expect(
      seconds <= computed.worst,
      `taken back ${seconds.toFixed(1)} s after Prometheus stopped, computed ${computed.worst} s at worst`,
    );
    stage.expect(stage.state().primaryImage === good, 'the version before was never replaced');
    stage.expect(badAnswers + lostAnswers === 0, `no answer was bad or lost (${badAnswers} of ${answers.length})`);
    await stage.settle();
    stage.expect(stage.state().image === good, 'git holds the version before again, and the cluster has it');
  },
};

export const flaggerRestarted: Scenario = {
  number: 8,
  name: 'Flagger restarted',
  title: 'Flagger is restarted in the middle of a good release: it goes on where it was',
  play: async (stage) => {
    await stage.startLoad();
    const hello = await stage.nextGoodVersion();
    const { image } = await stage.release(hello);
    await stage.until('Argo CD brings the image', 60, (state) => state.image === image);
    const inCluster = Date.now();
    await stage.until('the new version has a quarter of the traffic', 120, ({ weight }) => weight >= 25);
    const stoppedAt = Date.now();
    await stage.cluster.stop('flagger');
    stage.journal.note('lab', 'Flagger stopped');
    await sleep(5000);
    await stage.cluster.start('flagger');
    stage.journal.note('lab', 'Flagger started');
    const awaySeconds = (Date.now() - stoppedAt) / 1000;
    const { worst } = timeToPromoteAcrossRestart(stage.assessment.promote, awaySeconds);
    await stage.until(
      'it is promoted',
      worst + 60,
      ({ phase, primaryImage }) => phase === 'Succeeded' && primaryImage === image,
    );
    const seconds = (Date.now() - inCluster) / 1000;
    await sleep(8000);
    const answers = await stage.stopLoad();
    stage.measure();
    const computed = timeToPromoteAcrossRestart(stage.promotion(), awaySeconds);
    stage.measurement = { ...stage.measurement, computed, measuredSeconds: seconds };
    const { badAnswers, lostAnswers } = stage.measurement;
    const seen = stage.weights().map(({ canary }) => canary);
    stage.expect(badAnswers + lostAnswers === 0, `no answer was bad or lost (${badAnswers} of ${answers.length})`);
    stage.expect(!seen.slice(1, -1).includes(0), `its traffic was never taken away in between: ${seen.join(', ')} %`);
    stage.expect(
      seconds <= computed.worst,
      `promoted after ${seconds.toFixed(1)} s, computed ${computed.worst.toFixed(1)} s at worst where Flagger is away for ${awaySeconds.toFixed(1)} s`,
    );
  },
};
