import { parseCatalog, type Service } from '../../../lib/catalog';
import { type BuildProblem, explainSolve, explainStep, readStepFailure } from '../../../lib/image';
import { exampleCatalogFile } from '../../catalog/example-catalog-file';

/* The outputs are those that Go, git, gcc and BuildKit print, with other names. */

function serviceWith(build: object = {}): Service {
  const text = JSON.stringify({
    ...{ version: 1, name: 'shop', team: 'storefront', source: { repository: 'acme/shop' }, build },
  });
  const result = parseCatalog(exampleCatalogFile, [{ file: 'shop.yaml', text }]);
  if (!result.ok) {
    throw new Error(JSON.stringify(result.problems));
  }
  return result.catalog.services[0] as Service;
}

const cgo = { cgo: true, platforms: ['linux/amd64'] };
const privateModules = { modules: { private: ['git.example.com/acme'] } };

function explain(
  command: string,
  output: string,
  build: object = {},
  credential?: string,
  exitCode = 1,
): BuildProblem | undefined {
  const lines = output.split('\n');
  return explainStep({ command, exitCode, lines }, { service: serviceWith(build), credential });
}

const download = 'go mod download';
const compile = 'go build -v -trimpath -o /out/root/shop .';

describe('a module that cannot be downloaded', () => {
  test.each([
    [
      'a private repository on GitHub without a login',
      "go: github.com/acme/money@v1.2.0: invalid version: git ls-remote -q --end-of-options origin in /modules/cache/vcs/ed27: exit status 128:\n\tfatal: could not read Username for 'https://github.com': terminal prompts disabled\nConfirm the import path was entered correctly.\nIf this is a private repository, see https://golang.org/doc/faq#git_https for additional information.",
      'github.com/acme/money@v1.2.0: github.com refuses the download without a login',
    ],
    [
      'a private repository asked from the public proxy',
      "go: github.com/acme/money@v1.2.0: reading https://proxy.golang.org/github.com/acme/money/@v/v1.2.0.mod: 404 Not Found\n\tserver response:\n\tnot found: github.com/acme/money@v1.2.0: invalid version: git ls-remote -q origin in /tmp/gopath/pkg/mod/cache/vcs/ed27: exit status 128:\n\t\tfatal: could not read Username for 'https://github.com': terminal prompts disabled",
      'github.com/acme/money@v1.2.0: ',
    ],
    [
      'a proxy that forbids it',
      'go: example.com/money@v1.2.0: reading https://proxy.golang.org/example.com/money/@v/v1.2.0.mod: 403 Forbidden',
      'example.com/money@v1.2.0: proxy.golang.org refuses the download without a login',
    ],
    [
      'a git host that asks for a login',
      'go: git.example.com/acme/money@v1.2.0: unrecognized import path "git.example.com/acme/money": reading https://git.example.com/acme/money?go-get=1: 401 Unauthorized',
      'git.example.com/acme/money@v1.2.0: git.example.com refuses the download without a login',
    ],
    [
      'a module that is gone',
      'go: github.com/acme/gone@v0.1.0: reading https://proxy.golang.org/github.com/acme/gone/@v/v0.1.0.zip: 410 Gone',
      'github.com/acme/gone@v0.1.0: proxy.golang.org does not have it, or does not show it',
    ],
    [
      'a page without the repository of the module',
      'go: example.com/acme/money@v1.2.0: unrecognized import path "example.com/acme/money": parse https://example.com/acme/money?go-get=1: no go-import meta tags ()',
      'example.com/acme/money@v1.2.0: example.com does not have it, or does not show it',
    ],
    [
      'a module that the checksum database does not know',
      'go: github.com/acme/money@v1.2.0: verifying module: github.com/acme/money@v1.2.0: reading https://sum.golang.org/lookup/github.com/acme/money@v1.2.0: 404 Not Found\n\tserver response: not found',
      'github.com/acme/money@v1.2.0: the checksum database does not know it, because it is not public',
    ],
  ])('%s: names the module, the way to declare it private, and vendoring', (_, output, message) => {
    const found = explain(download, output);
    expect(found).toMatchObject({ code: 'module-unavailable', kind: 'badInput' });
    expect(found?.message).toContain(`shop: cannot download ${message}`);
    expect(found?.message).toMatch(/build: \{ modules: \{ private: \[[a-z./]+\] \} \}/);
    expect(found?.message).toContain('go mod vendor');
  });

  const refused =
    "go: git.example.com/acme/money@v1.2.0: git ls-remote -q origin in /modules/cache/vcs/ed27: exit status 128:\n\tremote: HTTP Basic: Access denied\n\tfatal: Authentication failed for 'https://git.example.com/acme/money.git/'";

  test('without a credential for a private module, the remedy is a login on this machine or on AWS', () => {
    expect(explain(download, refused, privateModules)?.message).toMatch(
      /Log in to git\.example\.com on this machine .* set build\.modules\.credential for AWS/,
    );
  });

  test('a credential that does not open a private module is named', () => {
    const found = explain(download, refused, privateModules, 'the secret storefront/modules');
    expect(found?.kind).toBe('badInput');
    expect(found?.message).toMatch(
      /git\.example\.com refuses the download\n.*\n.*Check that the secret storefront\/modules has a login for git\.example\.com/,
    );
  });

  test.each([
    [
      'go',
      'go: git.example.com/acme/money@v1.2.0: unrecognized import path "git.example.com/acme/money": https fetch: Get "https://git.example.com/acme/money?go-get=1": tls: failed to verify certificate: x509: certificate signed by unknown authority',
    ],
    [
      'git with GnuTLS',
      "go: git.example.com/acme/money@v1.2.0: git ls-remote -q origin in /modules/cache/vcs/ed27: exit status 128:\n\tfatal: unable to access 'https://git.example.com/acme/money.git/': server certificate verification failed. CAfile: none CRLfile: none",
    ],
    [
      'git with OpenSSL',
      "go: git.example.com/acme/money@v1.2.0: git ls-remote -q origin in /modules/cache/vcs/ed27: exit status 128:\n\tfatal: unable to access 'https://git.example.com/acme/money.git/': SSL certificate problem: unable to get local issuer certificate",
    ],
  ])('%s does not trust the certificate: the remedy is the authority', (_, output) => {
    const found = explain(download, output, privateModules);
    expect(found).toMatchObject({ code: 'module-unavailable', kind: 'badInput' });
    expect(found?.message).toContain('does not trust the certificate of git.example.com');
    expect(found?.message).toContain('Set build.modules.ca to the certificate of its authority');
  });

  test('a version that does not exist is not a question of access', () => {
    const found = explain(download, 'go: github.com/acme/money@v9.9.9: invalid version: unknown revision v9.9.9');
    expect(found).toMatchObject({ code: 'module-unavailable', kind: 'badInput' });
    expect(found?.message).toContain('has no such version');
    expect(found?.message).not.toContain('private');
  });

  test('a repository over ssh has no key in a build', () => {
    const found = explain(
      download,
      'go: git.example.com/acme/money@v1.2.0: git ls-remote -q origin in /modules/cache/vcs/ed27: exit status 128:\n\tgit@git.example.com: Permission denied (publickey).\n\tfatal: Could not read from remote repository.',
    );
    expect(found?.message).toContain('builds have no ssh key');
  });

  test.each([
    ['an unknown host', 'dial tcp: lookup git.example.com on 10.0.0.2:53: no such host'],
    ['a timeout', 'dial tcp 192.0.2.1:443: i/o timeout'],
    ['a refused connection', 'dial tcp 192.0.2.1:443: connect: connection refused'],
    ['a TLS timeout', 'net/http: TLS handshake timeout'],
    ['a reset connection', 'read tcp 10.0.0.1:5->192.0.2.1:443: read: connection reset by peer'],
  ])('%s is a problem of the network: exit code 1', (_, text) => {
    const found = explain(
      download,
      `go: git.example.com/acme/money@v1.2.0: unrecognized import path "git.example.com/acme/money": https fetch: Get "https://git.example.com/acme/money?go-get=1": ${text}`,
    );
    expect(found).toMatchObject({ code: 'module-unavailable', kind: 'inconclusive' });
    expect(found?.message).toContain('git.example.com/acme/money@v1.2.0');
  });

  test('a proxy that is down is a problem of the network', () => {
    const found = explain(
      download,
      'go: example.com/a@v1.0.0: reading https://proxy.golang.org/example.com/a/@v/v1.0.0.mod: 502 Bad Gateway',
    );
    expect(found).toMatchObject({ code: 'module-unavailable', kind: 'inconclusive' });
  });
});

