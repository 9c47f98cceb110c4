import * as flags from 'aws-cdk-lib/cx-api';
import recommended from 'aws-cdk-lib/recommended-feature-flags.json';
import { featureFlags } from './synthesize';

/** A feature flag of the CDK, whose types do not include the list. */
interface Flag {
  readonly introducedIn: { readonly v2?: string };
  readonly recommendedValue: unknown;
}
const allFlags = Object.entries((flags as unknown as { readonly FLAGS: Readonly<Record<string, Flag>> }).FLAGS);
const version2Flags = allFlags.filter(([, { introducedIn }]) => introducedIn.v2 !== undefined);

test('cdk.json sets every feature flag to the recommended value, so an upgrade of the CDK shows new flags here', () => {
  expect(version2Flags.length).toBeGreaterThan(100);
  expect(featureFlags()).toEqual({
    ...Object.fromEntries(version2Flags.map(([name, { recommendedValue }]) => [name, recommendedValue])),
    ...recommended,
  });
});
