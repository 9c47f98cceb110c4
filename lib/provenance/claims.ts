import { z } from 'zod';

/** What signed provenance says, as far as it is verified. */
export interface ProvenanceClaims {
  readonly buildType: string;
  readonly builder: string;
  readonly artifact: string;
  readonly service: string;
  readonly repository: string;
  readonly ref: string;
  /** The commit of the source. */
  readonly commit: string;
}

const dependencySchema = z.looseObject({ name: z.string(), digest: z.record(z.string(), z.string()).optional() });

/** Other fields are allowed: other versions of this program may add some. */
const provenanceSchema = z.looseObject({
  buildDefinition: z.looseObject({
    buildType: z.string(),
    externalParameters: z.looseObject({
      artifact: z.string(),
      service: z.string(),
      source: z.looseObject({ repository: z.string(), ref: z.string() }),
    }),
    resolvedDependencies: z.array(dependencySchema),
  }),
  runDetails: z.looseObject({ builder: z.looseObject({ id: z.string() }) }),
});

export type ReadProvenance =
  | { readonly ok: true; readonly claims: ProvenanceClaims }
  | { readonly ok: false; readonly message: string };

/** Reads a signed predicate. @returns where it is malformed, if it is */
export function readProvenance(value: unknown): ReadProvenance {
  const parsed = provenanceSchema.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return { ok: false, message: `${issue?.path.join('.') || 'its root'}: ${issue?.message}` };
  }
  const { buildDefinition, runDetails } = parsed.data;
  const { artifact, service, source } = buildDefinition.externalParameters;
  const sources = buildDefinition.resolvedDependencies.filter(({ name }) => name === 'source');
  const commit = sources[0]?.digest?.gitCommit;
  if (sources.length !== 1 || commit === undefined) {
    return {
      ok: false,
      message: 'buildDefinition.resolvedDependencies: expected one source with the digest of a commit',
    };
  }
  const { repository, ref } = source;
  return {
    ok: true,
    claims: {
      buildType: buildDefinition.buildType,
      builder: runDetails.builder.id,
      artifact,
      service,
      repository,
      ref,
      commit,
    },
  };
}