test.each([
  [
    'go.sum',
    'go: downloading example.com/a v1.0.0\nverifying example.com/a@v1.0.0: checksum mismatch\n\tdownloaded: h1:N7CPJH6XxZY1Od6Fmdiv/h5r9ZvNxkcq/EANj7ibnyU=\n\tgo.sum:     h1:v6nnznFTs4bppib/NyU1PQxobwDHwCXXl15P7DV5Zgo=\n\nSECURITY ERROR\nThis download does NOT match an earlier download recorded in go.sum.',
  ],
  [
    'the checksum database',
    'go: example.com/a@v1.0.0: verifying module: checksum mismatch\n\tdownloaded: h1:N7CPJH6XxZY1Od6Fmdiv/h5r9ZvNxkcq/EANj7ibnyU=\n\tsum.golang.org: h1:v6nnznFTs4bppib/NyU1PQxobwDHwCXXl15P7DV5Zgo=\n\nSECURITY ERROR',
  ],
])('a module that differs from %s is rejected', (_, output) => {
  const found = explain(download, output);
  expect(found).toMatchObject({ code: 'module-altered', kind: 'rejected' });
  expect(found?.message).toContain('example.com/a@v1.0.0');
  expect(found?.message).toContain('downloaded: h1:N7CPJH6');
});

