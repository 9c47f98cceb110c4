import type { BuildContext, BuildProblem } from './build-problem';
import { excerpt } from './build-problem';
import { isPrivate } from './private-pattern';

/**
 * Explains why `go mod download` or `go mod verify` failed, by the messages of Go (cmd/go/internal/modfetch), git and their servers.
 * @param lines the output of the command
 * @returns undefined for an unknown message
 */
export function explainModules(lines: readonly string[], context: BuildContext): BuildProblem | undefined {
  const altered = explainAltered(lines, context);
  if (altered !== undefined) {
    return altered;
  }
  for (const { pattern, explain } of causes) {
    const line = lines.find((text) => pattern.test(text));
    if (line !== undefined) {
      return explain(describeModule(lines, line, context));
    }
  }
  return undefined;
}

/** The content of a module is not the one in go.sum or in the checksum database. It does not go away with another run. */
function explainAltered(lines: readonly string[], { service }: BuildContext): BuildProblem | undefined {
  const line = lines.find((text) => /checksum mismatch|^SECURITY ERROR/.test(text));
  if (line === undefined) {
    return undefined;
  }
  const module = /(?:verifying )?(\S+@v[^\s:/]+)/.exec(line)?.[1] ?? 'a module';
  const shown = lines.filter((text) => /checksum mismatch|^\s*(?:downloaded|go\.sum|sum\.golang\.org):/.test(text));
  return {
    code: 'module-altered',
    kind: 'rejected',
    message: [
      `${service.name}: ${module} is not the module that go.sum names: someone replaced the version, or the download was altered`,
      ...excerpt(shown),
      "  Compare it with the author's version. If the author replaced it, require another version, or correct go.sum: GOPROXY=direct go mod download",
    ].join('\n'),
  };
}

/** A module that failed, and what is known about it. */
interface FailedModule {
  readonly service: string;
  /** With its version if Go prints it. */
  readonly module: string;
  /** The server that was asked. */
  readonly host: string;
  readonly line: string;
  readonly isPrivate: boolean;
  readonly hasPatterns: boolean;
  readonly hasAuthority: boolean;
  readonly credential?: string;
  readonly pattern: string;
}

function describeModule(lines: readonly string[], line: string, { service, credential }: BuildContext): FailedModule {
  const { modules } = service.build;
  const index = lines.indexOf(line);
  const named = [line, ...lines.slice(0, index).reverse(), ...lines.slice(index)]
    .map((text) => /^go: (?:module )?([a-z0-9][a-z0-9.-]*\.[a-z0-9-]+(?:\/[^\s@:]+)*(?:@v[^\s:]+)?): /.exec(text)?.[1])
    .find((text) => text !== undefined);
  const path = named?.split('@')[0] ?? '';
  const asked =
    /https?:\/\/(?:[^/@\s]*@)?([A-Za-z0-9.-]+)/.exec(line)?.[1] ??
    /(?:lookup|resolve host:) ([A-Za-z0-9.-]+)/.exec(line)?.[1];
  return {
    service: service.name,
    module: named ?? 'a module of go.mod',
    host: asked ?? hostIn(lines.slice(0, index + 1)) ?? path.split('/')[0] ?? 'the server',
    line: line.trim(),
    isPrivate: modules !== undefined && isPrivate(modules.private, path),
    hasPatterns: modules !== undefined,
    hasAuthority: modules?.ca !== undefined,
    credential,
    pattern: path.split('/').slice(0, 2).join('/') || 'git.example.com/team',
  };
}

/** git reports its URL in an earlier line than its error. */
function hostIn(lines: readonly string[]): string | undefined {
  for (const line of [...lines].reverse()) {
    const host = /https?:\/\/(?:[^/@\s]*@)?([A-Za-z0-9.-]+)/.exec(line)?.[1];
    if (host !== undefined && host !== 'golang.org') {
      return host;
    }
  }
  return undefined;
}

interface Cause {
  readonly pattern: RegExp;
  readonly explain: (failed: FailedModule) => BuildProblem;
}

