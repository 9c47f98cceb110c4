import { chmodSync, copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Platform, Service } from '../catalog';
import { rejected } from '../errors';
import type { StepFailure } from '../image';
import {
  findStartReport,
  judgeProgram,
  judgeStart,
  parseStartReport,
  renderStartStages,
  type StartPlan,
  type StartReport,
  startFiles,
  startPlan,
  startProbeContext,
  startTarget,
  startTmpBytes,
} from '../image/start';
import { withTemporaryFolder, writeFileAtomic } from '../process';
import type { FirstStart } from '../release';
import { toolPath } from '../tools';
import { type ImagePlatform, imagePlatforms } from '../values';
import { type SolveInput, solve } from './clients/buildkit-solve';

/**
 * Starts the image of a recipe once in BuildKit, before it is pushed: its own user, no network. The result is cached with the image: only a changed
 * image, plan or probe program is started again. A start that finds something wrong is never cached.
 * @param caches options that import caches
 * @throws BowlineError `program-unstartable`, `exits-at-start`, `port-closed`, `probe-fails`, `metrics-missing` (exit 2), and as {@link solve}
 */
export async function startImage(work: SolveInput, platform: Platform, caches: readonly string[]): Promise<FirstStart> {
  const { service, recipe, reporter } = work;
  const { platforms } = recipe;
  const native = nativePlatform();
  if (service.start.skip !== undefined) {
    if (service.build.cgo) {
      await checkLibraries(work, platform, caches);
    }
    reporter.note(`first start: skipped: ${service.start.skip}`);
    return {
      outcome: 'skipped',
      reason: service.start.skip,
      platforms: byPlatform(platforms, () => 'skipped'),
      warnings: [],
    };
  }
  const plan = startPlan(platform, service);
  const reports = await solveStart(work, { platform, plan, native, caches });
  const judged = judgeReports(service, { plan, native }, reports);
  const canRun = platforms.includes(native) && judged.unsupported === undefined;
  const reason = judged.unsupported ?? `this machine runs ${native}`;
  reporter.note(describeStart(reports.get(native), canRun, reason));
  const checked = platforms.filter((name) => name !== native);
  if (checked.length > 0) {
    reporter.note(
      `first start: ${checked.join(', ')} checked for loader and libraries, not started: this machine runs ${native}`,
    );
  }
  for (const { code, message } of judged.warnings) {
    reporter.note(`first start: warning ${code}: ${message}`);
  }
  return {
    outcome: canRun ? 'started' : 'not-started',
    ...(canRun ? {} : { reason }),
    platforms: byPlatform(platforms, (name) => (canRun && name === native ? 'started' : 'not-started')),
    warnings: judged.warnings.map(({ code, message }) => ({ code, message })),
  };
}

/** Compares the libraries that a cgo program needs with those of its base, without a start. */
async function checkLibraries(work: SolveInput, platform: Platform, caches: readonly string[]): Promise<void> {
  const plan = startPlan(platform, work.service);
  // The program is started on the native platform only, so no target may be native.
  const native = imagePlatforms.find((name) => !work.recipe.platforms.includes(name)) ?? nativePlatform();
  judgeReports(work.service, { plan, native }, await solveStart(work, { platform, plan, native, caches }));
}

export interface StartSolve {
  readonly platform: Platform;
  readonly plan: StartPlan;
  readonly native: ImagePlatform;
  readonly caches: readonly string[];
}

/** The platform that BuildKit on this machine runs without emulation. */
export function nativePlatform(): ImagePlatform {
  return process.arch === 'arm64' ? 'linux/arm64' : 'linux/amd64';
}

