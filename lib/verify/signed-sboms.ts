import type { Digest, ImagePlatform } from '../values';
import { textWithDigest } from './checks/sboms';
import type { Facts } from './facts';
import type { Verification } from './judge';

/** SBOMs by the platform of the image that they describe, as canonical JSON. */
export type SignedSboms = Readonly<Partial<Record<ImagePlatform, { readonly digest: Digest; readonly text: string }>>>;

/** The SBOMs that were signed with the verdict of a verified image. */
export function signedSboms({ keys }: Facts, { key, verdict, outcome }: Verification): SignedSboms {
  const facts = keys.find((each) => each.key === key);
  if (facts === undefined || verdict === undefined || outcome !== 'verified') {
    return {};
  }
  return Object.fromEntries(
    Object.entries(facts.sboms).flatMap(([platform, answer]) => {
      const digest = verdict.sboms[platform]?.digest;
      const text = answer.kind === 'signed' ? textWithDigest(answer.values, digest) : undefined;
      return digest === undefined || text === undefined ? [] : [[platform, { digest, text }]];
    }),
  );
}
