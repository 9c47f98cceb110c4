import { packageIdentity } from '../../../lib/gate/readers/package-url';

const isSame = (a: string, b: string) => packageIdentity(a) === packageIdentity(b);

test.each([
  ['qualifiers in another order', 'pkg:deb/d/a@1?distro=x&epoch=1', 'pkg:deb/d/a@1?epoch=1&distro=x'],
  ['qualifiers that say nothing', 'pkg:deb/d/a@1?arch=amd64', 'pkg:deb/d/a@1'],
  ['an encoded version', 'pkg:deb/d/a@1%3A2', 'pkg:deb/d/a@1:2'],
  ['an encoded name', 'pkg:deb/d/a%2Bb@1', 'pkg:deb/d/a+b@1'],
  ['an encoded qualifier', 'pkg:deb/d/a@1?distro=debian%2D13', 'pkg:deb/d/a@1?distro=debian-13'],
  ['an encoded subpath', 'pkg:golang/a@1#b%2Fc', 'pkg:golang/a@1#b/c'],
  [
    'letters of a name in another case',
    'pkg:golang/github.com/BurntSushi/toml@v1',
    'pkg:golang/github.com/burntsushi/toml@v1',
  ],
  [
    'letters of a name without a version',
    'pkg:golang/github.com/BurntSushi/toml',
    'pkg:golang/github.com/burntsushi/toml',
  ],
  [
    'the last letter of a name in another case',
    'pkg:golang/github.com/BurntSushI@v1',
    'pkg:golang/github.com/burntsushi@v1',
  ],
  ['an encoded slash in a version', 'pkg:deb/d/a@1%2F2', 'pkg:deb/d/a@1/2'],
  ['a qualifier that is empty', 'pkg:rpm/d/a@1?epoch=', 'pkg:rpm/d/a@1'],
  ['a subpath that is empty', 'pkg:golang/a@1#', 'pkg:golang/a@1'],
  ['what cannot be decoded', 'pkg:golang/a@%', 'pkg:golang/a@%'],
])('%s make no other package', (_, a, b) => {
  expect(isSame(a, b)).toBe(true);
});

test.each([
  ['another version', 'pkg:deb/d/a@1', 'pkg:deb/d/a@2'],
  ['no version', 'pkg:deb/d/a@1', 'pkg:deb/d/a'],
  ['a version in other letters', 'pkg:golang/a@v1-RC', 'pkg:golang/a@v1-rc'],
  ['a name with the sign of a version', 'pkg:golang/a@b@1', 'pkg:golang/a@1'],
  ['another distribution', 'pkg:deb/d/a@1?distro=x', 'pkg:deb/d/a@1?distro=y'],
  ['no distribution', 'pkg:deb/d/a@1?distro=x', 'pkg:deb/d/a@1'],
  ['another epoch', 'pkg:rpm/d/a@1?epoch=1', 'pkg:rpm/d/a@1?epoch=2'],
  ['an epoch for a distribution', 'pkg:rpm/d/a@1?epoch=1', 'pkg:rpm/d/a@1?distro=1'],
  ['another second qualifier', 'pkg:rpm/d/a@1?arch=x&epoch=1', 'pkg:rpm/d/a@1?arch=x&epoch=2'],
  ['another value after a sign of equality', 'pkg:rpm/d/a@1?epoch=a=1', 'pkg:rpm/d/a@1?epoch=a=2'],
  ['another subpath', 'pkg:golang/a@1#b', 'pkg:golang/a@1#c'],
  ['a subpath in other letters', 'pkg:golang/a@1#b', 'pkg:golang/a@1#B'],
  ['another kind', 'pkg:deb/d/a@1', 'pkg:apk/d/a@1'],
  ['another namespace', 'pkg:deb/d/a@1', 'pkg:deb/e/a@1'],
  ['a slash in a name', 'pkg:deb/d/a%2Fb@1', 'pkg:deb/d/a/b@1'],
  ['other text that cannot be decoded', 'pkg:golang/a@%', 'pkg:golang/a@%%'],
])('%s makes another package', (_, a, b) => {
  expect(isSame(a, b)).toBe(false);
});
