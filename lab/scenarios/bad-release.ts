import { setTimeout as sleep } from 'node:timers/promises';
import type { FaultName } from '../../lib/rollout';
import type { Answer } from '../observe/responses';
import type { HelloVersion } from '../release/hello-version';
import type { Stage } from './scenario-context';

export interface BadRelease {
  readonly hello: HelloVersion;
  /** What of the assessment it is held against. */
  readonly fault: FaultName;
  /** Which answers users would complain about. */
  readonly isBad: (answer: Answer) => boolean;
  /** Whether users meet it at all. */
  readonly reachesUsers: boolean;
  /** Whether every question still gets an answer of the service. */
  readonly losesNothing: boolean;
  /** The alert of the new version that asks for a rollback while the checks fail. */
  readonly alert?: string;
}

/** A bad version goes the whole road, since the fault shows under traffic alone; the rollout has to take it back, and git follows. */
export async function playBadRelease(stage: Stage, bad: BadRelease): Promise<void> {
  const { worst } = stage.computed(bad.fault).computed;
  await stage.startLoad();
  const good = stage.state().primaryImage;
  const { image } = await stage.release(bad.hello);
  await stage.until('Argo CD brings the image', 60, (state) => state.image === image);
  await stage.until('Flagger sees it', 60, ({ phase }) => phase === 'Progressing');
  const progressingAt = Date.now();
  // The pods' start, and what the assessment allows from then on, and half a minute before this test gives up on it.
  await stage.until('the release is taken back', 60 + worst + 30, ({ phase }) => phase === 'Failed');
  const failedAt = Date.now();
  await stage.until('no traffic goes to it', 10, ({ weight }) => weight === 0);
  await sleep(3000);
  const answers = await stage.stopLoad();
  stage.measure(bad.isBad, bad.fault);

  const { badAnswers, lostAnswers, measuredSeconds = 0 } = stage.measurement;
  const heaviest = Math.max(0, ...stage.weights().map(({ canary }) => canary));
  stage.expect(heaviest <= 50, `the bad version never had more than half of the traffic (${heaviest} % at most)`);
  stage.expect(stage.state().primaryImage === good, 'the good version was never replaced');
  if (bad.reachesUsers) {
    stage.expect(badAnswers > 0, `the fault showed: ${badAnswers} bad answers of ${answers.length}`);
    stage.expect(
      measuredSeconds <= worst,
      `from the first bad answer to the last ${measuredSeconds.toFixed(1)} s, computed ${worst} s at worst`,
    );
  } else {
    const seconds = (failedAt - progressingAt) / 1000;
    stage.measurement = { ...stage.measurement, measuredSeconds: seconds };
    stage.expect(badAnswers === 0, `no user met it (${badAnswers} bad answers of ${answers.length})`);
    stage.expect(seconds <= worst, `given up after ${seconds.toFixed(1)} s, computed ${worst} s at worst`);
  }
  if (bad.losesNothing) {
    stage.expect(lostAnswers === 0, `no question was lost (${lostAnswers} of ${answers.length})`);
  }
  const tail = answers.filter(({ version, at }) => version === bad.hello.version && at > failedAt + 1000).length;
  stage.expect(tail === 0, `a second after the rollback nobody got the bad version any more (${tail} answers)`);

  await stage.settle();
  stage.expect(stage.state().image === good, 'git holds the good version again, and the cluster has it');
  if (bad.alert !== undefined) {
    await expectToBeTold(stage, bad.alert, failedAt);
  }
}

/** Alertmanager has told the agent while the release was bad, which would take it back without waiting for more checks; and people, that it was taken back. */
async function expectToBeTold(stage: Stage, name: string, failedAt: number): Promise<void> {
  const asked = stage.alert(name, 'alerts');
  const before = asked === undefined ? 0 : (failedAt - asked.at) / 1000;
  stage.expect(
    before > 0,
    asked === undefined
      ? `Alertmanager told nobody of ${name}`
      : `${name} reached the agent’s receiver ${before.toFixed(1)} s before the checks had taken the release back`,
  );
  // A group that has told of another rollback a moment ago waits for a minute.
  await stage.until('the on-call are told of the rollback', 100, () => told() !== undefined);
  const after = ((told()?.at ?? Number.NaN) - failedAt) / 1000;
  stage.expect(after > 0, `the on-call were told ${after.toFixed(1)} s after it: ReleaseRolledBack`);

  function told() {
    return stage.alert('ReleaseRolledBack', 'ticket', failedAt);
  }
}
