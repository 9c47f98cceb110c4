import { z } from 'zod';

const packageSchema = z.object({
  package: z.string(),
  result: z.enum(['passed', 'failed', 'no-tests']),
  passed: z.number(),
  failed: z.number(),
  skipped: z.number(),
  seconds: z.number(),
});

const reportSchema = z.object({
  packages: z.array(packageSchema),
  failures: z.array(z.object({ package: z.string(), test: z.string().optional(), output: z.array(z.string()) })),
  failed: z.number(),
  timedOut: z.boolean(),
  exitCode: z.number(),
  output: z.array(z.string()),
  startedAt: z.string(),
});

/** The result of the tests. See the type `TestReport` in `tools/go/start-probe`. */
export type TestReport = z.output<typeof reportSchema>;

/** Precedes the report of tests that did not pass in the output of their step. */
const marker = 'bowline-test-report ';

/** Parses a report. @throws Error when the text is none */
export function parseTestReport(text: string): TestReport {
  return reportSchema.parse(JSON.parse(text));
}

/** Finds the report in the output of the probe program. */
export function findTestReport(lines: readonly string[]): TestReport | undefined {
  const line = lines.find((candidate) => candidate.startsWith(marker));
  return line === undefined ? undefined : parseTestReport(line.slice(marker.length));
}

/** The number of tests that passed and that were skipped, and of the packages that have any. */
export interface TestSummary {
  readonly passed: number;
  readonly skipped: number;
  readonly packages: number;
}

export function summarizeTests({ packages }: TestReport): TestSummary {
  const tested = packages.filter(({ result }) => result !== 'no-tests');
  return {
    passed: tested.reduce((sum, { passed }) => sum + passed, 0),
    skipped: tested.reduce((sum, { skipped }) => sum + skipped, 0),
    packages: tested.length,
  };
}

/** `12 passed, 1 skipped in 3 packages` */
export function describeTests({ passed, skipped, packages }: TestSummary): string {
  return (
    [`${passed} passed`, ...(skipped === 0 ? [] : [`${skipped} skipped`])].join(', ') +
    ` in ${packages} ${packages === 1 ? 'package' : 'packages'}`
  );
}