describe('the builder image', () => {
  test.each([
    [
      'git',
      download,
      'go: git.example.com/acme/money@v1.2.0: unable to resolve git version: failed to execute git version: exec: "git": executable file not found in $PATH',
      {},
      /no git\n.*git\.example\.com\/acme\/money@v1\.2\.0.*\n.*If the module is private, name it in build\.modules .*Set bases\.builder .*vendor the modules/,
    ],
    [
      'a C compiler',
      compile,
      '# runtime/cgo\ncgo: C compiler "gcc" not found: exec: "gcc": executable file not found in $PATH',
      cgo,
      /no gcc\n.*\n.*bases\.builderCgo/,
    ],
    [
      'pkg-config',
      compile,
      '# pkg-config --cflags  -- libwebp\npkg-config: exec: "pkg-config": executable file not found in $PATH',
      cgo,
      /no pkg-config\n.*\n.*bases\.builderCgo .*development package.*bases\.glibc needs the library too/,
    ],
    [
      'a C++ compiler',
      compile,
      '# example.com/shop\ngcc: fatal error: cannot execute ‘cc1plus’: execvp: No such file or directory\ncompilation terminated.',
      cgo,
      /no C\+\+ compiler \(cc1plus\)/,
    ],
    [
      'a library for pkg-config',
      compile,
      "# pkg-config --cflags  -- libwebp\nPackage libwebp was not found in the pkg-config search path.\nPerhaps you should add the directory containing `libwebp.pc'\nto the PKG_CONFIG_PATH environment variable\nPackage 'libwebp', required by 'virtual:world', not found",
      cgo,
      /no library libwebp\n.*\n.*bases\.builderCgo/,
    ],
    [
      'a header',
      compile,
      '# example.com/shop\n./main.go:4:11: fatal error: zlib.h: No such file or directory\n    4 | // #include <zlib.h>\n      |           ^~~~~~~~\ncompilation terminated.',
      cgo,
      /no header zlib\.h/,
    ],
    [
      'the headers of the C library',
      compile,
      '# runtime/cgo\n_cgo_export.c:3:10: fatal error: stdlib.h: No such file or directory\ncompilation terminated.',
      cgo,
      /no header stdlib\.h/,
    ],
    [
      'a header, with clang',
      compile,
      "# example.com/shop\n./main.go:4:11: fatal error: 'zlib.h' file not found",
      cgo,
      /no header zlib\.h/,
    ],
    [
      'a library for the linker',
      compile,
      '# example.com/shop\n/usr/local/go/pkg/tool/linux_amd64/link: running gcc failed: exit status 1\n/usr/bin/ld: cannot find -lwebp: No such file or directory\ncollect2: error: ld returned 1 exit status',
      cgo,
      /no library webp/,
    ],
    [
      'start files of the C library',
      compile,
      '# example.com/shop\n/usr/lib/gcc/x86_64-alpine-linux-musl/14/../../../../x86_64-alpine-linux-musl/bin/ld: cannot find Scrt1.o: No such file or directory',
      cgo,
      /no C library for programs \(Scrt1\.o\)/,
    ],
  ])('that lacks %s is to blame, not the source', (_, command, output, build, message) => {
    const found = explain(command, output, build);
    expect(found).toMatchObject({ code: 'builder-lacks', kind: 'badInput' });
    expect(found?.message).toMatch(message);
    expect(found?.message).not.toContain('does not compile');
  });

  test('a header in quotes is a file of the source', () => {
    const output =
      '# example.com/shop\n./main.go:4:10: fatal error: shop.h: No such file or directory\n    4 | // #include "shop.h"\n      |          ^~~~~~~~\ncompilation terminated.';
    expect(explain(compile, output, cgo)?.code).toBe('does-not-compile');
  });

  test.each([
    [
      'a directive',
      'go: errors parsing go.mod:\n/source/go.mod:5: unknown directive: tool',
      /directive tool, .*Go 1\.24/,
    ],
    [
      'the form of a version',
      "go: errors parsing go.mod:\n/source/go.mod:3: invalid go version '1.24.0': must match format 1.23",
      /requires Go 1\.24\.0, .*older than 1\.21/,
    ],
    ['a toolchain', 'go: download go1.27 for linux/amd64: toolchain not available', /requires go1\.27/],
    ['a version', 'go: go.mod requires go >= 1.99 (running go 1.26.8; GOTOOLCHAIN=local)', /requires Go 1\.99/],
  ])('is too old for %s', (_, output, message) => {
    const found = explain(download, output);
    expect(found).toMatchObject({ code: 'go-too-old', kind: 'badInput' });
    expect(found?.message).toMatch(message);
    expect(found?.message).toMatch(/bases\.builder/);
  });
});

