import { installedDebianVersions } from './debian-versions';
import { findTool, isDebianPath, pinsDirectory } from './location';
import { pinnedVersion } from './pinned-version';
import { type Purpose, type Tool, toolNamed, tools } from './pins';
import { describeMissing, findPrerequisite, prerequisites } from './prerequisites';

/** The state of one tool, as `bowline doctor` reports it. */
export interface ToolState {
  readonly name: string;
  /** The pinned version. For Debian packages and prerequisites: the version on this machine. */
  readonly version: string;
  readonly purposes: readonly Purpose[];
  readonly present: boolean;
  readonly path?: string;
  /** Whether `bowline doctor --install` installs it. */
  readonly installable: boolean;
  /** How to install it. */
  readonly source: string;
}

/** The pinned version of a tool, or undefined without a checkout, where the tools are on PATH. */
export function pinnedVersionOf(name: string): string | undefined {
  const pins = pinsDirectory();
  const tool = toolNamed(name);
  return pins === undefined || tool.kind === 'debian' ? undefined : pinnedVersion(tool, pins);
}

/** The state of every tool on this machine, and of the prerequisites that build them. */
export function inspectTools(): readonly ToolState[] {
  const pins = pinsDirectory();
  const debianVersions = installedDebianVersions(
    tools.flatMap((tool) => (tool.kind === 'debian' ? [tool.package] : [])),
  );
  return [
    ...(pins === undefined ? [] : prerequisites.map(stateOfPrerequisite)),
    ...tools.map((tool): ToolState => {
      const path = findTool(tool);
      return {
        name: tool.name,
        version: pins === undefined ? 'from the toolbox image' : versionOf(tool, { pins, path, debianVersions }),
        purposes: tool.purposes,
        present: path !== undefined,
        path,
        installable: true,
        source: sourceOf(tool),
      };
    }),
  ];
}

function stateOfPrerequisite(prerequisite: (typeof prerequisites)[number]): ToolState {
  const found = findPrerequisite(prerequisite);
  return {
    name: prerequisite.name,
    version: found.version ?? '',
    purposes: prerequisite.purposes,
    present: found.isSupported,
    path: found.path,
    installable: false,
    source: describeMissing(prerequisite, found),
  };
}

function versionOf(
  tool: Tool,
  {
    pins,
    path,
    debianVersions,
  }: {
    readonly pins: string;
    readonly path: string | undefined;
    readonly debianVersions: ReadonlyMap<string, string>;
  },
): string {
  if (tool.kind !== 'debian') {
    return pinnedVersion(tool, pins);
  }
  if (path === undefined) {
    return 'from Debian';
  }
  return (isDebianPath(path) ? debianVersions.get(tool.package) : undefined) ?? 'not from Debian';
}

function sourceOf(tool: Tool): string {
  switch (tool.kind) {
    case 'debian':
      return `Debian package ${tool.package}`;
    case 'python':
      return `Python packages from tools/python/${tool.name}.txt, about ${tool.seconds} s`;
    case 'go':
      return `built from ${tool.package.startsWith('./') ? `tools/go/${tool.module}/${tool.package.slice(2)}` : tool.package}, about ${tool.seconds} s on two cores`;
  }
}
