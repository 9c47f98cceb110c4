import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Signed } from '../../lib/release';
import { canonicalJson, type Digest, digestOf, type ImageRepository } from '../../lib/values';
import type { CosignOutcome, EvidenceLocation, EvidenceReaders, Expectations, RegistryAnswer } from '../../lib/verify';
import { predicateTypes } from '../../lib/verify';
import { goodEvidence } from './good-evidence';

/** Changes to the good evidence. Objects are merged (RFC 7396: null removes); everything else replaces. */
export interface Changes {
  readonly now?: string;
  /** The image that is asked for. */
  readonly request?: object;
  readonly expected?: object;
  /** The record to promote. Without it, there is none. */
  readonly record?: object;
  readonly index?: unknown;
  /** Image configurations and manifests by architecture. */
  readonly configs?: object;
  readonly manifests?: object;
  /** The signed verdict. */
  readonly predicate?: unknown;
  /** More verdicts that the key signed about the image: each merged into the good one. */
  readonly moreVerdicts?: readonly object[];
  /** The in-toto statement and the envelope of the verdict. */
  readonly statement?: object;
  readonly envelope?: object;
  /** The signatures that cosign accepted: each merged into the good one. */
  readonly claims?: readonly object[];
  /** The SBOMs that the key signed about a platform: each merged into the good one. The first one is the scanned one. */
  readonly sboms?: Readonly<Record<string, readonly object[]>>;
  readonly sbomStatement?: object;
  /** The signed provenance: each merged into the good one, which has the service and the source of the signed verdict. */
  readonly provenances?: readonly object[];
  readonly provenanceStatement?: object;
  /** What the registry answers instead, by digest or placeholder. */
  readonly registry?: Readonly<Record<string, RegistryAnswer>>;
  /** Recorded answers of cosign, by question: `signatures`, `verdict`, `provenance`, `sbom linux/amd64`. */
  readonly answers?: Readonly<Record<string, string>>;
  /** Text of the public key file. */
  readonly keys?: string;
}

export interface World {
  readonly location: EvidenceLocation;
  readonly readers: EvidenceReaders;
  readonly expected: Expectations;
  readonly now: Date;
}

/** RFC 7396. */
export function merge(target: unknown, patch: unknown): unknown {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) {
    return patch;
  }
  const base = typeof target === 'object' && target !== null && !Array.isArray(target) ? target : {};
  const merged: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) {
      delete merged[key];
    } else {
      merged[key] = merge(merged[key], value);
    }
  }
  return merged;
}