/** The most specific message first: the answer of a proxy can quote the one of git. */
const causes: readonly Cause[] = [
  {
    pattern: /sum\.golang\.org\/lookup\/\S+: (?:404|410)/,
    explain: (failed) =>
      unavailable(failed, 'the checksum database does not know it, because it is not public', [nameItPrivate(failed)]),
  },
  {
    pattern: /unknown revision|invalid version: unknown|no matching versions for query|invalid pseudo-version/,
    explain: (failed) =>
      unavailable(failed, `${failed.host} has no such version`, [
        'Push the tag, or require a version that exists: go get <module>@<version>',
      ]),
  },
  {
    pattern: /module lookup disabled by GOPROXY=off/,
    explain: (failed) =>
      unavailable(failed, 'the builder image sets GOPROXY=off', ['Use a builder image that does not, or vendor it']),
  },
  {
    pattern: /GOVCS disallows using/,
    explain: (failed) =>
      unavailable(failed, 'its repository is not a git repository, and Go only uses git for public modules', [
        vendorIt,
      ]),
  },
  {
    pattern:
      /x509: |server certificate verification failed|SSL certificate problem|certificate verify failed|unable to get local issuer/i,
    explain: (failed) =>
      unavailable(failed, `the builder does not trust the certificate of ${failed.host}`, [untrusted(failed)]),
  },
  {
    pattern: /Permission denied \(publickey|Host key verification failed|exec: "ssh"|cannot run ssh|^ssh: /,
    explain: (failed) =>
      unavailable(failed, 'its repository is served over ssh, and builds have no ssh key', [
        'Let the git host name its https address (the go-import tag of the module), and use a token',
      ]),
  },
  {
    pattern:
      /terminal prompts disabled|could not read (?:Username|Password)|Authentication failed|HTTP Basic: Access denied|Invalid username or (?:password|token)|\b401 Unauthorized|\b403 Forbidden|requested URL returned error: 40[13]/,
    explain: (failed) =>
      unavailable(
        failed,
        failed.credential === undefined
          ? `${failed.host} refuses the download without a login`
          : `${failed.host} refuses the download`,
        refused(failed),
      ),
  },
  {
    pattern:
      /\b(?:404 Not Found|410 Gone)|Repository not found|repository '[^']*' not found|no go-import meta tags|could not be found or you don't have permission|does not appear to be a git repository/i,
    explain: (failed) => unavailable(failed, `${failed.host} does not have it, or does not show it`, refused(failed)),
  },
  {
    pattern: /no such host|Could not resolve host|server misbehaving|temporary failure in name resolution/i,
    explain: (failed) =>
      unreachable(
        failed,
        `the name ${failed.host} cannot be resolved`,
        'Check the name, and the DNS of the build machine',
      ),
  },
  {
    pattern:
      /i\/o timeout|handshake timeout|timed out|connection (?:refused|reset)|Failed to connect|network is unreachable|no route to host|unexpected EOF|: EOF|\b(?:429|500|502|503|504) |returned error: (?:429|5\d\d)|stream error|early EOF|RPC failed|zip: not a valid zip file/i,
    explain: (failed) =>
      unreachable(
        failed,
        `${failed.host} does not answer`,
        'Check the network of the build machine, then run it again',
      ),
  },
];

const vendorIt = 'Vendor it: go mod vendor, and commit the vendor folder';

function unavailable(failed: FailedModule, what: string, remedies: readonly string[]): BuildProblem {
  return {
    code: 'module-unavailable',
    kind: 'badInput',
    message: [`${failed.service}: cannot download ${failed.module}: ${what}`, ...details(failed, remedies)].join('\n'),
  };
}

function unreachable(failed: FailedModule, what: string, remedy: string): BuildProblem {
  return { ...unavailable(failed, what, [remedy]), kind: 'inconclusive' };
}

function details({ line }: FailedModule, remedies: readonly string[]): readonly string[] {
  return [...excerpt([line.replace(/^go: /, '')]), ...remedies.map((remedy) => `  ${remedy}`)];
}

function nameItPrivate({ pattern }: FailedModule): string {
  return `If it is private, name it in the catalog, build: { modules: { private: [${pattern}] } }, with a credential (docs/how-to/private-modules.md), or vendor it: go mod vendor`;
}

function refused(failed: FailedModule): readonly string[] {
  if (!failed.isPrivate) {
    return [nameItPrivate(failed), 'If it is public, correct its path and version in go.mod'];
  }
  return failed.credential === undefined
    ? [
        `Log in to ${failed.host} on this machine (~/.netrc, or a credential helper of git) for a local run, and set build.modules.credential for AWS`,
      ]
    : [
        `Check that ${failed.credential} has a login for ${failed.host} that may read the repository, and that it has not expired`,
      ];
}

function untrusted(failed: FailedModule): string {
  if (failed.hasAuthority) {
    return 'build.modules.ca is not the authority of this certificate: correct it';
  }
  return failed.hasPatterns
    ? 'Set build.modules.ca to the certificate of its authority'
    : `If it is private, name it in build.modules.private (${failed.pattern}) and its authority in build.modules.ca; otherwise use a builder image whose certificates are complete`;
}
