/** A trail of CloudTrail, as far as alarms on keys go by it. */
export interface Trail {
  readonly name: string;
  readonly logging: boolean;
  /** What it records; undefined where the account may not see it, as with a trail of its organisation. */
  readonly selectors?: readonly Selector[];
}

/** Management events that a trail records. */
export interface Selector {
  readonly reads: boolean;
  readonly writes: boolean;
  /** Services that are left out, such as `kms.amazonaws.com`. */
  readonly excludedSources: readonly string[];
}

/**
 * What is missing for the rules on keys and roads to see anything: they get what a trail records, and signing counts as reading.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html
 * @returns undefined where one of the trails is enough
 */
export function trailGap(trails: readonly Trail[]): string | undefined {
  if (trails.length === 0) {
    return 'there is no trail';
  }
  const gaps = trails.map(gapOf);
  return gaps.includes(undefined) ? undefined : gaps.join('; ');
}

function gapOf({ name, logging, selectors }: Trail): string | undefined {
  if (!logging) {
    return `the trail ${name} is switched off`;
  }
  if (selectors === undefined || selectors.some(isEnough)) {
    return undefined;
  }
  const { length } = selectors.filter(({ excludedSources }) => excludedSources.includes(kms));
  return length > 0
    ? `the trail ${name} leaves out the events of KMS`
    : `the trail ${name} does not record both reading and writing management events`;
}

const kms = 'kms.amazonaws.com';

function isEnough({ reads, writes, excludedSources }: Selector): boolean {
  return reads && writes && !excludedSources.includes(kms);
}