/** A registry and a cosign in this process, with the good evidence and some changes. Digests are computed after the changes. */
export function world(changes: Changes): World {
  const digests: Record<string, string> = {};
  const fill = (value: unknown): unknown =>
    JSON.parse(JSON.stringify(value).replaceAll(/\$[a-z0-9-]+/g, (name) => digests[name] ?? name));
  const contents = new Map<string, string>();
  const store = (name: string, value: unknown): void => {
    const text = JSON.stringify(fill(value));
    digests[name] = digestOf(text);
    contents.set(digestOf(text), text);
  };
  const good = goodEvidence();
  const configs = merge(good.configs, changes.configs ?? {}) as Record<string, unknown>;
  const manifests = merge(good.manifests, changes.manifests ?? {}) as Record<string, unknown>;
  for (const architecture of Object.keys(configs)) {
    store(`$config-${architecture}`, configs[architecture]);
  }
  for (const architecture of Object.keys(manifests)) {
    store(`$${architecture}`, manifests[architecture]);
  }
  store('$index', merge(good.index, changes.index ?? {}));
  digests['$hex-index'] = (digests.$index ?? '').slice('sha256:'.length);
  const sboms = Object.fromEntries(
    Object.entries(good.sboms).map(([platform, sbom]) => [
      platform,
      (changes.sboms?.[platform] ?? [{}]).map((patch) => fill(merge(sbom, patch))),
    ]),
  );
  for (const [platform, [scanned]] of Object.entries(sboms)) {
    digests[`$sbom-${platform.split('/')[1]}`] = digestOf(canonicalJson(scanned ?? null));
  }
  const signed = merge(good.predicate, changes.predicate ?? {});
  const predicates = [signed, ...(changes.moreVerdicts ?? []).map((patch) => merge(signed, patch))].map(fill);
  const provenances = (changes.provenances ?? [{}]).map((patch) =>
    fill(
      merge(
        good.provenance(merge(good.predicate, typeof signed === 'object' ? signed : {}) as typeof good.predicate),
        patch,
      ),
    ),
  );
  const request = fill(merge(good.request, changes.request ?? {})) as Record<string, string>;
  const location = request as unknown as EvidenceLocation;
  const overrides = fill(changes.registry ?? {}) as Record<string, RegistryAnswer>;
  const answer = (digest: Digest): RegistryAnswer => {
    const text = contents.get(digest);
    return overrides[digest] ?? (text === undefined ? { kind: 'absent' } : { kind: 'content', text });
  };
  const ask = (question: string, outcome: () => CosignOutcome): CosignOutcome => {
    const recorded = changes.answers?.[question];
    return recorded === undefined ? outcome() : recordedAnswer(recorded);
  };
  return {
    location,
    now: new Date(changes.now ?? '2026-11-30T12:00:00Z'),
    expected: {
      ...(fill(merge(good.expected, changes.expected ?? {})) as Expectations),
      ...(changes.record === undefined
        ? {}
        : { record: fill(merge(merge(good.predicate, good.record), changes.record)) as Signed }),
    },
    readers: {
      registry: { manifest: async (_, digest) => answer(digest), blob: async (_, digest) => answer(digest) },
      cosign: {
        signatures: async (_, image) =>
          ask('signatures', () => ({
            exitCode: 0,
            stderr: '',
            stdout: `\n${JSON.stringify(
              (changes.claims ?? [{}]).map((patch) => fill(merge(good.claim(location.repository, image), patch))),
            )}\n`,
          })),
        attestations: async ({ repository }, image, _, type) => {
          if (type === 'provenance') {
            return ask(type, () => attested({ repository, image, type, predicates: provenances, changes, fill }));
          }
          const platform = Object.keys(sboms).find((name) => digests[`$${name.split('/')[1]}`] === image);
          return type === 'verdict'
            ? ask('verdict', () => attested({ repository, image, type, predicates, changes, fill }))
            : ask(`sbom ${platform}`, () =>
                attested({ repository, image, type, predicates: sboms[platform ?? ''] ?? [], changes, fill }),
              );
        },
      },
    },
  };
}

interface Attested {
  readonly repository: ImageRepository;
  readonly image: Digest;
  readonly type: keyof typeof predicateTypes;
  readonly predicates: readonly unknown[];
  readonly changes: Changes;
  readonly fill: (value: unknown) => unknown;
}

/** The output of `cosign verify-attestation`: one envelope per line. */
function attested({ repository, image, type, predicates, changes, fill }: Attested): CosignOutcome {
  const statements: Readonly<Record<string, object | undefined>> = {
    verdict: changes.statement,
    sbom: changes.sbomStatement,
    provenance: changes.provenanceStatement,
  };
  const lines = predicates.map((predicate) => {
    const statement = fill(
      merge(
        {
          _type: 'https://in-toto.io/Statement/v0.1',
          subject: [{ name: repository, digest: { sha256: image.slice('sha256:'.length) } }],
          predicateType: predicateTypes[type],
          predicate,
        },
        statements[type] ?? {},
      ),
    );
    const envelope = {
      payload: Buffer.from(JSON.stringify(statement)).toString('base64'),
      payloadType: 'application/vnd.in-toto+json',
      signatures: [
        { sig: 'MEQCIC/0tmJszSldRX0/qq6i2QuvaNQ8erA5Hv99spXPHQhPAiADoGUpbqc9If1YpUnCQ0hK6eyDrAPbMSEVfhUytTZ7sw==' },
      ],
    };
    return JSON.stringify(merge(envelope, (type === 'verdict' ? changes.envelope : undefined) ?? {}));
  });
  return lines.length === 0
    ? recordedAnswer('nothing-attested')
    : { exitCode: 0, stderr: '', stdout: `${lines.join('\n')}\n` };
}

/** An answer that cosign 3.1.3 gave, in `answers/`. */
export function recordedAnswer(name: string): CosignOutcome {
  return JSON.parse(readFileSync(join(__dirname, 'answers', `${name}.json`), 'utf8')) as CosignOutcome;
}
