import { z } from 'zod';
import type { Digest } from '../../values';
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
        properties: z.array(z.looseObject({ name: z.string(), value: z.string().optional() })).nullish(),
      }),
    )
    .default([]),
});

/** A CycloneDX document that syft writes for an image. */
export type Sbom = z.output<typeof sbomSchema>;

/** Why an SBOM is not valid evidence. */
export interface SbomProblem {
  readonly code: 'sbom-unreadable' | 'vacuous-sbom' | 'sbom-subject-mismatch';
  readonly message: string;
}

export type SbomResult =
  | { readonly ok: true; readonly sbom: Sbom; readonly components: number }
  | { readonly ok: false; readonly problem: SbomProblem };

/**
 * Checks that an SBOM is about this image or binary. An SBOM without a Go module and the standard library of the program is rejected: the scanner
 * could not read it (it is packed, or the image is empty).
 * @param program the path of the program that the SBOM must describe, such as `/hello`. Without it, any Go binary counts.
 */
export function checkSbom(text: string, subject: Digest, program?: string): SbomResult {
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
  const modules = components.filter(
    (component) =>
      component.purl?.startsWith('pkg:golang/') &&
      (program === undefined || (component.properties ?? []).some((each) => isLocation(each, program))),
  );
  if (!modules.some((module) => module.name === 'stdlib') || !modules.some((module) => module.name !== 'stdlib')) {
    return problem(
      'vacuous-sbom',
      `expected the standard library and another Go module${program === undefined ? '' : ` of ${program}`} in the SBOM, found ${describeModules(modules)}: the scanner could not read the binary`,
    );
  }
  return { ok: true, sbom, components: components.length };
}

/** syft's property for where it found a component, such as `syft:location:0:path`. */
function isLocation({ name, value }: { readonly name: string; readonly value?: string }, program: string): boolean {
  return /^syft:location:\d+:path$/.test(name) && value === program;
}

/**
 * Removes from a CycloneDX document what differs between two runs of syft on the same content: the serial number, the time, and the reference of a file,
 * which is a hash of its path. With it, the same artifact and scanner give the same SBOM.
 */
export function normalizedSbom(text: string): unknown {
  const {
    serialNumber: _serial,
    metadata,
    ...rest
  } = JSON.parse(withStableReference(text)) as Record<string, unknown> & { metadata?: Record<string, unknown> };
  const { timestamp: _timestamp, ...otherMetadata } = metadata ?? {};
  return { ...rest, metadata: otherMetadata };
}

/** Refers to a file by its digest. */
function withStableReference(text: string): string {
  const { component } =
    (JSON.parse(text) as { metadata?: { component?: Readonly<Record<string, unknown>> } }).metadata ?? {};
  const reference = component?.['bom-ref'];
  return component?.type === 'file' && typeof reference === 'string' && reference !== ''
    ? text.replaceAll(JSON.stringify(reference), JSON.stringify(component.version))
    : text;
}

function describeModules(modules: readonly { readonly name: string }[]): string {
  const hasStandardLibrary = modules.some(({ name }) => name === 'stdlib');
  return `${modules.length} Go modules, the standard library ${hasStandardLibrary ? 'alone' : 'not among them'}`;
}

function problem(code: SbomProblem['code'], message: string): SbomResult {
  return { ok: false, problem: { code, message } };
}
