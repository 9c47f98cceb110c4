import fc from 'fast-check';
import { groupReleases, type RunningRelease } from '../../../lib/steps';
import { atATime } from '../../../lib/steps/scanning/at-a-time';
import { digestOf, type ImageReference } from '../../../lib/values';

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
