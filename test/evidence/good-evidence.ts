import { digestOf } from '../../lib/values';

const repository = 'registry.example/acme/hello';
const commit = 'c'.repeat(40);
const source = { repository: 'acme/hello', commit, ref: 'refs/heads/main' };

const pipeline = 'arn:aws:codepipeline:eu-west-1:111111111111:acme-hello';

const config = (architecture: string) => ({ os: 'linux', architecture, config: {} });
const manifest = (architecture: string) => ({
  schemaVersion: 2,
  mediaType: 'application/vnd.oci.image.manifest.v1+json',
  config: { mediaType: 'application/vnd.oci.image.config.v1+json', digest: `$config-${architecture}` },
  layers: [{ digest: digestOf(`layer of ${architecture}`) }],
});
const entry = (architecture: string) => ({
  mediaType: 'application/vnd.oci.image.manifest.v1+json',
  digest: `$${architecture}`,
  platform: { architecture, os: 'linux' },
});
const sbom = (architecture: string) => ({
  bomFormat: 'CycloneDX',
  specVersion: '1.6',
  metadata: { component: { type: 'container', name: repository, version: `$${architecture}` } },
  components: [
    { type: 'library', name: 'stdlib', version: 'go1.26.0', purl: 'pkg:golang/stdlib@1.26.0' },
    { type: 'library', name: 'golang.org/x/net', version: 'v0.33.0', purl: 'pkg:golang/golang.org/x/net@v0.33.0' },
  ],
});

/** A finding that the good verdict accepts, and that the good catalog accepts as well. */
const acceptedFinding = {
  id: 'GHSA-w32m-9786-jp63',
  aliases: ['CVE-2024-45338'],
  package: 'golang.org/x/net',
  version: 'v0.32.0',
  severity: 'high',
  fixedIn: '0.33.0',
  source: 'grype',
  sources: ['grype'],
  reachable: false,
  decision: 'accepted',
  reason: 'accepted by storefront until 2026-12-31: parses only our own pages',
};

const allowedFinding = {
  id: 'CVE-2025-22870',
  aliases: [],
  package: 'golang.org/x/net',
  version: 'v0.32.0',
  severity: 'medium',
  source: 'trivy',
  sources: ['trivy'],
  reachable: false,
  decision: 'allowed',
  reason: 'below high',
};

/** Evidence that every check accepts. `$index`, `$amd64`, `$sbom-amd64`, … stand for the digests of the things of that name. */
export function goodEvidence() {
  return {
    configs: { amd64: config('amd64'), arm64: config('arm64') },
    manifests: { amd64: manifest('amd64'), arm64: manifest('arm64') },
    index: {
      schemaVersion: 2,
      mediaType: 'application/vnd.oci.image.index.v1+json',
      manifests: [entry('amd64'), entry('arm64')],
    },
    sboms: { 'linux/amd64': sbom('amd64'), 'linux/arm64': sbom('arm64') } as Readonly<Record<string, unknown>>,
    predicate: {
      service: 'hello',
      source,
      image: { repository, digest: '$index', platforms: { 'linux/amd64': '$amd64', 'linux/arm64': '$arm64' } },
      sboms: {
        'linux/amd64': { digest: '$sbom-amd64', components: 2 },
        'linux/arm64': { digest: '$sbom-arm64', components: 2 },
      },
      binarySboms: {},
      scannedAt: '2026-11-30T10:00:00Z',
      tools: ['checkov', 'govulncheck', 'grype', 'syft', 'trivy'].map((name) => ({ name, version: 'v1.0.0' })),
      verdict: {
        outcome: 'passed',
        reasons: [],
        findings: [acceptedFinding, allowedFinding],
        databases: [
          { scanner: 'grype', origin: 'feed', builtAt: '2026-11-29T06:00:00Z' },
          { scanner: 'govulncheck', origin: 'feed', builtAt: '2026-11-20T00:00:00Z' },
          { scanner: 'trivy', origin: 'feed', builtAt: '2026-11-29T12:00:00.123456Z' },
        ],
        policy: digestOf('the policy of the scan'),
      },
      start: {
        outcome: 'started',
        platforms: { 'linux/amd64': 'started', 'linux/arm64': 'not-started' },
        warnings: [],
      },
    },
    /** The provenance of the image that a verdict is about. */
    provenance: ({
      service,
      source: { commit, ...built },
    }: {
      readonly service: string;
      readonly source: typeof source;
    }) => ({
      buildDefinition: {
        buildType: 'https://bowline.dev/build/v1',
        externalParameters: { artifact: 'image', service, source: built, platforms: ['linux/amd64', 'linux/arm64'] },
        internalParameters: {},
        resolvedDependencies: [
          { name: 'source', uri: `git+https://github.com/${built.repository}`, digest: { gitCommit: commit } },
          { name: 'builder', digest: { sha256: 'b'.repeat(64) } },
        ],
      },
      runDetails: {
        builder: { id: `https://bowline.dev/builders/codebuild/v1/${pipeline}` },
        metadata: { invocationId: '00000000-1111-2222-3333-444444444444' },
      },
    }),
    /** What the record has beside the predicate. */
    record: {
      moduleFiles: { 'go.sum': digestOf('go.sum') },
      version: 2,
      stage: 'signed',
      image: { tag: 'cccccccccccc-0123456789ab' },
      binaries: [],
      signatures: [
        { class: 'production', publicKey: digestOf('key'), signatures: 'registry.example/acme/signatures/hello' },
      ],
    },
    request: { repository, digest: '$index', signatures: 'registry.example/acme/signatures/hello' },
    expected: {
      service: 'hello',
      class: 'production',
      databases: 'feed',
      builder: { kind: 'codebuild', pipeline },
      commit,
      catalog: {
        imageRepository: repository,
        source: { repository: source.repository, ref: source.ref },
        policy: {
          block: 'high',
          unknown: 'high',
          reachable: 'block',
          databaseMaxAge: '5d',
          verdictMaxAge: '7d',
          riskMaxDuration: '180d',
          acceptedRisks: [
            {
              id: 'CVE-2024-45338',
              package: 'golang.org/x/net',
              reason: 'parses only our own pages',
              owner: 'storefront',
              expires: '2026-12-31',
            },
          ],
        },
      },
    },
    claim: (name: string, image: string) => ({
      critical: {
        identity: { 'docker-reference': `${name}@${image}` },
        image: { 'docker-manifest-digest': image },
        type: 'https://sigstore.dev/cosign/sign/v1',
      },
      optional: { 'bowline.class': 'production', 'bowline.service': 'hello' },
    }),
  };
}
