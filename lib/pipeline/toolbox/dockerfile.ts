import { type GoTool, goBuild, toolNamed } from '../../tools';

/** A Go program of the toolbox. */
interface ToolboxTool extends GoTool {
  /** The argument that starts the program without any effect. */
  readonly startCheck: string;
}

/** Tools that pipeline steps run, compiled from their pins. */
export const toolboxTools: readonly ToolboxTool[] = [
  toolboxTool('buildkitd', '--version'),
  toolboxTool('buildctl', '--version'),
  toolboxTool('start-probe', 'version'),
  toolboxTool('crane', 'version'),
  toolboxTool('cosign', 'version'),
  toolboxTool('syft', '--version'),
  toolboxTool('grype', '--version'),
  toolboxTool('govulncheck', '-version'),
  toolboxTool('trivy', '--version'),
  toolboxTool('source-reader', '--version'),
  toolboxTool('docker-credential-ecr-login', '-v'),
  toolboxTool('git-lfs', 'version'),
];

function toolboxTool(name: string, startCheck: string): ToolboxTool {
  const tool = toolNamed(name);
  if (tool.kind !== 'go') {
    throw new Error(`expected ${name} to be compiled from Go source, got a tool of kind ${tool.kind}`);
  }
  return { ...tool, startCheck };
}

/** Packages of Debian 13, from one snapshot. node runs the pipeline steps, govulncheck and promote need git, BuildKit needs runc. */
export const toolboxPackages = ['git', 'nodejs', 'python3', 'python3-venv', 'runc'] as const;

/** The snapshot in Debian's own archive. Debian signs its indexes. */
export const debianSnapshot = '20261101T000000Z';

/** Requirements of checkov for Python 3.13, below tools/. */
export const checkovRequirements = 'python/toolbox.txt';

/**
 * Renders the Dockerfile of the toolbox. The base image includes Go, because govulncheck analyzes call graphs with it.
 * @param base image by digest: Go on Debian 13, such as the catalog's `bases.builder`
 */
export function toolboxDockerfile(base: string): string {
  const modules = [...new Set(toolboxTools.map(({ module }) => module))];
  const compiled = modules.flatMap((module) => [
    `COPY go/${module} /pins/${module}`,
    `WORKDIR /pins/${module}`,
    ...toolboxTools.filter((tool) => tool.module === module).map(compile),
  ]);
  return `# The image in which every pipeline step runs. Bowline generates this file from the pins of its tools; the catalog names the image by digest.
FROM ${base} AS compiled
${compiled.join('\n')}

FROM ${base}
RUN grep -qx VERSION_CODENAME=trixie /etc/os-release || { echo "bases.builder of platform.yaml must be an image on Debian 13 (trixie)" >&2; exit 1; }
RUN sed -i -e 's|http://deb.debian.org/|http://snapshot.debian.org/archive/|' -e '/^URIs:/s|$|/${debianSnapshot}|' /etc/apt/sources.list.d/debian.sources \\
 && apt-get -o Acquire::Check-Valid-Until=false update \\
 && apt-get install --yes --no-install-recommends ${toolboxPackages.join(' ')} \\
 && rm -rf /var/lib/apt/lists/*
COPY ${checkovRequirements} /opt/toolbox.txt
RUN python3 -m venv /opt/checkov \\
 && /opt/checkov/bin/pip install --no-input --no-cache-dir --require-hashes --only-binary :all: -r /opt/toolbox.txt \\
 && ln -s /opt/checkov/bin/checkov /usr/local/bin/checkov
COPY --from=compiled /out/ /usr/local/bin/
# A tool that does not start fails the toolbox build here, not the first release.
${startChecks.map((argv) => `RUN ${JSON.stringify(argv)}`).join('\n')}
`;
}

/** Commands that start each program without any effect. */
const startChecks: readonly (readonly string[])[] = [
  ['node', '--version'],
  ['git', '--version'],
  ['runc', '--version'],
  ['checkov', '--version'],
  ...toolboxTools.map(({ name, startCheck }) => [name, startCheck]),
];

function compile(tool: GoTool): string {
  const { arguments: goArguments, environment } = goBuild(tool, `/out/${tool.name}`);
  const settings = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
  return `RUN ${JSON.stringify(['env', ...settings, 'go', ...goArguments])}`;
}
