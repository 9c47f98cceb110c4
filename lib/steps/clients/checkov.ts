import { inconclusiveReport, parseCheckovInput, readCheckovReport, type ScanReport } from '../../gate';
import { runTool } from '../../process';
import { toolPath } from '../../tools';
import { type CheckInput, cachedReport } from '../report-cache';

/** Lets checkov check a Dockerfile and manifests. */
export async function checkWithCheckov({ files, directory, timeoutSeconds }: CheckInput): Promise<ScanReport> {
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
      runTool({
        program,
        // In place of .checkov.yaml, which checkov reads in the folder that it checks, that it runs in, and at home.
        configuration: { 'checkov.yaml': '{}\n' },
        arguments: ({ configuration }) => [
          '--directory',
          directory,
          '--config-file',
          `${configuration}/checkov.yaml`,
          ...options,
        ],
        variables: { LOG_LEVEL: 'ERROR', CKV_IGNORE_HIDDEN_DIRECTORIES: 'false' },
        timeoutSeconds,
      }),
    parse: (text) => readCheckovReport(text, input.files),
  });
}
