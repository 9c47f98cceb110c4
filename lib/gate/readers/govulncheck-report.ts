import { z } from 'zod';
import { equivalentIds } from '../advisory-ids';
import type { Observation } from '../observation';
import { inconclusiveReport, readReport, type ScanReport } from '../scan-report';
import { parseReport, ReportError } from './report-document';

const messageSchema = z.looseObject({
  config: z
    .looseObject({
      scanner_name: z.literal('govulncheck'),
      db_last_modified: z.string().optional(),
      scan_level: z.string(),
      scan_mode: z.string(),
    })
    .optional(),
  SBOM: z
    .looseObject({
      modules: z.array(z.looseObject({ path: z.string() })).optional(),
      roots: z.array(z.string()).optional(),
    })
    .optional(),
  progress: z.looseObject({ message: z.string().optional() }).optional(),
  osv: z.looseObject({ id: z.string(), aliases: z.array(z.string()).optional() }).optional(),
  finding: z
    .looseObject({
      osv: z.string(),
      fixed_version: z.string().optional(),
      trace: z
        .array(
          z.looseObject({
            module: z.string(),
            version: z.string().optional(),
            package: z.string().optional(),
            function: z.string().optional(),
          }),
        )
        .min(1),
    })
    .optional(),
});

/**
 * Reads the output of `govulncheck -format json`: a stream of messages. The exit code is always 0 in this format (golang/go#61704). An `osv`
 * message is an advisory that govulncheck considered, not a finding. The vulnerable function is called if the trace starts with a function.
 * A scan of packages is enough where the program imports no vulnerable package: govulncheck then follows no calls in a scan of symbols either
 * (golang.org/x/vuln, internal/vulncheck/source.go).
 * @param main import path of the main package, from which govulncheck must have followed the calls
 */
export function readGovulncheckReport(text: string, main: string): ScanReport {
  return readReport('govulncheck', text, (stream) => {
    const messages = splitJsonStream(stream).map((json) => parseReport(messageSchema, json));
    const config = messages.find((message) => message.config)?.config;
    if (!config) {
      return inconclusiveReport(
        'govulncheck',
        'truncated-report',
        `expected a message with "config" from govulncheck, found none among ${messages.length}`,
      );
    }
    if (config.scan_mode !== 'source') {
      return inconclusiveReport(
        'govulncheck',
        'shallow-scan',
        `expected govulncheck to scan the source, whose calls it can follow, found a scan of a ${config.scan_mode}`,
      );
    }
    const findings = messages.flatMap(({ finding }) => finding ?? []);
    if (config.scan_level !== 'symbol' && !(config.scan_level === 'package' && findings.every(isNotImported))) {
      return inconclusiveReport(
        'govulncheck',
        'shallow-scan',
        `expected govulncheck to scan symbols (which functions are called), found a scan of ${config.scan_level}s`,
      );
    }
    if (!messages.some((message) => (message.SBOM?.modules ?? []).length > 0)) {
      return inconclusiveReport(
        'govulncheck',
        'vacuous-scan',
        'expected at least one module in the scan of govulncheck, found none',
      );
    }
    const roots = messages.flatMap(({ SBOM }) => SBOM?.roots ?? []);
    if (roots.length !== 1 || roots[0] !== main) {
      return inconclusiveReport(
        'govulncheck',
        'other-program',
        `expected govulncheck to follow the calls of ${main}, found ${roots.join(', ') || 'no program'}`,
      );
    }
    // A stream has no end. This message precedes the findings.
    if (!messages.some(({ progress }) => progress?.message?.startsWith('Checking the code against'))) {
      return inconclusiveReport(
        'govulncheck',
        'truncated-report',
        'expected the message of govulncheck that it checks the code, found none: it did not get that far',
      );
    }
    const aliases = new Map(messages.flatMap(({ osv }) => (osv ? [[osv.id, osv.aliases ?? []] as const] : [])));
    return {
      ok: true,
      scanner: 'govulncheck',
      database: { builtAt: config.db_last_modified ?? '' },
      observations: keepDeepest(findings.map((finding) => observationOf(finding, aliases))),
    };
  });
}

type RawFinding = NonNullable<z.output<typeof messageSchema>['finding']>;

/** Whether a finding is about a module of which the program imports no vulnerable package. */
function isNotImported({ trace: [head] }: RawFinding): boolean {
  return head?.package === undefined && head?.function === undefined;
}

function observationOf(finding: RawFinding, aliases: ReadonlyMap<string, readonly string[]>): Observation {
  const [head] = finding.trace;
  return {
    id: finding.osv,
    aliases: equivalentIds(finding.osv, aliases.get(finding.osv) ?? []),
    package: head?.module ?? '',
    version: head?.version ?? '',
    severity: 'unknown',
    fixedIn: finding.fixed_version,
    source: 'govulncheck',
    reachable: head?.function !== undefined,
  };
}

/** govulncheck reports an advisory once per level (module, package, function). Keeps the deepest. */
function keepDeepest(observations: readonly Observation[]): readonly Observation[] {
  const deepest = new Map<string, Observation>();
  for (const observation of observations) {
    const key = `${observation.id} ${observation.package}`;
    if (!deepest.has(key) || observation.reachable) {
      deepest.set(key, observation);
    }
  }
  return [...deepest.values()];
}

/** Splits concatenated JSON objects, minding strings. @throws ReportError when the last one is cut off */
function splitJsonStream(text: string): readonly string[] {
  const objects: string[] = [];
  let depth = 0;
  let start = 0;
  let inString = false;
  for (let index = 0; index < text.length; index++) {
    const character = text[index];
    if (inString) {
      if (character === '\\') {
        index++;
      } else if (character === '"') {
        inString = false;
      }
    } else if (character === '"') {
      inString = true;
    } else if (character === '{') {
      if (depth++ === 0) {
        start = index;
      }
    } else if (character === '}' && --depth === 0) {
      objects.push(text.slice(start, index + 1));
    }
  }
  if (depth !== 0 || inString) {
    throw new ReportError('expected a stream of whole JSON objects, found one that is cut off');
  }
  return objects;
}
