import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { renderer } from '../../charts/render';
import { type RunResult, runRelease } from '../../lib/local';
import { cacheDirectory } from '../../lib/tools';
import { forgetReleases } from './forget-releases';

export const root = join(__dirname, '..', '..');

type TestFile =
  | 'private-modules'
  | 'cgo-libraries'
  | 'release'
  | 'scan'
  | 'promote'
  | 'sources'
  | 'repositories'
  | 'services'
  | 'compile-cache'
  | 'deployed'
  | 'new-service'
  | 'adopt'
  | 'hostile-record'
  | 'hostile-source'
  | 'vex'
  | 'provenance'
  | 'rescan'
  | 'runbook'
  | 'reuse'
  | 'start'
  | 'strict-registry'
  | 'tests';

/**
 * State of one test file, kept between runs of the suite: base images and build cache, as on a machine that built before. Releases are forgotten
 * ({@link forgetReleases}). Test files run in parallel, so each has its own.
 */
export function stateOf(file: TestFile): string {
  return join(cacheDirectory(), 'test-state', file);
}

/** The files of one test: a copy of a source that may be edited, and an empty ledger. */
export interface Bench {
  readonly directory: string;
  readonly source: string;
  readonly serviceFile: string;
  readonly ledger: string;
  readonly notes: string[];
  run(changes?: Partial<{ source: string; serviceFile: string; catalog: string }>): Promise<RunResult>;
  dispose(): void;
}

export function openBench(source: string, serviceFile: string, stateDirectory: string): Bench {
  const directory = mkdtempSync(join(tmpdir(), 'bowline-release-'));
  const copy = join(directory, 'source');
  cpSync(source, copy, { recursive: true, verbatimSymlinks: true });
  const notes: string[] = [];
  const ledger = join(directory, 'ledger.git');
  return {
    directory,
    source: copy,
    serviceFile,
    ledger,
    notes,
    run: async (changes = {}) => {
      await forgetReleases(stateDirectory);
      return runRelease({
        root,
        catalog: changes.catalog ?? join(root, 'catalog'),
        source: changes.source ?? copy,
        serviceFile: changes.serviceFile ?? serviceFile,
        stateDirectory,
        ledger,
        renderer,
        reporter: { note: (text) => notes.push(text), progress: () => {}, end: () => {} },
      });
    },
    dispose: () => rmSync(directory, { recursive: true, force: true }),
  };
}
