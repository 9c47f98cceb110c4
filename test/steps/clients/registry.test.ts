import { usesHttp } from '../../../lib/steps/clients/registry';

test.each(['127.0.0.1:5510/acme/shop', 'localhost/acme/shop', 'localhost:5000/a@sha256:0', '[::1]:5000/a'])(
  'uses http for a registry on this machine: %s',
  (reference) => {
    expect(usesHttp(reference, {})).toBe(true);
  },
);

test.each([
  '10.200.0.1:5000/acme/shop',
  'registry.example.com/acme/shop',
  '123456789012.dkr.ecr.eu-west-1.amazonaws.com/acme/shop',
  '127.0.0.1.example.com/acme/shop',
  'localhost.example.com:5000/a',
  'example.com/127.0.0.1:5000/a',
])('uses https for every other registry: %s', (reference) => {
  expect(usesHttp(reference, {})).toBe(false);
});

test('uses http for a registry in BOWLINE_INSECURE_REGISTRIES, matched by its whole name', () => {
  const environment = { BOWLINE_INSECURE_REGISTRIES: '10.200.0.1:5000, registry.lab' };
  expect(usesHttp('10.200.0.1:5000/acme/shop', environment)).toBe(true);
  expect(usesHttp('registry.lab/acme/shop', environment)).toBe(true);
  expect(usesHttp('10.200.0.1:5001/acme/shop', environment)).toBe(false);
  expect(usesHttp('10.200.0.1/acme/shop', environment)).toBe(false);
  expect(usesHttp('evil.registry.lab/acme/shop', environment)).toBe(false);
});
