import { z } from 'zod';

const answerSchema = z.object({
  port: z.number(),
  path: z.string(),
  status: z.number().optional(),
  error: z.string().optional(),
});

const metricSchema = z.object({ name: z.string(), labels: z.array(z.string()), type: z.string().optional() });

const reportSchema = z.object({
  program: z.object({
    machine: z.string().optional(),
    interpreter: z.string().optional(),
    libraries: z.array(z.string()).optional(),
    problem: z
      .enum(['not-found', 'not-a-program', 'not-executable', 'no-loader', 'missing-library', 'old-library'])
      .optional(),
    missing: z.array(z.string()).default([]),
  }),
  failed: z.string().optional(),
  exited: z.object({ code: z.number(), signal: z.string().optional(), seconds: z.number() }).optional(),
  listening: z.array(z.object({ port: z.number(), loopback: z.boolean() })),
  ready: answerSchema.optional(),
  live: answerSchema.optional(),
  requests: z.array(answerSchema),
  metrics: answerSchema.extend({ contentType: z.string().optional(), metrics: z.array(metricSchema) }).optional(),
  readySeconds: z.number().optional(),
  written: z.array(z.string()),
  stopped: z.object({ exited: z.boolean(), ignored: z.boolean(), seconds: z.number() }).optional(),
  output: z.array(z.string()),
});

/** What the probe program found. See the type `Report` in `tools/go/start-probe`. */
export type StartReport = z.output<typeof reportSchema>;
export type FoundMetric = z.output<typeof metricSchema>;
export type Answer = z.output<typeof answerSchema>;

/** Precedes the report in the output of a start that the next build must repeat. */
const marker = 'bowline-start-report ';

/** Parses a report. @throws Error when the text is none */
export function parseStartReport(text: string): StartReport {
  return reportSchema.parse(JSON.parse(text));
}

/** Finds the report in the output of the probe program. */
export function findStartReport(lines: readonly string[]): StartReport | undefined {
  const line = lines.find((candidate) => candidate.startsWith(marker));
  return line === undefined ? undefined : parseStartReport(line.slice(marker.length));
}