test.each([
  ['an unknown experiment', compile, 'go: unknown GOEXPERIMENT jsonv9', 'recipe', /build\.experiment/],
  ['an unknown level', compile, 'go: invalid GOAMD64: must be v1, v2, v3, v4', 'recipe', /build\.amd64/],
])('%s is an error in the catalog', (_, command, output, code, message) => {
  const found = explain(command, output);
  expect(found).toMatchObject({ code, kind: 'badInput' });
  expect(found?.message).toMatch(message);
});

test.each([
  [
    'a vendor folder that does not match',
    compile,
    'go: inconsistent vendoring in /source:\n\texample.com/a@v1.0.0: is explicitly required in go.mod, but not marked as explicit in vendor/modules.txt',
    'modules-unfit',
    /Run go mod vendor/,
  ],
  [
    'a package that the vendor folder lacks',
    compile,
    'main.go:3:8: cannot find module providing package example.com/a: import lookup disabled by -mod=vendor',
    'modules-unfit',
    /Run go mod vendor/,
  ],
  [
    'a package in two modules',
    compile,
    'main.go:3:8: ambiguous import: found package google.golang.org/genproto/googleapis/rpc/status in multiple modules:\n\tgoogle.golang.org/genproto v0.0.0-2022 (/modules/a)\n\tgoogle.golang.org/genproto/googleapis/rpc v0.0.0-2024 (/modules/b)',
    'modules-unfit',
    /go mod tidy/,
  ],
  [
    'a module with another path',
    download,
    'go: github.com/Acme/money@v1.0.0: parsing go.mod:\n\tmodule declares its path as: github.com/acme/money\n\t        but was required as: github.com/Acme/money',
    'modules-unfit',
    /Require it by the path that it declares/,
  ],
  ['a missing entry in go.sum', download, 'go: example.com/a@v1.0.0: missing go.sum entry', 'modules-unfit', /missing/],
  ['a compile error', compile, '# example.com/shop\n./main.go:9:2: undefined: x', 'does-not-compile', /main\.go:9:2/],
])('%s is an error in the source', (_, command, output, code, message) => {
  const found = explain(command, output);
  expect(found).toMatchObject({ code, kind: 'badInput' });
  expect(found?.message).toMatch(message);
});

