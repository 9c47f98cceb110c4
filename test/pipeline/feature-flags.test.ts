import * as flags from 'aws-cdk-lib/cx-api';
import recommended from 'aws-cdk-lib/recommended-feature-flags.json';
import { featureFlags } from './synthesize';

/** What CDK knows of a flag; its types leave the list out. */
interface Flag {
  readonly introducedIn: { readonly v2?: string };
  readonly recommendedValue: unknown;
}
const known = Object.entries((flags as unknown as { readonly FLAGS: Readonly<Record<string, Flag>> }).FLAGS);
const ofVersion2 = known.filter(([, { introducedIn }]) => introducedIn.v2 !== undefined);

test('cdk.json has every flag as CDK recommends it, so that an upgrade shows new ones here', () => {
  expect(ofVersion2.length).toBeGreaterThan(100);
  expect(featureFlags()).toEqual({
    ...Object.fromEntries(ofVersion2.map(([name, { recommendedValue }]) => [name, recommendedValue])),
    ...recommended,
  });
});
