import { checkSbom, normalizedSbom } from '../../../lib/gate';
import { image, otherImage } from '../report-fixtures';

const component = (name: string, purl = `pkg:golang/${name}@v1`) => ({ type: 'library', name, version: 'v1', purl });
const sbom = (components: unknown[], version: string = image) =>
  JSON.stringify({
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    serialNumber: 'urn:uuid:1',
    metadata: { timestamp: 'now', component: { type: 'container', name: 'r/shop', version } },
    components,
  });

test.each([
  ['about another image', sbom([component('stdlib'), component('a')], otherImage), 'sbom-subject-mismatch'],
  ['without components', sbom([]), 'vacuous-sbom'],
  ['without the standard library', sbom([component('a')]), 'vacuous-sbom'],
  ['with the standard library alone', sbom([component('stdlib')]), 'vacuous-sbom'],
  ['that is {}', '{}', 'sbom-unreadable'],
  ['cut off', sbom([component('stdlib'), component('a')]).slice(0, -5), 'sbom-unreadable'],
  ['of another format', JSON.stringify({ spdxVersion: 'SPDX-2.3' }), 'sbom-unreadable'],
])('rejects an SBOM %s', (_, text, code) => {
  expect(checkSbom(text, image)).toMatchObject({ ok: false, problem: { code } });
});

test('accepts an SBOM of this image with Go modules', () => {
  expect(checkSbom(sbom([component('stdlib'), component('a')]), image)).toMatchObject({ ok: true, components: 2 });
});

describe('of a program', () => {
  const at = (name: string, path: string) => ({
    ...component(name),
    properties: [{ name: 'syft:location:0:path', value: path }],
  });

  test('accepts an SBOM with the modules of the program', () => {
    const text = sbom([at('stdlib', '/shop'), at('a', '/shop'), at('b', '/usr/bin/tool')]);
    expect(checkSbom(text, image, '/shop')).toMatchObject({ ok: true, components: 3 });
  });

  test.each([
    ['another program alone', [at('stdlib', '/usr/bin/tool'), at('a', '/usr/bin/tool')]],
    ['the standard library of another program', [at('stdlib', '/usr/bin/tool'), at('a', '/shop')]],
    ['modules without their places', [component('stdlib'), component('a')]],
    ['a folder of that name', [at('stdlib', '/shop/tool'), at('a', '/shop/tool')]],
  ])('rejects an SBOM with %s: the program itself could not be read', (_, components) => {
    expect(checkSbom(sbom(components), image, '/shop')).toMatchObject({ ok: false, problem: { code: 'vacuous-sbom' } });
  });
});

test('two SBOMs of one image are equal without their times and serial numbers', () => {
  const text = sbom([component('stdlib')]);
  expect(normalizedSbom(text.replace('"now"', '"later"').replace('uuid:1', 'uuid:2'))).toEqual(normalizedSbom(text));
});