test.each([
  ['memory', compile, '# runtime\n/usr/local/go/pkg/tool/linux_amd64/compile: signal: killed', 1],
  ['memory', compile, '', 137],
  ['disk space', compile, 'go: writing /cache/a: no space left on device', 1],
  ['disk space', download, 'go: example.com/a@v1.0.0: write /modules/cache/download/x.zip: no space left on device', 1],
])('a machine without %s is inconclusive', (resource, command, output, exitCode) => {
  const found = explain(command, output, {}, undefined, exitCode);
  expect(found).toMatchObject({ code: 'builder-exhausted', kind: 'inconclusive' });
  expect(found?.message).toContain(`no ${resource} left`);
});

test('the output of a command that is not Go is not explained as one of a compiler', () => {
  expect(explain('/probe', 'panic: exec: "ffmpeg": executable file not found in $PATH')).toBeUndefined();
});

describe('a solve without a failed command', () => {
  const image = `registry.example/base@sha256:${'a'.repeat(64)}`;
  const solve = (text: string) =>
    explainSolve(`#2 ERROR: x\n------\nerror: failed to solve: ${text}\n`, ['linux/amd64', 'linux/arm64'], {
      service: serviceWith(),
    });
  const metadata = `${image}: failed to resolve source metadata for ${image}: `;

  test.each([
    ['that does not exist', `${metadata}${image}: not found`, 'badInput', /does not have it\n.*\n.*Correct the image/],
    ['with an unknown manifest', `${metadata}manifest unknown: manifest unknown`, 'badInput', /does not have it/],
    [
      'for other platforms',
      `${metadata}no match for platform in manifest: not found`,
      'badInput',
      /not for every target platform.*\n.*\n.*build\.platforms \(now linux\/amd64, linux\/arm64\)/,
    ],
    [
      'that is refused',
      `${metadata}pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed`,
      'badInput',
      /refuses it, or it does not exist/,
    ],
    [
      'that is forbidden',
      `${metadata}unexpected status from HEAD request to https://registry.example/v2/base/manifests/x: 403 Forbidden`,
      'badInput',
      /refuses it/,
    ],
    [
      'behind a rate limit',
      `${metadata}failed to copy: httpReadSeeker: failed open: unexpected status code https://registry-1.docker.io/v2/library/alpine/manifests/sha256:aa: 429 Too Many Requests - Server message: toomanyrequests: You have reached your unauthenticated pull rate limit.`,
      'inconclusive',
      /limits the number of pulls\n.*\n.*your own registry/,
    ],
    [
      'of an unknown host',
      `${metadata}failed to do request: Head "https://registry.example/v2/": dial tcp: lookup registry.example: no such host`,
      'inconclusive',
      /does not answer as expected/,
    ],
    [
      'of a registry with an unknown certificate',
      `${metadata}failed to do request: Head "https://registry.example/v2/": tls: failed to verify certificate: x509: certificate signed by unknown authority`,
      'inconclusive',
      /does not trust the certificate of registry\.example/,
    ],
  ])('names the base image %s', (_, text, kind, message) => {
    const found = solve(text);
    expect(found).toMatchObject({ code: 'base-unavailable', kind });
    expect(found?.message).toContain(`shop: cannot pull the base image ${image}`);
    expect(found?.message).toMatch(message);
  });

  test('names the registry that does not accept the image', () => {
    expect(
      solve(
        'failed to push 111111111111.dkr.ecr.eu-west-1.amazonaws.com/acme/shop: unexpected status from POST request to https://…/blobs/uploads/: 403 Forbidden',
      ),
    ).toMatchObject({ code: 'image-not-pushed', kind: 'inconclusive' });
  });

  test('reports a full disk of the daemon', () => {
    expect(solve('failed to copy: write /var/lib/buildkit/x: no space left on device')).toMatchObject({
      code: 'builder-exhausted',
    });
  });

  test('leaves an unknown error to the output of BuildKit', () => {
    expect(solve('rpc error: code = Unknown desc = something else')).toBeUndefined();
    expect(explainSolve('', [], { service: serviceWith() })).toBeUndefined();
  });
});

test('the failed step of a progress output is explained', () => {
  const progress =
    '#9 [dependencies 4/5] RUN ["go", "mod", "download"]\n#9 0.9 go: github.com/acme/money@v1.2.0: invalid version: unknown revision v1.2.0\n#9 ERROR: process "go mod download" did not complete successfully: exit code: 1\n';
  const step = readStepFailure(progress);
  expect(step && explainStep(step, { service: serviceWith() })?.code).toBe('module-unavailable');
});
