import type { Observation, Scanner } from './observation';
import { describeUnreadable } from './readers/report-document';

/** A complete report, or the reason why it is inconclusive. */
export type ScanReport =
  | {
      readonly ok: true;
      readonly scanner: Scanner;
      /** What it is about: an artifact by its name, or a target. Absent for misconfigurations, whose report is about all files. */
      readonly subject?: string;
      readonly observations: readonly Observation[];
      /** Absent for misconfigurations, whose checks come with the scanner. */
      readonly database?: { readonly builtAt: string };
    }
  | {
      readonly ok: false;
      readonly scanner: Scanner;
      readonly subject?: string;
      readonly code: string;
      readonly message: string;
    };

/** The report, with what it is about. The message of one that cannot be used names it. */
export function reportOn(subject: string, report: ScanReport): ScanReport {
  return report.ok ? { ...report, subject } : { ...report, subject, message: `${subject}: ${report.message}` };
}

/** Reads a scanner's report. If `read` throws, the report is inconclusive, and its message says what was expected and what was found. */
export function readReport(scanner: Scanner, text: string, read: (text: string) => ScanReport): ScanReport {
  if (text.trim() === '') {
    return inconclusiveReport(scanner, 'empty-report', `${scanner} wrote no report: expected JSON, found nothing`);
  }
  try {
    return read(text);
  } catch (error) {
    const message = `the report of ${scanner} cannot be read: ${describeUnreadable(error, text)}`;
    return inconclusiveReport(scanner, 'unreadable-report', message);
  }
}

/** A report that cannot be used: empty, malformed, or about something else. */
export function inconclusiveReport(scanner: Scanner, code: string, message: string): ScanReport {
  return { ok: false, scanner, code, message };
}
