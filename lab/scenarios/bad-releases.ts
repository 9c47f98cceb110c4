import { failed } from '../observe/responses';
import { playBadRelease } from './bad-release';
import type { Scenario } from './scenario';

export const errors: Scenario = {
  number: 3,
  name: 'errors',
  title: 'A release that fails 5 % of its requests is taken back',
  play: (stage) =>
    playBadRelease(stage, {
      hello: { version: '2.0.0-errors', fault: { errorRate: 0.05 } },
      fault: 'errors-from-start',
      isBad: failed,
      reachesUsers: true,
      losesNothing: true,
      alert: 'CanaryErrors',
    }),
};

export const slow: Scenario = {
  number: 4,
  name: 'slow',
  title: 'A release that answers 5 % of its requests after 750 ms, where the p99 may be 500 ms, is taken back',
  play: (stage) =>
    playBadRelease(stage, {
      hello: { version: '2.0.0-slow', fault: { delay: '750ms', delayRate: 0.05 } },
      fault: 'slow-from-start',
      isBad: (answer) => failed(answer) || (answer.version === '2.0.0-slow' && answer.took > 500),
      reachesUsers: true,
      losesNothing: true,
      alert: 'CanarySlow',
    }),
};

export const crashLoop: Scenario = {
  number: 5,
  name: 'crash loop',
  title: 'A release whose pods crash again and again once they have traffic is taken back',
  play: (stage) =>
    playBadRelease(stage, {
      hello: { version: '2.0.0-crash', fault: { crashAfter: '15s' } },
      fault: 'crash-loop',
      isBad: failed,
      reachesUsers: true,
      // Who has asked a pod that ends without a word gets the gateway's answer for it.
      losesNothing: false,
    }),
};

export const neverReady: Scenario = {
  number: 6,
  name: 'never ready',
  title: 'A release whose pods never get ready is given up, and no user meets it',
  play: (stage) =>
    playBadRelease(stage, {
      hello: { version: '2.0.0-unready', fault: { neverReady: true } },
      fault: 'never-ready',
      isBad: failed,
      reachesUsers: false,
      losesNothing: true,
    }),
};