/** @returns the report of each platform */
export async function solveStart(work: SolveInput, start: StartSolve): Promise<ReadonlyMap<string, StartReport>> {
  const { service, recipe } = work;
  const { platforms } = recipe;
  return withTemporaryFolder('start', async (scratch) => {
    const context = join(scratch, 'context');
    const files = writeContext(context, start, service);
    const stages = renderStartStages({
      platforms,
      native: start.native,
      files,
      tmpBytes: startTmpBytes(start.platform, service),
    });
    const failure: { report?: StartReport; platform?: string } = {};
    const explainFailure = (step: StepFailure) => {
      const report = findStartReport(step.lines);
      if (report === undefined) {
        return undefined;
      }
      Object.assign(failure, { report, platform: step.platform });
      return new StartFailed();
    };
    const out = join(scratch, 'out');
    try {
      await solve({ ...work, recipe: { ...recipe, dockerfile: `${recipe.dockerfile}${stages}` }, explainFailure }, [
        ...['--opt', `target=${startTarget}`, '--opt', `platform=${platforms.join(',')}`],
        ...['--opt', `context:${startProbeContext}=local:${startProbeContext}`],
        ...['--local', `${startProbeContext}=${context}`],
        ...['--output', `type=local,dest=${out}`],
        ...start.caches,
      ]);
    } catch (error) {
      if (error instanceof StartFailed && failure.report !== undefined) {
        return new Map([[failure.platform ?? start.native, failure.report]]);
      }
      throw error;
    }
    return new Map(
      platforms.map((platform) => [platform, readReport(out, platforms.length > 1 ? platform : undefined)]),
    );
  });
}

/** Ends a solve whose start the next build repeats. */
class StartFailed extends Error {}

/** @returns the paths at which the files of the catalog are mounted */
function writeContext(context: string, { platform, plan }: StartSolve, service: Service): readonly string[] {
  mkdirSync(join(context, 'result'), { recursive: true });
  copyFileSync(toolPath('start-probe'), join(context, 'start-probe'));
  chmodSync(join(context, 'start-probe'), 0o755);
  writeFileAtomic(join(context, 'plan.json'), JSON.stringify(plan));
  const files = Object.entries(startFiles(platform, service));
  for (const [index, [, text]] of files.entries()) {
    writeFileAtomic(join(context, 'files', String(index)), text);
  }
  return files.map(([path]) => path);
}

/** BuildKit exports several platforms to folders such as `linux_amd64`. */
function readReport(out: string, platform: string | undefined): StartReport {
  const folder = platform === undefined ? out : join(out, platform.replaceAll('/', '_'));
  return parseStartReport(readFileSync(join(folder, 'report.json'), 'utf8'));
}

/** @throws BowlineError with the code of the first rejection, all rejections and the last lines of the program */
function judgeReports(
  service: Service,
  { plan, native }: Pick<StartSolve, 'plan' | 'native'>,
  reports: ReadonlyMap<string, StartReport>,
) {
  const judgements = [...reports].map(([platform, report]) => {
    const judge = platform === native ? judgeStart : judgeProgram;
    return { platform, report, ...judge(service, plan, report) };
  });
  for (const { platform, report, rejections } of judgements) {
    const [first] = rejections;
    if (first !== undefined) {
      throw rejected(
        first.code,
        [
          `${service.name}: the first start of the image for ${platform} found:`,
          ...rejections.map(({ message }) => `  ${message}`),
          ...lastOutput(report),
        ].join('\n'),
      );
    }
  }
  return {
    warnings: judgements.flatMap(({ warnings }) => warnings),
    unsupported: judgements.find(({ unsupported }) => unsupported !== undefined)?.unsupported,
  };
}

const shownLines = 12;

function lastOutput({ output }: StartReport): readonly string[] {
  return output.length === 0
    ? ['The program printed nothing.']
    : ['Last lines of the program:', ...output.slice(-shownLines).map((line) => `  ${line}`)];
}

function describeStart(report: StartReport | undefined, canRun: boolean, reason: string): string {
  if (report === undefined || !canRun) {
    return `first start: not started: ${reason}`;
  }
  const { exited, readySeconds, requests, stopped } = report;
  if (exited !== undefined) {
    return `first start: ended after ${exited.seconds.toFixed(1)} s`;
  }
  return [
    readySeconds === undefined ? 'first start: not ready' : `first start: ready after ${readySeconds.toFixed(2)} s`,
    ...requests.map(({ path, status, error }) => `GET ${path} ${status ?? error}`),
    ...(stopped === undefined
      ? []
      : [`${stopped.exited ? 'ended' : 'still running'} ${stopped.seconds.toFixed(1)} s after SIGTERM`]),
  ].join(', ');
}

function byPlatform<Outcome>(platforms: readonly string[], outcome: (platform: string) => Outcome) {
  return Object.fromEntries(platforms.map((platform) => [platform, outcome(platform)]));
}
