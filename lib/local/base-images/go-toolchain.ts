import { mustRun, run } from '../../process';

/** The machine's Go, which the builders hold. */
export interface GoToolchain {
  readonly version: string;
  readonly root: string;
  /** Where modules come from, as far as this machine says otherwise than Go itself: for the builder, which never ships. */
  readonly settings: Readonly<Record<string, string>>;
}

/** What says to Go where modules come from (https://go.dev/ref/mod#environment-variables). */
export const goModuleVariables: readonly string[] = [
  'GOPROXY',
  'GOSUMDB',
  'GOPRIVATE',
  'GONOPROXY',
  'GONOSUMDB',
  'GOINSECURE',
];

/** @throws ProgramError where there is no Go */
export async function readGoToolchain(): Promise<GoToolchain> {
  const environment = { GOTOOLCHAIN: 'local' };
  const [named, changed] = await Promise.all([
    mustRun({ program: 'go', arguments: ['env', '-json', 'GOVERSION', 'GOROOT'], environment, timeoutSeconds: 30 }),
    // Before Go 1.23 there is no such question, and no answer.
    run({ program: 'go', arguments: ['env', '-changed', '-json'], environment, timeoutSeconds: 30 }),
  ]);
  const { GOVERSION, GOROOT } = JSON.parse(named.stdout) as { readonly GOVERSION: string; readonly GOROOT: string };
  const settings = changed.exitCode === 0 ? (JSON.parse(changed.stdout) as Record<string, string>) : {};
  return {
    version: GOVERSION,
    root: GOROOT,
    settings: Object.fromEntries(Object.entries(settings).filter(([name]) => goModuleVariables.includes(name))),
  };
}
