import { z } from 'zod';
import type { Digest } from '../values';
import { describeUnreadable, parseReport } from './report-document';

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
  let sbom: Sbom;
  try {
    sbom = parseReport(sbomSchema, text);
  } catch (error) {
    return problem('sbom-unreadable', `the SBOM cannot be read: ${describeUnreadable(error, text)}`);
  }
  const { metadata, components } = sbom;
  if (metadata.component.version !== subject) {
    return problem(
      'sbom-subject-mismatch',
      `expected an SBOM of ${subject}, found one of ${metadata.component.version}`,
    );
  }
  const modules = components.filter((component) => component.purl?.startsWith('pkg:golang/'));
  if (!modules.some((module) => module.name === 'stdlib') || !modules.some((module) => module.name !== 'stdlib')) {
    return problem(
      'vacuous-sbom',
      `expected the standard library and another Go module in the SBOM, found ${inWords(modules)}: the scanner could not look into the binary`,
    );
  }
  return { ok: true, sbom, components: components.length };
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

function inWords(modules: readonly { readonly name: string }[]): string {
  const standard = modules.some(({ name }) => name === 'stdlib');
  return `${modules.length} Go modules, the standard library ${standard ? 'alone' : 'not among them'}`;
}

function problem(code: SbomProblem['code'], message: string): SbomResult {
  return { ok: false, problem: { code, message } };
}
