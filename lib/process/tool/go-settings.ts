import { z } from 'zod';
import { mustRun } from '../run';

/** How Go is set up on this machine: where modules come from, which are not public, and where Go keeps what it downloaded and compiled. */
const takenOver = [
  'GOPROXY',
  'GOSUMDB',
  'GOPRIVATE',
  'GONOPROXY',
  'GONOSUMDB',
  'GOINSECURE',
  'GOTOOLCHAIN',
  'GOPATH',
  'GOMODCACHE',
  'GOCACHE',
] as const;

const settingsSchema = z.record(z.string(), z.string());

/**
 * The settings of Go that a tool gets by name, from the environment and from `go env -w`. Other settings, such as GOFLAGS with `-overlay` or
 * `-toolexec`, and GOPACKAGESDRIVER, could replace what is analyzed or start programs.
 * @throws ProgramError when Go is not installed
 */
export async function goSettings(): Promise<Readonly<Record<string, string>>> {
  const { stdout } = await mustRun({
    program: 'go',
    arguments: ['env', '-json', ...takenOver],
    // The folder / belongs to no module, so no go.mod or go.work applies.
    directory: '/',
    environment: { GOWORK: 'off', GOFLAGS: '' },
    timeoutSeconds: 30,
  });
  return {
    ...settingsSchema.parse(JSON.parse(stdout)),
    GOENV: 'off',
    GOFLAGS: '',
    GOWORK: 'off',
    GOTELEMETRY: 'off',
    // `off`: otherwise golang.org/x/tools/go/packages starts a program "gopackagesdriver" that it finds on PATH.
    GOPACKAGESDRIVER: 'off',
  };
}
