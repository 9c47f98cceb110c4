import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { resolveMetrics, type ServiceInEnvironment } from '../../lib/catalog';
import { appPath, manifestPath, platformPath, type ReleaseFile, type Renderer, servicePath } from '../../lib/ledger';
import { type CommitSha, canonicalJson, digestOf, type ImageReference } from '../../lib/values';

/** A digest that is derived from a short name. */
export function digestNamed(name: string) {
  return digestOf(name);
}

export function imageNamed(service: string, name: string, registry = 'registry.example'): ImageReference {
  return `${registry}/acme/${service}@${digestNamed(name)}` as ImageReference;
}

/** A release of a service. `name` determines its digest and its source commit. */
export function releaseOf(service: string, environment: string, name: string): ReleaseFile {
  return {
    version: 1,
    service,
    environment,
    image: imageNamed(service, name),
    source: {
      repository: `acme/${service}`,
      commit: digestNamed(`commit of ${name}`).slice(7, 47) as CommitSha,
    },
    evidence: {
      platforms: { 'linux/amd64': digestNamed(`${name} amd64`) },
      sboms: { 'linux/amd64': digestNamed(`${name} sbom`) },
      verdict: 'passed',
      databases: ['fixture'],
      signedBy: digestNamed('key'),
    },
  };
}

export function serviceOf(
  name: string,
  environment: string,
  changes: Partial<ServiceInEnvironment> = {},
): ServiceInEnvironment {
  return {
    version: 1,
    name,
    team: 'storefront',
    environment,
    class: 'nonproduction',
    namespace: name,
    hostname: `${name}.${environment}.example.com`,
    cluster: 'https://kubernetes.default.svc',
    argocdNamespace: 'argocd',
    ledger: { repository: 'https://git.example/acme/ledger.git', branch: 'main' },
    prometheus: 'http://prometheus:9090',
    gateway: { name: 'public', namespace: 'gateway' },
    monitorLabels: { release: 'prometheus' },
    port: 8080,
    metrics: resolveMetrics({ metrics: 'client_golang', port: 8080 }),
    probes: { ready: '/readyz', live: '/livez' },
    replicas: 1,
    maxReplicas: 3,
    cpu: '100m',
    memory: '512Mi',
    settings: {},
    secrets: {},
    requestsPerSecond: 50,
    objectives: { errorRate: 0.01, p99Seconds: 0.5, availability: 0.999 },
    rollback: { budgetSeconds: 60, plan: 'fast' },
    agent: false,
    trafficPath: '/',
    loadTester: 'http://flagger-loadtester.flagger',
    agentUrl: 'http://bowline-agent.bowline:8080',
    network: { from: [], to: [] },
    ...changes,
  };
}

/** Renders three small files. They contain `version`, to simulate different versions of the real renderer. */
export function fakeRenderer(version = '1'): Renderer {
  return {
    service: (service, release) =>
      new Map([
        [
          manifestPath(service.environment, service.name, 'deployment'),
          `# ${version}\nimage: ${release.image}\nmemory: ${service.memory}\nport: ${service.port}\n`,
        ],
        [
          manifestPath(service.environment, service.name, 'canary'),
          `# ${version}\nbudget: ${service.rollback.budgetSeconds}\n`,
        ],
        [appPath(service.environment, service.name), `# ${version}\nproject: ${service.team}\n`],
      ]),
    environment: (environment, services) =>
      new Map(
        [...new Set(services.map((service) => service.team))].map((team) => [
          platformPath(environment.name, `project-${team}`),
          `# ${version}\nproject: ${team}\nregistry: ${environment.registry}\n`,
        ]),
      ),
  };
}

/** A bare repository in a temporary folder, accessed with plain git. */
export class BareLedger {
  readonly root = mkdtempSync(join(tmpdir(), 'bowline-test-'));
  readonly path = join(this.root, 'ledger.git');

  constructor() {
    this.git('init', '--quiet', '--bare', '--initial-branch=main', this.path);
  }

  git(...args: string[]): string {
    return execFileSync('git', args, {
      cwd: args[0] === 'init' ? this.root : this.path,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    }).trimEnd();
  }

  head(): string {
    return this.git('rev-parse', 'main');
  }

  files(commit = 'main'): string[] {
    return this.git('ls-tree', '-r', '--name-only', commit).split('\n');
  }

  text(path: string, commit = 'main'): string {
    return `${this.git('cat-file', 'blob', `${commit}:${path}`)}\n`;
  }

  /** Commits files like another writer (undefined deletes a file). Returns the commit. */
  write(files: Readonly<Record<string, string | undefined>>, message = 'Change by hand'): string {
    const work = mkdtempSync(join(this.root, 'index-'));
    const env = {
      ...process.env,
      GIT_INDEX_FILE: join(work, 'index'),
      GIT_AUTHOR_NAME: 'A person',
      GIT_AUTHOR_EMAIL: 'person@example.com',
      GIT_COMMITTER_NAME: 'A person',
      GIT_COMMITTER_EMAIL: 'person@example.com',
    };
    const git = (args: string[], input?: string) =>
      execFileSync('git', args, {
        cwd: this.path,
        env,
        encoding: 'utf8',
        input,
        stdio: ['pipe', 'pipe', 'pipe'],
      }).trim();
    const parent = this.git('for-each-ref', '--format=%(objectname)', 'refs/heads/main');
    if (parent !== '') {
      git(['read-tree', parent]);
    }
    for (const [path, text] of Object.entries(files)) {
      if (text === undefined) {
        git(['update-index', '--index-info'], `0 ${'0'.repeat(40)}\t${path}\n`);
      } else {
        const blob = git(['hash-object', '-w', '--stdin'], text);
        git(['update-index', '--add', '--cacheinfo', `100644,${blob},${path}`]);
      }
    }
    const commit = git(['commit-tree', git(['write-tree']), ...(parent === '' ? [] : ['-p', parent]), '-m', message]);
    this.git('update-ref', 'refs/heads/main', commit);
    return commit;
  }

  /** Commits a symbolic link. */
  link(path: string, target: string): string {
    const git = (args: string[], input?: string) =>
      execFileSync('git', args, {
        cwd: this.path,
        encoding: 'utf8',
        input,
        env: { ...process.env, GIT_INDEX_FILE: join(this.root, 'link-index') },
      }).trim();
    git(['read-tree', 'main']);
    git(['update-index', '--add', '--cacheinfo', `120000,${git(['hash-object', '-w', '--stdin'], target)},${path}`]);
    const identity = ['-c', 'user.name=A person', '-c', 'user.email=person@example.com'];
    const commit = git([...identity, 'commit-tree', git(['write-tree']), '-p', 'main', '-m', 'Link']);
    this.git('update-ref', 'refs/heads/main', commit);
    return commit;
  }

  /** Publishes services to an environment. */
  publish(environment: string, ...services: string[]): string {
    return this.write(
      Object.fromEntries(
        services.map((name) => [servicePath(environment, name), canonicalJson(serviceOf(name, environment))]),
      ),
      'Publish',
    );
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}
