import fc from 'fast-check';
import { groupReleases, type RunningRelease } from '../../../lib/steps';
import { findRunning } from '../../../lib/steps/rescan/running-releases';
import { atATime } from '../../../lib/steps/scanning/at-a-time';
import { canonicalJson, digestOf, type ImageReference } from '../../../lib/values';
import { releaseOf } from '../../ledger/fixtures';

const imageOf = (service: string, version: string) =>
  `registry.example.com/acme/${service}@${digestOf(version)}` as ImageReference;
const classOf = (environment: string) => (environment === 'dev' ? 'nonproduction' : 'production');
const release = fc
  .record({
    environment: fc.constantFrom('dev', 'prod', 'prod-eu'),
    service: fc.constantFrom('shop', 'pay'),
    version: fc.constantFrom('1', '2'),
  })
  .map(
    ({ environment, service, version }): RunningRelease => ({ environment, service, image: imageOf(service, version) }),
  );

test('what runs in several environments of a class is judged once', () => {
  const [shop, pay] = [imageOf('shop', '1'), imageOf('pay', '1')];
  const running = [
    { environment: 'dev', service: 'shop', image: shop },
    { environment: 'prod', service: 'shop', image: shop },
    { environment: 'prod-eu', service: 'shop', image: shop },
    { environment: 'prod', service: 'pay', image: pay },
  ];
  expect(groupReleases(running, classOf)).toEqual([
    { service: 'shop', image: shop, class: 'nonproduction', environments: ['dev'] },
    { service: 'shop', image: shop, class: 'production', environments: ['prod', 'prod-eu'] },
    { service: 'pay', image: pay, class: 'production', environments: ['prod'] },
  ]);
});

test('every release is in exactly one group, with its own image and class', () => {
  const running = fc.uniqueArray(release, { selector: (each) => `${each.environment}/${each.service}` });
  fc.assert(
    fc.property(running, (releases) => {
      const groups = groupReleases(releases, classOf);
      const flat = groups.flatMap(({ environments, service, image, class: name }) =>
        environments.map((environment) => ({ environment, service, image, name })),
      );
      const wanted = releases.map((each) => ({ ...each, name: classOf(each.environment) }));
      expect(new Set(flat.map((each) => JSON.stringify(each)))).toEqual(
        new Set(
          wanted.map(({ environment, service, image, name }) => JSON.stringify({ environment, service, image, name })),
        ),
      );
      expect(flat).toHaveLength(releases.length);
    }),
  );
});

test('no more than the given number is in work at a time, and results keep the order of the items', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 5 }), fc.array(fc.nat(), { maxLength: 12 }), async (parallel, items) => {
      let busy = 0;
      let most = 0;
      const results = await atATime(parallel, items, async (item) => {
        busy += 1;
        most = Math.max(most, busy);
        await new Promise((resolve) => setImmediate(resolve));
        busy -= 1;
        return item * 2;
      });
      expect(results).toEqual(items.map((item) => item * 2));
      expect(most).toBe(Math.min(parallel, items.length));
    }),
  );
});

const shop = imageOf('shop', '1');
const releaseFile = canonicalJson(releaseOf('shop', 'prod', 'one'));
const released = releaseOf('shop', 'prod', 'one').image;
const deployment = (image: string) =>
  `kind: Deployment\nspec: { template: { spec: { containers: [{ name: shop, image: ${JSON.stringify(image)} }] } } }\n`;
const consistent = {
  'services/prod/shop.json': '{}',
  'releases/prod/shop.json': releaseFile,
  'apps/prod/shop.yaml': 'kind: Application\n',
  'manifests/prod/shop/deployment.yaml': deployment(released),
  'manifests/prod/shop/service.yaml': 'kind: Service\n',
};
const running = (files: Readonly<Record<string, string>>) => findRunning(new Map(Object.entries(files)));

test('a release whose manifests run its image is what runs', () => {
  expect(running(consistent)).toEqual([{ environment: 'prod', service: 'shop', image: released }]);
});

test.each<[string, Readonly<Record<string, string | undefined>>, string]>([
  ['manifests without a release', { 'releases/prod/shop.json': undefined }, 'release-missing'],
  [
    'a release whose name has capital letters',
    { 'releases/prod/shop.json': undefined, 'releases/prod/Shop.json': releaseFile },
    'release-missing',
  ],
  [
    'an Application without a release',
    {
      'releases/prod/shop.json': undefined,
      'manifests/prod/shop/deployment.yaml': undefined,
      'manifests/prod/shop/service.yaml': undefined,
    },
    'release-missing',
  ],
  ['a release that is not JSON', { 'releases/prod/shop.json': '{' }, 'unreadable-release'],
  ['another image', { 'manifests/prod/shop/deployment.yaml': deployment(shop) }, 'manifest-differs'],
  [
    'the image by tag',
    { 'manifests/prod/shop/deployment.yaml': deployment(`${released}`.replace(/@.*/, ':1')) },
    'manifest-differs',
  ],
  ['another image in a manifest more', { 'manifests/prod/shop/more.yaml': deployment(shop) }, 'manifest-differs'],
  [
    'another image in a second document',
    { 'manifests/prod/shop/more.yaml': `a: 1\n---\n${deployment(shop)}` },
    'manifest-differs',
  ],
  [
    'another image in JSON',
    { 'manifests/prod/shop/more.yaml': JSON.stringify({ a: [{ image: shop }] }) },
    'manifest-differs',
  ],
  ['a manifest that is not YAML', { 'manifests/prod/shop/more.yaml': `image: "${shop}` }, 'manifest-differs'],
  [
    'an image by an alias',
    { 'manifests/prod/shop/more.yaml': `a: &a ${shop}\nb: { image: *a }\n` },
    'manifest-differs',
  ],
])('%s is reported', (_, changes, code) => {
  const files = Object.fromEntries(
    Object.entries({ ...consistent, ...changes }).flatMap(([path, text]) => (text === undefined ? [] : [[path, text]])),
  );
  expect(running(files)).toEqual([{ environment: 'prod', service: 'shop', code, problem: expect.any(String) }]);
});
