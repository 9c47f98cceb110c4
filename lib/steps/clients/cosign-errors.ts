/** Why evidence does not verify, by what cosign says. */
export type Refusal =
  /** There is none. */
  | 'absent'
  /** It is by this key, but about something else. */
  | 'otherwise-annotated'
  /** It is there, and not by this key, or no longer what was signed. */
  | 'other-key';

/** What cosign says of one piece of evidence, or of all: whole lines, since a registry's trouble comes in the same words around it. */
const answers: readonly (readonly [Refusal, RegExp])[] = [
  ['absent', /^(?:no signatures found|no attestations found|)$/],
  ['absent', /^none of the attestations matched the predicate type: \S+, found: \S+$/],
  ['absent', /^(?:GET|HEAD) \S+: (?:MANIFEST_UNKNOWN|NAME_UNKNOWN)\b[^\n]*$/],
  ['otherwise-annotated', /^missing or incorrect annotation$/],
  [
    'other-key',
    /^failed to verify signature: could not verify (?:envelope|message): (?:accepted signatures do not match threshold, Found: \d+, Expected \d+|invalid signature\b[^:\n]*)$/,
  ],
];

/**
 * Reads why a verification failed. Undefined for everything that is not wholly an answer: what a registry did not give, nobody has looked at,
 * and whoever asks has to stop without a verdict.
 */
export function readRefusal(stderr: string): Refusal | undefined {
  const said = /^Error: ([\s\S]*?)\n?(?:error during command execution: |$(?![\s\S]))/m.exec(stderr)?.[1];
  if (said === undefined) {
    return undefined;
  }
  const lines = said.replace(/^no matching (?:attestations|signatures):\s?/, '').split('\n');
  const found = lines.map((line) => answers.find(([, words]) => words.test(line.trim()))?.[0]);
  if (found.includes(undefined)) {
    return undefined;
  }
  // The nearest to a match says most.
  return (['otherwise-annotated', 'other-key', 'absent'] as const).find((refusal) => found.includes(refusal));
}
