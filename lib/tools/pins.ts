/** What a tool is needed for. `test` and `demo` need the road; the cluster's part is only built for the lab. */
export type Purpose = 'road' | 'test' | 'bench' | 'aws' | 'lab';

/** A tool compiled from a Go module of its own: `tools/go/<module>` pins it by go.mod and go.sum. */
export interface GoTool {
  readonly kind: 'go';
  readonly name: string;
  /** Folder below tools/go. */
  readonly module: string;
  /** Package to compile; `./…` is our own program in that folder. */
  readonly package: string;
  readonly purposes: readonly Purpose[];
  readonly tags?: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** `-X` values: tools that would not know their own version otherwise. */
  readonly stamps?: Readonly<Record<string, string>>;
  /** About how long a cold build takes on two cores. */
  readonly seconds: number;
}

/** Python packages in an environment of their own: `tools/python/<name>.txt` pins each by hashes. */
export interface PythonTool {
  readonly kind: 'python';
  readonly name: string;
  /** Program of the environment that the tool's path leads to. */
  readonly program: string;
  readonly purposes: readonly Purpose[];
  readonly seconds: number;
}

/** A program out of a Debian package. */
export interface DebianTool {
  readonly kind: 'debian';
  readonly name: string;
  readonly package: string;
  readonly program: string;
  readonly purposes: readonly Purpose[];
}

export type Tool = GoTool | PythonTool | DebianTool;

const road = ['road', 'test', 'bench', 'lab', 'aws'] as const;

/** Every tool that Bowline runs. Versions stand in the go.mod of each folder of tools/go, and in tools/python; Debian's are the release's own. */
export const tools: readonly Tool[] = [
  {
    kind: 'go',
    name: 'buildkitd',
    module: 'buildkit',
    package: 'github.com/moby/buildkit/cmd/buildkitd',
    tags: 'osusergo netgo static_build',
    purposes: road,
    seconds: 90,
  },
  {
    kind: 'go',
    name: 'buildctl',
    module: 'buildkit',
    package: 'github.com/moby/buildkit/cmd/buildctl',
    tags: 'osusergo netgo static_build',
    purposes: road,
    seconds: 60,
  },
  {
    kind: 'go',
    name: 'crane',
    module: 'crane',
    package: 'github.com/google/go-containerregistry/cmd/crane',
    purposes: road,
    seconds: 10,
  },
  {
    kind: 'go',
    name: 'cosign',
    module: 'cosign',
    package: 'github.com/sigstore/cosign/v3/cmd/cosign',
    purposes: road,
    seconds: 150,
  },
  {
    kind: 'go',
    name: 'syft',
    module: 'syft',
    package: 'github.com/anchore/syft/cmd/syft',
    stamps: { 'main.version': '1.57.0' },
    purposes: road,
    seconds: 120,
  },
  {
    kind: 'go',
    name: 'grype',
    module: 'grype',
    package: 'github.com/anchore/grype/cmd/grype',
    stamps: { 'main.version': '0.121.2' },
    purposes: road,
    seconds: 60,
  },
  {
    kind: 'go',
    name: 'vulnerability-database',
    module: 'grype',
    package: './vulnerability-database',
    purposes: road,
    seconds: 20,
  },
  {
    kind: 'go',
    name: 'govulncheck',
    module: 'govulncheck',
    package: 'golang.org/x/vuln/cmd/govulncheck',
    purposes: road,
    seconds: 10,
  },
  {
    kind: 'go',
    name: 'docker-credential-ecr-login',
    module: 'ecr-login',
    package: 'github.com/awslabs/amazon-ecr-credential-helper/ecr-login/cli/docker-credential-ecr-login',
    purposes: ['aws'],
    seconds: 10,
  },
  {
    kind: 'go',
    name: 'kubeconform',
    module: 'kubeconform',
    package: 'github.com/yannh/kubeconform/cmd/kubeconform',
    purposes: ['test'],
    seconds: 10,
  },
  { kind: 'go', name: 'ko', module: 'ko', package: 'github.com/google/ko', purposes: ['bench'], seconds: 60 },
  {
    kind: 'go',
    name: 'trivy',
    module: 'trivy',
    package: 'github.com/aquasecurity/trivy/cmd/trivy',
    environment: { GOEXPERIMENT: 'jsonv2' },
    purposes: ['aws'],
    seconds: 300,
  },
  { kind: 'python', name: 'local-aws', program: 'python', purposes: road, seconds: 30 },
  {
    kind: 'debian',
    name: 'docker-registry',
    package: 'docker-registry',
    program: '/usr/bin/docker-registry',
    purposes: road,
  },
  { kind: 'debian', name: 'runc', package: 'runc', program: '/usr/sbin/runc', purposes: road },
  { kind: 'debian', name: 'busybox', package: 'busybox-static', program: '/bin/busybox', purposes: road },
  { kind: 'debian', name: 'shellcheck', package: 'shellcheck', program: '/usr/bin/shellcheck', purposes: ['test'] },
];

/** @throws Error when Bowline has no tool of that name */
export function toolNamed(name: string): Tool {
  const tool = tools.find((candidate) => candidate.name === name);
  if (!tool) {
    throw new Error(`Bowline has no tool ${JSON.stringify(name)}; tools are pinned in lib/tools/pins.ts`);
  }
  return tool;
}
