import type { GoTool } from './pins';

/** The `go build` call for a tool, run in the folder of its module. The local cache and the toolbox image use the same one. */
export function goBuild(
  tool: GoTool,
  output: string,
): { readonly arguments: readonly string[]; readonly environment: Readonly<Record<string, string>> } {
  const stamps = Object.entries(tool.stamps ?? {}).map(([variable, value]) => ` -X ${variable}=${value}`);
  return {
    arguments: [
      'build',
      '-trimpath',
      '-buildvcs=false',
      ...(tool.tags === undefined ? [] : ['-tags', tool.tags]),
      '-ldflags',
      `-s -w${stamps.join('')}`,
      '-o',
      output,
      tool.package,
    ],
    environment: { CGO_ENABLED: '0', GOFLAGS: '-mod=readonly', GOWORK: 'off', ...tool.environment },
  };
}
