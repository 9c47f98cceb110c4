import { acceptanceRule, type ReportedFinding } from './check-objects';
import type { Rule } from './rule';

/**
 * Renders findings as SARIF 2.1.0, which code hosts show beside the changed lines.
 * @param version the version of this program
 * @see https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
 */
export function renderSarif(findings: readonly ReportedFinding[], rules: readonly Rule[], version: string): object {
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'bowline',
            version,
            rules: [acceptanceRule, ...rules].map(({ id, title, why, level }) => ({
              id,
              shortDescription: { text: title },
              fullDescription: { text: why },
              defaultConfiguration: { level },
            })),
          },
        },
        results: findings.map(({ rule, level, file, place, object, field, message, accepted }) => ({
          ruleId: rule,
          level,
          message: { text: `${object}: ${field}: ${message}` },
          locations: [
            {
              physicalLocation: {
                artifactLocation: { uri: file.split('/').map(encodeURIComponent).join('/') },
                region: { startLine: place.line, startColumn: place.column },
              },
            },
          ],
          suppressions:
            accepted === undefined ? undefined : [{ kind: 'inSource', status: 'accepted', justification: accepted }],
        })),
      },
    ],
  };
}
