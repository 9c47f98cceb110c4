/** The settings of a CloudTrail trail that the tamper alarms depend on. */
export interface Trail {
  readonly name: string;
  readonly logging: boolean;
  /** Undefined if the account is not allowed to read them, as for the trail of an organization. */
  readonly selectors?: readonly Selector[];
}

/** The management events that a trail records. */
export interface Selector {
  readonly reads: boolean;
  readonly writes: boolean;
  /** Services whose events are not recorded, such as `kms.amazonaws.com`. */
  readonly excludedSources: readonly string[];
}

/**
 * Finds out why the tamper rules on signing keys and pipelines would receive no events. EventBridge receives what a trail records, and signing is
 * a read event.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html
 * @returns undefined if at least one trail is sufficient
 */
export function findTrailGap(trails: readonly Trail[]): string | undefined {
  if (trails.length === 0) {
    return 'no CloudTrail trail exists';
  }
  const gaps = trails.map(describeGap);
  return gaps.includes(undefined) ? undefined : gaps.join('; ');
}

function describeGap({ name, logging, selectors }: Trail): string | undefined {
  if (!logging) {
    return `the trail ${name} is not logging`;
  }
  if (selectors === undefined || selectors.some(isSufficient)) {
    return undefined;
  }
  return selectors.some(({ excludedSources }) => excludedSources.includes(kms))
    ? `the trail ${name} excludes the events of KMS`
    : `the trail ${name} does not record both read and write management events`;
}

const kms = 'kms.amazonaws.com';

function isSufficient({ reads, writes, excludedSources }: Selector): boolean {
  return reads && writes && !excludedSources.includes(kms);
}
