import type { aws_events as events } from 'aws-cdk-lib';
import type { Platform } from '../../catalog';

/** Steps of minutes that a project's timeout may lie between: the catalog's go from 5 to 120. */
const steps = [5, 10, 15, 20, 30, 45, 60, 90, 120] as const;
/** Of the lower step: a run that took more is on its way to its timeout, where it fails. */
const share = 0.8;

/**
 * The events of runs that took most of their own timeout, of every project of a platform, by one pattern for all: CodeBuild says with the duration
 * of each phase after how many minutes it would have ended the run, so that no list of services is needed. The verbs run in the phase BUILD.
 * https://docs.aws.amazon.com/codebuild/latest/userguide/sample-build-notifications.html#sample-build-notifications-ref
 */
export function slowRunPattern(platform: Pick<Platform, 'name'>): events.EventPattern {
  return {
    source: ['aws.codebuild'],
    detailType: ['CodeBuild Build Phase Change'],
    detail: {
      'completed-phase': ['BUILD'],
      'project-name': [{ prefix: `${platform.name}-` }],
      $or: steps.map((step, index) => ({
        'additional-information': { 'timeout-in-minutes': [{ numeric: within(step, steps[index + 1]) }] },
        'completed-phase-duration-seconds': [{ numeric: ['>=', step * 60 * share] }],
      })),
    },
  };
}

function within(step: number, next: number | undefined): readonly (string | number)[] {
  return ['>=', step, ...(next === undefined ? [] : ['<', next])];
}
