import { setTimeout as sleep } from 'node:timers/promises';
import type { Server } from '../run/component';
import { start, stop } from '../run/supervisor';
import type { Scenario } from './scenario';
import type { Stage } from './stage';

export const prometheusDown: Scenario = {
  number: 7,
  name: 'Prometheus down',
  title: 'Prometheus goes down in the middle of a good release: nobody can say that it is good, so it is taken back',
  play: async (stage) => {
    const good = stage.state().primaryImage;
    const prometheus = await serverNamed(stage, 'prometheus');
    await stage.startLoad();
    const { image } = await stage.release(await stage.nextGoodVersion());
    await stage.until('Argo CD brings the image', 60, (state) => state.image === image);
    await stage.until('the new version has traffic', 90, ({ weight }) => weight >= 10);
    const stoppedAt = Date.now();
    await stop(stage.layout, prometheus.name, prometheus.graceSeconds);
    stage.journal.note('lab', 'Prometheus stopped');
    const { computed, fault } = stage.computed('metrics-gone');
    try {
      await stage.until('the release is taken back', computed.worst + 30, ({ phase }) => phase === 'Failed');
      await stage.until('no traffic goes to it', 10, ({ weight }) => weight === 0);
    } finally {
      await start(stage.layout, prometheus);
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
    const flagger = await serverNamed(stage, 'flagger');
    await stage.startLoad();
    const hello = await stage.nextGoodVersion();
    const { image } = await stage.release(hello);
    await stage.until('Argo CD brings the image', 60, (state) => state.image === image);
    const inCluster = Date.now();
    await stage.until('the new version has a quarter of the traffic', 120, ({ weight }) => weight >= 25);
    await stop(stage.layout, flagger.name, flagger.graceSeconds);
    stage.journal.note('lab', 'Flagger stopped');
    await sleep(5000);
    await start(stage.layout, flagger);
    stage.journal.note('lab', 'Flagger started');
    const { promote } = stage.assessment;
    // What it was away, and up to a check each for the beat that it lost and the one that it takes up.
    const worst = promote.worst + 5 + 2 * stage.assessment.plan.intervalSeconds;
    await stage.until(
      'it is promoted',
      worst + 60,
      ({ phase, primaryImage }) => phase === 'Succeeded' && primaryImage === image,
    );
    const seconds = (Date.now() - inCluster) / 1000;
    await sleep(8000);
    const answers = await stage.stopLoad();
    stage.measure();
    stage.measurement = { ...stage.measurement, computed: { ...promote, worst }, measuredSeconds: seconds };
    const { badAnswers, lostAnswers } = stage.measurement;
    const seen = stage.weights().map(({ canary }) => canary);
    stage.expect(badAnswers + lostAnswers === 0, `no answer was bad or lost (${badAnswers} of ${answers.length})`);
    stage.expect(!seen.slice(1, -1).includes(0), `its traffic was never taken away in between: ${seen.join(', ')} %`);
    stage.expect(seconds <= worst, `promoted after ${seconds.toFixed(1)} s, ${worst} s at worst with the restart`);
  },
};

async function serverNamed(stage: Stage, name: string): Promise<Server> {
  const component = (await stage.cluster.components()).find((each) => each.name === name);
  if (component?.kind !== 'server') {
    throw new Error(`the lab has no server ${name}`);
  }
  return component;
}
