import { inconclusiveReport, parseCheckovInput, readCheckovReport, type ScanReport } from '../../gate';
import { run } from '../../process';
import { toolPath } from '../../tools';
import { type CheckInput, cachedReport } from '../report-cache';

/** Lets checkov check a Dockerfile and manifests. */
export async function checkWithCheckov({ files, directory, scratch, timeoutSeconds }: CheckInput): Promise<ScanReport> {
  const input = parseCheckovInput(files);
  if (!input.ok) {
    return inconclusiveReport('checkov', 'unread-files', input.message);
  }
  const program = toolPath('checkov');
  const frameworks = [...new Set(input.files.map(({ framework }) => framework))].sort();
  // The inventory of what checkov read tells a file without checks from a file that it ignored.
  const outputs = ['--output', 'json', '--output', 'cyclonedx_json'];
  const options = ['--framework', ...frameworks, ...outputs, '--quiet', '--compact', '--skip-download'];
  return cachedReport({
    scanner: 'checkov',
    command: [program, ...options],
    files,
    // checkov exits with 1 when it has findings.
    exitCodes: [0, 1],
    run: () =>
      run({
        program,
        arguments: ['--directory', directory, ...options],
        directory: scratch,
        environment: { HOME: scratch, LOG_LEVEL: 'ERROR', CKV_IGNORE_HIDDEN_DIRECTORIES: 'false' },
        timeoutSeconds,
      }),
    parse: (text) => readCheckovReport(text, input.files),
  });
}
