import { setTimeout as sleep } from 'node:timers/promises';
import type { FaultName } from '../../lib/rollout';
import { isFailed, type UserResponse } from '../observe/responses';
import type { ServiceVersion } from '../release/service-version';
import type { Scenario } from './scenario';
import type { ScenarioContext } from './scenario-context';

export const errors: Scenario = {
  number: 3,
  name: 'errors',
  title: 'A release that fails 5 % of its requests is rolled back',
  run: runFailingRelease,
};

export const slow: Scenario = {
  number: 4,
  name: 'slow',
  title: 'A release that answers 5 % of its requests after 750 ms, with a p99 objective of 500 ms, is rolled back',
  run: (context) =>
    runBadRelease(context, {
      hello: { version: '2.0.0-slow', fault: { delay: '750ms', delayRate: 0.05 } },
      fault: 'slow-from-start',
      isBad: (response) => isFailed(response) || (response.version === '2.0.0-slow' && response.milliseconds > 500),
      reachesUsers: true,
      losesNoRequest: true,
      alert: 'CanarySlow',
    }),
};

export const crashLoop: Scenario = {
  number: 5,
  name: 'crash loop',
  title: 'A release whose pods all crash under traffic and stay down is rolled back',
  run: (context) =>
    runBadRelease(context, {
      hello: { version: '2.0.0-crash', fault: { crashAfter: '15s' } },
      fault: 'crash-loop',
      isBad: isFailed,
      reachesUsers: true,
      // When a pod crashes, the gateway answers its open requests with an error.
      losesNoRequest: false,
    }),
};

export const neverReady: Scenario = {
  number: 6,
  name: 'never ready',
  title: 'A release whose pods never become ready is rolled back before it serves a user',
  run: (context) =>
    runBadRelease(context, {
      hello: { version: '2.0.0-unready', fault: { neverReady: true } },
      fault: 'never-ready',
      isBad: isFailed,
      reachesUsers: false,
      losesNoRequest: true,
    }),
};

export interface BadRelease {
  readonly hello: ServiceVersion;
  /** The fault of the assessment that the measured time is compared with. */
  readonly fault: FaultName;
  /** Which responses count as bad for users. */
  readonly isBad: (response: UserResponse) => boolean;
  /** Whether users get bad responses. */
  readonly reachesUsers: boolean;
  /** Whether the service responds to every request. */
  readonly losesNoRequest: boolean;
  /** The alert of the canary that requests a rollback while the checks fail. */
  readonly alert?: string;
}

/** A release of any service that fails 5 % of its requests. */
export function runFailingRelease(context: ScenarioContext): Promise<void> {
  return runBadRelease(context, {
    hello: { version: '2.0.0-errors', fault: { errorRate: 0.05 } },
    fault: 'errors-from-start',
    isBad: isFailed,
    reachesUsers: true,
    losesNoRequest: true,
    alert: 'CanaryErrors',
  });
}

/** Releases a bad version: the pipeline passes, since the fault shows only under traffic. The rollout must roll it back; then git follows. */
async function runBadRelease(context: ScenarioContext, bad: BadRelease): Promise<void> {
  const { worst } = context.computedRollback(bad.fault).computed;
  await context.startLoad();
  const goodImage = context.state().primaryImage;
  const { image } = await context.release(bad.hello);
  await context.waitUntil('Argo CD has applied the image', 60, (state) => state.image === image);
  await context.waitUntil('Flagger has detected the release', 60, ({ phase }) => phase === 'Progressing');
  const progressingAt = Date.now();
  // Time for the pods to start, plus the computed worst case, plus a margin of 30 s.
  await context.waitUntil('Flagger has rolled the release back', 60 + worst + 30, ({ phase }) => phase === 'Failed');
  const failedAt = Date.now();
  await context.waitUntil('the canary has no traffic', 10, ({ weight }) => weight === 0);
  await sleep(3000);
  const responses = await context.stopLoad();
  context.measureExposure(bad.isBad, bad.fault);

  const { badResponses, lostRequests, measuredSeconds = 0 } = context.measurement;
  const maximumWeight = Math.max(0, ...context.weights().map(({ canary }) => canary));
  context.expect(maximumWeight <= 50, `the canary had at most half of the traffic (${maximumWeight} %)`);
  context.expect(context.state().primaryImage === goodImage, 'the good version was never replaced');
  if (bad.reachesUsers) {
    context.expect(badResponses > 0, `users got bad responses: ${badResponses} of ${responses.length}`);
    context.expect(
      measuredSeconds <= worst,
      `from the first bad response to the last ${measuredSeconds.toFixed(1)} s; computed worst case: ${worst} s`,
    );
  } else {
    const seconds = (failedAt - progressingAt) / 1000;
    context.measurement = { ...context.measurement, measuredSeconds: seconds };
    context.expect(badResponses === 0, `no user got a bad response (${badResponses} of ${responses.length})`);
    context.expect(seconds <= worst, `rolled back after ${seconds.toFixed(1)} s; computed worst case: ${worst} s`);
  }
  if (bad.losesNoRequest) {
    context.expect(lostRequests === 0, `no request was lost (${lostRequests} of ${responses.length})`);
  }
  const late = responses.filter(({ version, at }) => version === bad.hello.version && at > failedAt + 1000).length;
  context.expect(late === 0, `one second after the rollback, no user got the bad version (${late} responses)`);

  await context.restoreStableState();
  context.expect(context.state().image === goodImage, 'git and cluster have the good version again');
  if (bad.alert !== undefined) {
    await expectNotifications(context, bad.alert, failedAt);
  }
}

/**
 * Alertmanager must notify the agent while the release is bad, so that the agent could roll it back before the next checks. After the rollback it
 * must notify the ticket receiver.
 */
async function expectNotifications(context: ScenarioContext, alertName: string, failedAt: number): Promise<void> {
  const alert = context.findAlert({ name: alertName, receiver: 'alerts' });
  const secondsBefore = alert === undefined ? 0 : (failedAt - alert.at) / 1000;
  context.expect(
    secondsBefore > 0,
    alert === undefined
      ? `Alertmanager did not notify the agent of ${alertName}`
      : `${alertName} reached the agent’s receiver ${secondsBefore.toFixed(1)} s before the checks rolled the release back`,
  );
  const findNotification = () => context.findAlert({ name: 'ReleaseRolledBack', receiver: 'ticket', since: failedAt });
  // If Alertmanager has just notified of another rollback, the group interval delays this one by a minute.
  await context.waitUntil('the ticket receiver is notified', 100, () => findNotification() !== undefined);
  const secondsAfter = ((findNotification()?.at ?? Number.NaN) - failedAt) / 1000;
  context.expect(
    secondsAfter > 0,
    `ReleaseRolledBack reached the ticket receiver ${secondsAfter.toFixed(1)} s after the rollback`,
  );
}
