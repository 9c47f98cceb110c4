import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { cacheDirectory } from '../../lib/tools';
import { type Bench, stateOf } from './bench';
import { built, openWorkbench, scanned, type Workbench } from './workbench';

jest.setTimeout(900_000);

/**
 * Configuration files of every tool, each of which would silence a finding, hide a file or stop the tool. The same folder is the source, the working
 * directory and the home of this process.
 */
const hostileFiles: Readonly<Record<string, string>> = {
  '.grype.yaml': 'ignore: [{ package: { type: go-module } }]\nonly-fixed: true\n',
  '.grype/config.yaml': 'ignore: [{ package: { type: go-module } }]\n',
  '.config/grype/config.yaml': 'ignore: [{ package: { type: go-module } }]\n',
  '.syft.yaml':
    'select-catalogers: ["-sbom-cataloger"]\nexclude: ["**"]\nsource: { name: other, version: "sha256:00" }\n',
  '.syft/config.yaml': 'exclude: ["**"]\n',
  'trivy.yaml': 'severity: [CRITICAL]\nscan: { skip-files: ["**"], scanners: [secret] }\n',
  '.trivyignore': 'CVE-2024-45338\nDS-0002\n',
  '.trivyignore.yaml': 'vulnerabilities: [{ id: CVE-2024-45338 }]\nmisconfigurations: [{ id: KSV-0001 }]\n',
  'trivy-secret.yaml': 'disable-rules: ["*"]\n',
  '.checkov.yaml': 'skip-check: [CKV_K8S_1, CKV_DOCKER_3]\nframework: [terraform]\n',
  '.checkov.yml': 'soft-fail: true\nskip-path: [".*"]\n',
  '.checkov.baseline': '{"failed_checks": []}\n',
  '.config/go/env': 'GOFLAGS=-tags=hostile\nGOOS=plan9\n',
  'go.env': 'GOFLAGS=-tags=hostile\n',
  '.gitconfig':
    '[core]\n\tfsmonitor = /nonexistent/hostile\n[url "https://hostile.example.com/"]\n\tinsteadOf = https://\n',
  '.docker/config.json':
    '{"proxies":{"default":{"httpProxy":"http://hostile.example.com:1"}},"HttpHeaders":{"X":"y"}}\n',
  '.config/buildkit/buildkitd.toml': 'hostile = [\n',
  '.sigstore/root/hostile.json': '{\n',
  '.netrc': 'machine proxy.golang.org login hostile password hostile\n',
  'sitecustomize.py': 'raise SystemExit(0)\n',
  '.dockerignore': '*\n',
};

/** Variables of the same kind. */
const hostileVariables: Readonly<Record<string, string>> = {
  GRYPE_ONLY_FIXED: 'true',
  GRYPE_EXCLUDE: '**',
  SYFT_EXCLUDE: '**',
  TRIVY_SEVERITY: 'CRITICAL',
  TRIVY_SKIP_FILES: '**',
  TRIVY_IGNORE_STATUS: 'fixed,affected',
  CKV_FRAMEWORK: 'terraform',
  COSIGN_REPOSITORY: 'hostile.example.com/signatures',
  EXPERIMENTAL_BUILDKIT_SOURCE_POLICY: '/nonexistent/hostile.json',
  GOFLAGS: '-tags=hostile',
  GOOS: 'plan9',
  GOPACKAGESDRIVER: '/nonexistent/hostile',
};

let workbench: Workbench;
let bench: Bench;
const before = { directory: process.cwd(), environment: { ...process.env } };

beforeAll(async () => {
  workbench = await openWorkbench(stateOf('hostile-source'));
  bench = workbench.open('winonly');
  for (const [path, text] of Object.entries(hostileFiles)) {
    mkdirSync(dirname(join(bench.source, path)), { recursive: true });
    writeFileSync(join(bench.source, path), text);
  }
  // The cache of Bowline follows the home directory unless this names it.
  process.env.BOWLINE_CACHE = cacheDirectory();
  Object.assign(process.env, hostileVariables, { HOME: bench.source, PYTHONPATH: bench.source });
  process.chdir(bench.source);
});
afterAll(async () => {
  process.chdir(before.directory);
  await workbench?.close();
  process.env = before.environment;
});

describe('a source that configures every tool, has a vulnerable call in a file for Windows alone, and is built for three targets', () => {
  let release: Awaited<ReturnType<typeof scanned>>['release'];
  let sboms: Awaited<ReturnType<typeof scanned>>['sboms'];
  beforeAll(async () => {
    ({ release, sboms } = await scanned(bench, await built(workbench, bench)));
  });

  test('is blocked because of the call, which govulncheck finds for Windows', () => {
    expect(release.verdict.outcome).toBe('blocked');
    const blocking = release.verdict.reasons.filter(({ code }) => code === 'finding-blocks');
    expect(blocking.map(({ message }) => message)).toEqual([
      expect.stringMatching(/CVE-2024-45338 .*the vulnerable function is called/),
    ]);
  });

  test('has an SBOM of every artifact, about exactly that artifact and with its modules', () => {
    expect(Object.keys(release.sboms)).toEqual(['linux/amd64', 'linux/arm64']);
    expect(Object.keys(release.binarySboms).sort()).toEqual([
      'winonly-linux-amd64',
      'winonly-linux-arm',
      'winonly-windows-amd64.exe',
    ]);
    for (const { file, digest } of release.binaries) {
      expect(sboms[file]).toContain(`"version": "${digest}"`);
    }
    const withNet = Object.entries(sboms).filter(([, text]) => text.includes('golang.org/x/net'));
    expect(withNet.map(([name]) => name)).toEqual(['winonly-windows-amd64.exe']);
  });

  test('has the findings of the checks that its files turn off', () => {
    expect(release.verdict.findings.filter(({ title }) => title !== undefined).length).toBeGreaterThan(0);
  });
});
