import { z } from 'zod';
import type { Digest } from '../values';

const sbomSchema = z.looseObject({
  bomFormat: z.literal('CycloneDX'),
  specVersion: z.string(),
  metadata: z.looseObject({ component: z.looseObject({ type: z.string(), name: z.string(), version: z.string() }) }),
  components: z
    .array(
      z.looseObject({
        type: z.string(),
        name: z.string(),
        version: z.string().optional(),
        purl: z.string().optional(),
      }),
    )
    .default([]),
});

/** A CycloneDX document as syft writes it for an image. */
export type Sbom = z.output<typeof sbomSchema>;

/** Why an SBOM proves nothing. */
export interface SbomProblem {
  readonly code: 'sbom-unreadable' | 'vacuous-sbom' | 'sbom-subject-mismatch';
  readonly message: string;
}

export type SbomResult =
  | { readonly ok: true; readonly sbom: Sbom; readonly components: number }
  | { readonly ok: false; readonly problem: SbomProblem };

/**
 * Holds an SBOM against the image that it should be about.
 * An SBOM without a Go module and the standard library means that the scanner was blind (a packed binary, an empty image), not that there is nothing.
 */
export function checkSbom(text: string, subject: Digest): SbomResult {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return problem('sbom-unreadable', 'the SBOM is not JSON');
  }
  const parsed = sbomSchema.safeParse(json);
  if (!parsed.success) {
    return problem(
      'sbom-unreadable',
      `the SBOM is not CycloneDX at ${parsed.error.issues[0]?.path.join('.') || 'its root'}`,
    );
  }
  const { metadata, components } = parsed.data;
  if (metadata.component.version !== subject) {
    return problem('sbom-subject-mismatch', `the SBOM is about ${metadata.component.version}, not about ${subject}`);
  }
  const modules = components.filter((component) => component.purl?.startsWith('pkg:golang/'));
  if (!modules.some((module) => module.name === 'stdlib') || !modules.some((module) => module.name !== 'stdlib')) {
    return problem(
      'vacuous-sbom',
      `the SBOM names ${modules.length} Go modules and ${modules.some((module) => module.name === 'stdlib') ? 'only' : 'not even'} the standard library: the scanner could not see into the binary`,
    );
  }
  return { ok: true, sbom: parsed.data, components: components.length };
}

/**
 * Takes out of a CycloneDX document what differs between two scans of one image (serial number and time),
 * so that the same image and scanner give the same SBOM.
 */
export function normalizedSbom(text: string): unknown {
  const {
    serialNumber: _serial,
    metadata,
    ...rest
  } = JSON.parse(text) as Record<string, unknown> & { metadata?: Record<string, unknown> };
  const { timestamp: _timestamp, ...steady } = metadata ?? {};
  return { ...rest, metadata: steady };
}

function problem(code: SbomProblem['code'], message: string): SbomResult {
  return { ok: false, problem: { code, message } };
}
