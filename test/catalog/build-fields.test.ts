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
  '{ amd64: v3 }',
  '{ files: [web/templates, ./config.yaml, .well-known] }',
  '{ include: [.env.example, assets/.hidden] }',
])('%s is valid', (build) => {
  expect(errorOf(build)).toBeUndefined();
});

test.each([
  ['{ experiment: [jsonv3] }', 'an experiment of Go: one of'],
  ['{ fips: off }', 'a version of the Go Cryptographic Module, such as v1.0.0'],
  ['{ amd64: v5 }', 'v1, v2, v3 or v4'],
  ['{ files: [.] }', 'the files that the program reads, not the whole source'],
  ['{ files: [../x] }', 'a relative path inside the source'],
  ['{ files: [web/../../x] }', 'a relative path inside the source'],
  ['{ files: ["web templates"] }', 'a relative path inside the source'],
  ['{ include: ["--link"] }', 'a relative path inside the source'],
])('%s is an error that says what is expected', (build, expected) => {
  expect(errorOf(build)).toContain(expected);
});
