import { z } from 'zod';
import type { Digest } from '../../values';
import { equivalentIds } from '../advisory-ids';
import type { Observation } from '../observation';
import { inconclusiveReport, readReport, type ScanReport } from '../scan-report';
import { listPaths } from './list-paths';
import { parseReport } from './report-document';

const severityOf: Readonly<Record<string, Observation['severity']>> = {
  negligible: 'negligible',
  low: 'low',
  medium: 'medium',
  high: 'high',
  critical: 'critical',
};

const reportSchema = z.looseObject({
  matches: z.array(
    z.looseObject({
      vulnerability: z.looseObject({
        id: z.string(),
        severity: z.string().optional(),
        fix: z.looseObject({ versions: z.array(z.string()).nullish(), state: z.string().optional() }).optional(),
      }),
      relatedVulnerabilities: z.array(z.looseObject({ id: z.string() })).nullish(),
      artifact: z.looseObject({ name: z.string(), version: z.string() }),
    }),
  ),
  /** Matches that a rule or a VEX document left out. */
  ignoredMatches: z.array(z.looseObject({ vulnerability: z.looseObject({ id: z.string() }) })).nullish(),
  source: z.looseObject({ type: z.string(), target: z.unknown() }),
  descriptor: z.looseObject({
    name: z.literal('grype'),
    configuration: z.looseObject({
      ignore: z.array(z.looseObject({ package: z.looseObject({ name: z.string() }) })).nullable(),
      exclude: z.array(z.string()).nullable(),
      'only-fixed': z.boolean(),
      'only-notfixed': z.boolean(),
      'ignore-wontfix': z.string(),
      'vex-documents': z.array(z.string()).nullable(),
    }),
    db: z.looseObject({ status: z.looseObject({ built: z.string(), valid: z.boolean() }) }),
  }),
});

type GrypeReport = z.output<typeof reportSchema>;

const imageSchema = z.looseObject({ manifestDigest: z.string() });

/** What grype looked up: the SBOM of an image by its digest, or of a plain binary by its file name. */
export type GrypeSubject =
  | { readonly kind: 'image'; readonly digest: Digest }
  | { readonly kind: 'binary'; readonly name: string };

/** Packages for which grype has rules of its own: headers of the kernel, which no program runs (`cmd/grype/cli/commands/root.go`). */
const ownIgnoreRules: readonly string[] = [
  'kernel-headers',
  'linux(-.*)?-headers-.*',
  'linux-libc-dev',
  'linux-kbuild-.*',
];

/**
 * Reads the output of `grype -o json`. The report must be about this subject, and the settings of grype must leave nothing out. `--fail-on` is not used:
 * it skips matches without metadata and never counts unknown severities (anchore/grype `grype/vulnerability_matcher.go`).
 */
export function readGrypeReport(text: string, subject: GrypeSubject): ScanReport {
  return readReport('grype', text, (json) => {
    const report = parseReport(reportSchema, json);
    const { matches, descriptor } = report;
    const problem = otherSubject(report, subject) ?? leftOut(report);
    if (problem !== undefined) {
      return problem;
    }
    if (!descriptor.db.status.valid) {
      return inconclusiveReport(
        'grype',
        'invalid-database',
        `expected a valid database of grype, found the one from ${descriptor.db.status.built}, which grype reports as invalid`,
      );
    }
    return {
      ok: true,
      scanner: 'grype',
      database: { builtAt: descriptor.db.status.built },
      observations: matches.map(({ vulnerability, relatedVulnerabilities, artifact }) => {
        const [fixedIn] = vulnerability.fix?.versions ?? [];
        return {
          id: vulnerability.id,
          aliases: equivalentIds(
            vulnerability.id,
            (relatedVulnerabilities ?? []).map(({ id }) => id),
          ),
          package: artifact.name,
          version: artifact.version,
          severity: severityOf[(vulnerability.severity ?? '').toLowerCase()] ?? 'unknown',
          fixedIn,
          source: 'grype' as const,
          reachable: false,
        };
      }),
    };
  });
}

function otherSubject({ source }: GrypeReport, subject: GrypeSubject): ScanReport | undefined {
  const [expected, found] =
    subject.kind === 'image'
      ? [subject.digest, source.type === 'image' ? imageSchema.parse(source.target).manifestDigest : source.type]
      : [subject.name, source.type === 'file' ? String(source.target) : source.type];
  return found === expected
    ? undefined
    : inconclusiveReport('grype', 'other-image', `expected a report of grype on ${expected}, found one on ${found}`);
}

function leftOut({ ignoredMatches, descriptor }: GrypeReport): ScanReport | undefined {
  const ignored = (ignoredMatches ?? []).map(({ vulnerability }) => vulnerability.id);
  if (ignored.length > 0) {
    return inconclusiveReport(
      'grype',
      'ignored-findings',
      `expected no ignored match in the report of grype, found ${listPaths(ignored)}: accept risks in accepted-risks.yaml only`,
    );
  }
  const { configuration } = descriptor;
  const settings = [
    ...((configuration.ignore ?? []).some((rule) => !ownIgnoreRules.includes(rule.package.name))
      ? ['ignore rules']
      : []),
    ...((configuration.exclude ?? []).length > 0 ? ['exclude'] : []),
    ...((configuration['vex-documents'] ?? []).length > 0 ? ['vex-documents'] : []),
    ...(configuration['only-fixed'] ? ['only-fixed'] : []),
    ...(configuration['only-notfixed'] ? ['only-notfixed'] : []),
    ...(configuration['ignore-wontfix'] === '' ? [] : ['ignore-wontfix']),
  ];
  return settings.length === 0
    ? undefined
    : inconclusiveReport(
        'grype',
        'ignored-findings',
        `expected settings of grype that leave nothing out, found ${settings.join(', ')}`,
      );
}
