import { debianVersions } from './debian-versions';
import { findTool, isOfDebian, pinsDirectory } from './location';
import { pinnedVersion } from './pinned-version';
import { type Purpose, type Tool, tools } from './pins';
import { describeLack, findPrerequisite, prerequisites } from './prerequisites';

/** What `bowline doctor` says of one tool. */
export interface ToolState {
  readonly name: string;
  /** As it is pinned; of Debian's packages and of what must be there already, as it is on this machine. */
  readonly version: string;
  readonly purposes: readonly Purpose[];
  readonly present: boolean;
  readonly path?: string;
  /** Whether `bowline doctor --install` gets it. */
  readonly installable: boolean;
  /** How it is had where it is missing. */
  readonly source: string;
}

/** The state of every tool on this machine, and of what tools are made with. */
export function inspectTools(): readonly ToolState[] {
  const pins = pinsDirectory();
  const ofDebian = debianVersions(tools.flatMap((tool) => (tool.kind === 'debian' ? [tool.package] : [])));
  return [
    ...(pins === undefined ? [] : prerequisites.map(stateOfPrerequisite)),
    ...tools.map((tool): ToolState => {
      const path = findTool(tool);
      return {
        name: tool.name,
        version: pins === undefined ? 'of the toolbox' : versionOf(tool, pins, path, ofDebian),
        purposes: tool.purposes,
        present: path !== undefined,
        ...(path === undefined ? {} : { path }),
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
    present: found.fits,
    ...(found.path === undefined ? {} : { path: found.path }),
    installable: false,
    source: describeLack(prerequisite, found),
  };
}

function versionOf(tool: Tool, pins: string, path: string | undefined, ofDebian: ReadonlyMap<string, string>): string {
  if (tool.kind !== 'debian') {
    return pinnedVersion(tool, pins);
  }
  if (path === undefined) {
    return "Debian's";
  }
  return (isOfDebian(path) ? ofDebian.get(tool.package) : undefined) ?? "not Debian's";
}

function sourceOf(tool: Tool): string {
  switch (tool.kind) {
    case 'debian':
      return `Debian package ${tool.package}`;
    case 'python':
      return `Python packages of tools/python/${tool.name}.txt, about ${tool.seconds} s`;
    case 'go':
      return `built from ${tool.package.startsWith('./') ? `tools/go/${tool.module}/${tool.package.slice(2)}` : tool.package}, about ${tool.seconds} s on two cores`;
  }
}
