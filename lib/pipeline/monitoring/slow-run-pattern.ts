import type { aws_events as events } from 'aws-cdk-lib';
import type { Platform } from '../../catalog';

/** Lower bounds of the timeout ranges, in minutes. The catalog allows timeouts from 5 to 120 minutes. */
const timeoutRanges = [5, 10, 15, 20, 30, 45, 60, 90, 120] as const;
/** A run is slow when it takes longer than this share of the lower bound of its timeout range. */
const slowShare = 0.8;

/**
 * Matches runs that used most of their own timeout, for every project of a platform.
 *
 * CodeBuild reports the timeout of the project together with the duration of each phase, so the pattern needs no list of services.
 * Pipeline steps run in the phase BUILD.
 * https://docs.aws.amazon.com/codebuild/latest/userguide/sample-build-notifications.html#sample-build-notifications-ref
 */
export function slowRunPattern(platform: Pick<Platform, 'name'>): events.EventPattern {
  return {
    source: ['aws.codebuild'],
    detailType: ['CodeBuild Build Phase Change'],
    detail: {
      'completed-phase': ['BUILD'],
      'project-name': [{ prefix: `${platform.name}-` }],
      $or: timeoutRanges.map((minutes, index) => ({
        'additional-information': { 'timeout-in-minutes': [{ numeric: range(minutes, timeoutRanges[index + 1]) }] },
        'completed-phase-duration-seconds': [{ numeric: ['>=', minutes * 60 * slowShare] }],
      })),
    },
  };
}

function range(from: number, to: number | undefined): readonly (string | number)[] {
  return to === undefined ? ['>=', from] : ['>=', from, '<', to];
}
