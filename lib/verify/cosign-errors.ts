/** Why evidence does not verify. */
export type VerificationFailure =
  /** There is none. */
  | 'absent'
  /** The key signed something with other annotations. */
  | 'other-annotations'
  /** Another key signed it, or it was altered after it was signed. */
  | 'other-key';

/** cosign's messages, each a whole line: a registry's error may quote the same words. */
const messages: readonly (readonly [VerificationFailure, RegExp])[] = [
  ['absent', /^(?:no signatures found|no attestations found|)$/],
  ['absent', /^none of the attestations matched the predicate type: \S+, found: \S+$/],
  ['absent', /^(?:GET|HEAD) \S+: (?:MANIFEST_UNKNOWN|NAME_UNKNOWN)\b/],
  ['other-annotations', /^missing or incorrect annotation$/],
  [
    'other-key',
    /^failed to verify signature: could not verify (?:envelope|message): (?:accepted signatures do not match threshold, Found: \d+, Expected \d+|invalid signature\b[^:\n]*)$/,
  ],
];

/**
 * Reads from cosign's standard error why a verification failed.
 * @returns undefined when any line is not a known message: then nothing was verified, and the caller must stop without a verdict
 */
export function readVerificationFailure(stderr: string): VerificationFailure | undefined {
  const error = /^Error: ([\s\S]*?)\n?(?:error during command execution: |(?![\s\S]))/m.exec(stderr)?.[1];
  if (error === undefined) {
    return undefined;
  }
  const lines = error.replace(/^no matching (?:attestations|signatures):/, '').split('\n');
  const found = lines.map((line) => messages.find(([, pattern]) => pattern.test(line.trim()))?.[0]);
  if (found.includes(undefined)) {
    return undefined;
  }
  // The failure that came nearest to a match says most.
  return (['other-annotations', 'other-key', 'absent'] as const).find((failure) => found.includes(failure));
}
