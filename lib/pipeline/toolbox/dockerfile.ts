import { type GoTool, goBuild, toolNamed } from '../../tools';

/** What the verbs run, compiled from its pins. */
export const toolboxTools: readonly GoTool[] = [
  'buildkitd',
  'buildctl',
  'crane',
  'cosign',
  'syft',
  'grype',
  'govulncheck',
  'trivy',
  'docker-credential-ecr-login',
].map((name) => {
  const tool = toolNamed(name);
  if (tool.kind !== 'go') {
    throw new Error(`${name} is not compiled`);
  }
  return tool;
});

/** What comes out of Debian 13, as it was at one moment: node runs the verbs, govulncheck and promote need git, BuildKit needs runc. */
export const toolboxPackages = ['git', 'nodejs', 'python3', 'python3-venv', 'runc'] as const;

/** The moment: an archive of Debian's own, whose indexes Debian signed. */
export const debianSnapshot = '20261101T000000Z';

/** checkov's wheels for Python 3.13, below tools/. */
export const wheels = 'python/toolbox.txt';

/**
 * The Dockerfile of the toolbox. Go comes with the base, since govulncheck follows calls with it.
 * @param base image by digest: Go on Debian 13, such as the catalog's `bases.builder`
 */
export function toolboxDockerfile(base: string): string {
  const modules = [...new Set(toolboxTools.map(({ module }) => module))];
  const compiled = modules.flatMap((module) => [
    `COPY go/${module} /pins/${module}`,
    `WORKDIR /pins/${module}`,
    ...toolboxTools.filter((tool) => tool.module === module).map(compile),
  ]);
  return `# The image that every verb runs in: made by Bowline from the pins of its tools. Its digest is committed to the catalog.
FROM ${base} AS compiled
${compiled.join('\n')}

FROM ${base}
RUN grep -qx VERSION_CODENAME=trixie /etc/os-release || { echo "the toolbox needs a base on Debian 13: bases.builder of platform.yaml is another" >&2; exit 1; }
RUN sed -i -e 's|http://deb.debian.org/|http://snapshot.debian.org/archive/|' -e '/^URIs:/s|$|/${debianSnapshot}|' /etc/apt/sources.list.d/debian.sources \\
 && apt-get -o Acquire::Check-Valid-Until=false update \\
 && apt-get install --yes --no-install-recommends ${toolboxPackages.join(' ')} \\
 && rm -rf /var/lib/apt/lists/*
COPY ${wheels} /opt/toolbox.txt
RUN python3 -m venv /opt/checkov \\
 && /opt/checkov/bin/pip install --no-input --no-cache-dir --require-hashes --only-binary :all: -r /opt/toolbox.txt \\
 && ln -s /opt/checkov/bin/checkov /usr/local/bin/checkov
COPY --from=compiled /out/ /usr/local/bin/
# What does not start here would stop the first release.
${smoke.map((argv) => `RUN ${JSON.stringify(argv)}`).join('\n')}
`;
}

/** Each by the words that it answers to without doing anything. */
const smoke: readonly (readonly string[])[] = [
  ['node', '--version'],
  ['git', '--version'],
  ['runc', '--version'],
  ['checkov', '--version'],
  ['buildkitd', '--version'],
  ['buildctl', '--version'],
  ['crane', 'version'],
  ['cosign', 'version'],
  ['syft', '--version'],
  ['grype', '--version'],
  ['govulncheck', '-version'],
  ['trivy', '--version'],
  ['docker-credential-ecr-login', '-v'],
];

function compile(tool: GoTool): string {
  const { arguments: words, environment } = goBuild(tool, `/out/${tool.name}`);
  const settings = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
  return `RUN ${JSON.stringify(['env', ...settings, 'go', ...words])}`;
}
