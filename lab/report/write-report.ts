import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ScenarioRun } from '../scenarios/run-scenarios';
import { findProblems, inspectReport } from './inspect-report';
import { reportPage } from './page';
import { createReport, type LabReport } from './report';

const outputDirectory = join(__dirname, '..', 'out');

/** Writes report.html, inspects it in a browser, and writes report.json with the problems found. */
export async function writeReport(
  startedAt: Date,
  run: ScenarioRun,
  printProgress: (line: string) => void,
): Promise<LabReport> {
  const directory = join(outputDirectory, startedAt.toISOString().replace(/[:.]/g, '-'));
  mkdirSync(directory, { recursive: true });
  const page = join(directory, 'report.html');
  writeFileSync(page, reportPage(createReport(startedAt, run)));
  printProgress(`report: ${page}`);
  let problems: readonly string[];
  try {
    problems = findProblems(await inspectReport(page, directory), run.results.length);
  } catch (error) {
    problems = [`cannot inspect the report: ${error instanceof Error ? error.message : String(error)}`];
  }
  const report = createReport(startedAt, { ...run, problems });
  writeFileSync(join(directory, 'report.json'), `${JSON.stringify(report, undefined, 1)}\n`);
  return report;
}
