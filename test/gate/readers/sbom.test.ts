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

test('components of other kinds are no Go modules, and count', () => {
  const others = [
    { type: 'library', name: 'stdlib' },
    component('stdlib', 'pkg:deb/debian/stdlib@1'),
    component('stdlib', 'x-pkg:golang/stdlib@1'),
  ];
  expect(checkSbom(sbom([...others, component('a')]), image)).toMatchObject({
    problem: {
      code: 'vacuous-sbom',
      message: expect.stringContaining('found 1 Go modules, the standard library not among them'),
    },
  });
  expect(checkSbom(sbom([component('stdlib')]), image)).toMatchObject({
    problem: { message: expect.stringContaining('found 1 Go modules, the standard library alone') },
  });
  const good = sbom([...others, component('stdlib'), component('a')]);
  expect(checkSbom(good, image)).toEqual({ ok: true, sbom: JSON.parse(good), components: 5 });
});

test.each([
  ['syft:location:0:path', true],
  ['syft:location:12:path', true],
  ['syft:location:path', false],
  ['syft:location::path', false],
  ['syft:location:x:path', false],
  ['syft:location:0:paths', false],
  ['x-syft:location:0:path', false],
  ['syft:location:0:layerID', false],
])('the property %s says where a component is: %s', (name, ok) => {
  const at = (each: object) => ({ ...each, properties: [{ name: 'syft:package:type' }, { name, value: '/shop' }] });
  const text = sbom([at(component('stdlib')), at(component('a'))]);
  expect(checkSbom(text, image, '/shop')).toMatchObject(ok ? { ok: true } : { problem: { code: 'vacuous-sbom' } });
});

test('a component without properties is nowhere', () => {
  const text = sbom([
    { ...component('stdlib'), properties: null },
    { ...component('a'), properties: [] },
  ]);
  expect(checkSbom(text, image, '/shop')).toMatchObject({
    problem: { code: 'vacuous-sbom', message: expect.stringContaining(' of /shop in the SBOM, found 0 Go modules') },
  });
  expect(checkSbom(text, image)).toMatchObject({ ok: true });
});

test('the message about another subject names both', () => {
  expect(checkSbom(sbom([], otherImage), image)).toMatchObject({
    problem: { message: `expected an SBOM of ${image}, found one of ${otherImage}` },
  });
});

describe('normalizedSbom', () => {
  const file = (changes: object = {}, version = 'sha256:1') => ({
    bomFormat: 'CycloneDX',
    serialNumber: 'urn:uuid:1',
    metadata: { timestamp: 'now', component: { type: 'file', name: 'a', version, 'bom-ref': 'f00', ...changes } },
    dependencies: [{ ref: 'f00', dependsOn: ['f001'] }],
  });
  const normalized = (value: object) => normalizedSbom(JSON.stringify(value));

  test('refers to a file by its digest, everywhere and by whole names', () => {
    expect(normalized(file())).toEqual({
      bomFormat: 'CycloneDX',
      metadata: { component: { type: 'file', name: 'a', version: 'sha256:1', 'bom-ref': 'sha256:1' } },
      dependencies: [{ ref: 'sha256:1', dependsOn: ['f001'] }],
    });
  });

  test.each([
    ['an image', { type: 'container' }],
    ['a reference that is empty', { 'bom-ref': '' }],
    ['a reference that is no text', { 'bom-ref': 3 }],
    ['no reference', { 'bom-ref': undefined }],
  ])('leaves the reference of %s as it is', (_, changes) => {
    const { serialNumber: _serial, metadata, ...rest } = file(changes);
    const { timestamp: _timestamp, ...other } = metadata;
    expect(normalized(file(changes))).toEqual(JSON.parse(JSON.stringify({ ...rest, metadata: other })));
  });

  test('needs neither metadata nor a component', () => {
    expect(normalized({ components: [] })).toEqual({ components: [], metadata: {} });
    expect(normalized({ metadata: { timestamp: 'now', tools: [] } })).toEqual({ metadata: { tools: [] } });
  });
});
