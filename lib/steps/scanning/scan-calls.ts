import { join, resolve } from 'node:path';
import type { Service } from '../../catalog';
import { inconclusiveReport, reportOn, type ScanReport } from '../../gate';
import { buildLayout, joinPaths, pathBelow, type SourceFacts, toolchainVariables, toPackagePath } from '../../image';
import { ProgramError } from '../../process';
import { type GovulncheckInput, scanWithGovulncheck } from '../clients/govulncheck';
import type { VulnerabilityDatabases } from '../clients/vulnerability-databases';
import { downloadModules } from '../modules/download-modules';
import type { ModuleAccess } from '../modules/module-access';
import type { Reporter } from '../reporter';
import type { CompileTarget } from './artifacts';

export interface CallScanInput {
  readonly service: Service;
  /** Checkout of the service's repository. */
  readonly source: string;
  readonly facts: SourceFacts;
  readonly targets: readonly CompileTarget[];
  readonly databases: VulnerabilityDatabases;
  readonly openModules?: () => Promise<ModuleAccess>;
  readonly reporter: Reporter;
}

/**
 * Lets govulncheck follow the calls of the program, for every target that it is compiled for. One target after the other: each run uses all
 * processors.
 */
export async function scanCalls(input: CallScanInput): Promise<readonly ScanReport[]> {
  const { service, source, facts, targets, databases, openModules, reporter } = input;
  const { build } = service;
  const { vendored, workspace } = buildLayout(facts);
  const directory = join(source, service.source.directory);
  const workspaceFile = workspace && facts.workspace !== undefined ? resolve(source, facts.workspace.file) : undefined;
  const modules = build.modules === undefined || vendored ? undefined : await openModules?.();
  if (modules !== undefined) {
    const download = await downloadModules(directory, modules, { GOWORK: workspaceFile ?? 'off' });
    if (download.exitCode !== 0) {
      const { message } = new ProgramError('go mod download', download);
      return targets.map(({ name }) => reportOn(name, inconclusiveReport('govulncheck', 'scanner-failed', message)));
    }
  }
  const shared: Omit<GovulncheckInput, 'target'> = {
    directory,
    package: toPackagePath(build.main),
    importPath: importPathOf(facts),
    tags: build.tags,
    vendored,
    workspace: workspaceFile,
    variables: toolchainVariables(build),
    modules: modules?.modules,
    databases,
    reporter,
  };
  const reports: ScanReport[] = [];
  for (const target of targets) {
    reporter.progress(`govulncheck: ${target.name}`);
    reports.push(reportOn(target.name, await scanWithGovulncheck({ ...shared, target })));
  }
  return reports;
}

/** The import path of the main package. */
function importPathOf({ module, main }: SourceFacts): string {
  return module === undefined || main === undefined
    ? (module?.path ?? '')
    : joinPaths(module.path, pathBelow(module.directory, main.directory));
}
