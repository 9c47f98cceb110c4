import { mustRun, run } from '../../process';

/** The Go toolchain of this machine, which local builder images contain. */
export interface GoToolchain {
  readonly version: string;
  readonly root: string;
  /** Variables for downloading modules that this machine sets to other values than Go's defaults. */
  readonly settings: Readonly<Record<string, string>>;
}

/** The Go variables for downloading modules (https://go.dev/ref/mod#environment-variables). */
export const goModuleVariables: readonly string[] = [
  'GOPROXY',
  'GOSUMDB',
  'GOPRIVATE',
  'GONOPROXY',
  'GONOSUMDB',
  'GOINSECURE',
];

/** @throws ProgramError when Go is not installed */
export async function readGoToolchain(): Promise<GoToolchain> {
  const environment = { GOTOOLCHAIN: 'local' };
  const [base, changed] = await Promise.all([
    mustRun({ program: 'go', arguments: ['env', '-json', 'GOVERSION', 'GOROOT'], environment, timeoutSeconds: 30 }),
    // Go before 1.23 fails, since it does not have -changed.
    run({ program: 'go', arguments: ['env', '-changed', '-json'], environment, timeoutSeconds: 30 }),
  ]);
  const { GOVERSION, GOROOT } = JSON.parse(base.stdout) as { readonly GOVERSION: string; readonly GOROOT: string };
  const settings = changed.exitCode === 0 ? (JSON.parse(changed.stdout) as Record<string, string>) : {};
  return {
    version: GOVERSION,
    root: GOROOT,
    settings: Object.fromEntries(Object.entries(settings).filter(([name]) => goModuleVariables.includes(name))),
  };
}
