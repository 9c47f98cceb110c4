import { parseCatalog } from '../../lib/catalog';
import { catalogPlatform } from '../image/parse-service';

/** The error of a build section, or undefined. */
function errorOf(build: string): string | undefined {
  const result = parseCatalog({ file: 'p', text: catalogPlatform }, [
    { file: 's', text: `version: 1\nname: shop\nteam: a\nsource: { repository: a/shop }\nbuild: ${build}\n` },
  ]);
  return result.ok ? undefined : result.problems.map(({ expected }) => expected).join('\n');
}

test.each([
  '{ experiment: [jsonv2, nogreenteagc] }',
  '{ fips: v1.0.0 }',
  '{ fips: latest }',
  '{ fips: v1.0.0-c2097c7c }',
  '{ fips: v1.26.0 }',
  '{ amd64: v3, platforms: [linux/amd64, linux/arm64] }',
  '{ amd64: v3, platforms: [linux/arm64], binaries: [windows/amd64] }',
  '{ files: [a, a.b, b/a, .a] }',
  '{ modules: { private: [git.example.com], proxy: "https://proxy.example.com:65535" } }',
  '{ amd64: v3 }',
  '{ files: [web/templates, ./config.yaml, .well-known] }',
  '{ include: [.env.example, assets/.hidden] }',
])('%s is valid', (build) => {
  expect(errorOf(build)).toBeUndefined();
});

test.each<readonly [string, string]>([
  ['{ experiment: [jsonv3] }', 'an experiment of Go: one of'],
  ['{ fips: off }', 'a version of the Go Cryptographic Module, such as v1.0.0'],
  ...['v1', 'v1.0', 'v01.0.0', 'v1.00.0', 'v1.0.0-', 'v1.0.0-xyz', 'v1.0.0-c2097c7', 'v2.0.0', '1.0.0'].map(
    (version) => [`{ fips: "${version}" }`, 'a version of the Go Cryptographic Module'] as const,
  ),
  ['{ experiment: [jsonv2, simd, jsonv2] }', 'each experiment only once: it is entry 0 of build.experiment already'],
  ['{ experiment: [jsonv2, nojsonv2] }', 'either nojsonv2 or jsonv2'],
  ['{ experiment: [nogreenteagc, greenteagc] }', 'either greenteagc or nogreenteagc'],
  ...['[a, a]', '[a, a/]', '[./a, a]', '[a/b/, ./a/b]', '[web, ./web/]'].flatMap((list) =>
    ['files', 'include'].map((field) => [`{ ${field}: ${list} }`, 'each path only once: it is entry 0'] as const),
  ),
  ['{ tags: [a, b, a] }', 'each build tag only once'],
  ['{ modules: { private: [git.example.com, github.com/acme, git.example.com] } }', 'each pattern only once'],
  ...[':65536', ':99999', ':0'].map(
    (port) =>
      [
        `{ modules: { private: [git.example.com], proxy: "https://proxy.example.com${port}/go" } }`,
        'a port of at most 65535',
      ] as const,
  ),
  ['{ amd64: v3, platforms: [linux/arm64] }', 'no level, or linux/amd64 in build.platforms'],
  ['{ amd64: v2, platforms: [linux/arm64], binaries: [darwin/arm64] }', 'no target of this build is of amd64'],
  ['{ amd64: v5 }', 'v1, v2, v3 or v4'],
  ['{ files: [.] }', 'the files that the program reads, not the whole source'],
  ['{ files: [../x] }', 'a relative path inside the source'],
  ['{ files: [web/../../x] }', 'a relative path inside the source'],
  ['{ files: ["web templates"] }', 'a relative path inside the source'],
  ['{ include: ["--link"] }', 'a relative path inside the source'],
])('%s is an error that says what is expected', (build, expected) => {
  expect(errorOf(build)).toContain(expected);
});

test.each(['acme/hello.git', 'acme/hello.GIT', 'hello.git'])('the repository %s is refused with the remedy', (name) => {
  const result = parseCatalog({ file: 'p', text: catalogPlatform }, [
    { file: 's', text: `version: 1\nname: shop\nteam: a\nsource: { repository: ${name} }\n` },
  ]);
  expect(result.ok ? [] : result.problems.map(({ path, expected }) => `${path} ${expected}`)).toContainEqual(
    expect.stringMatching(/^source\.repository the name of the repository without "\.git"/),
  );
});
