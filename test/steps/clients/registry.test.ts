import { speaksHttp } from '../../../lib/steps/clients/registry';

test.each(['127.0.0.1:5510/acme/shop', 'localhost/acme/shop', 'localhost:5000/a@sha256:0', '[::1]:5000/a'])(
  'a registry on this machine speaks http: %s',
  (reference) => {
    expect(speaksHttp(reference, {})).toBe(true);
  },
);

test.each([
  '10.200.0.1:5000/acme/shop',
  'registry.example.com/acme/shop',
  '123456789012.dkr.ecr.eu-west-1.amazonaws.com/acme/shop',
  '127.0.0.1.example.com/acme/shop',
  'localhost.example.com:5000/a',
  'example.com/127.0.0.1:5000/a',
])('every other one speaks https: %s', (reference) => {
  expect(speaksHttp(reference, {})).toBe(false);
});

test('one that was named speaks http, by its whole name', () => {
  const environment = { BOWLINE_INSECURE_REGISTRIES: '10.200.0.1:5000, registry.lab' };
  expect(speaksHttp('10.200.0.1:5000/acme/shop', environment)).toBe(true);
  expect(speaksHttp('registry.lab/acme/shop', environment)).toBe(true);
  expect(speaksHttp('10.200.0.1:5001/acme/shop', environment)).toBe(false);
  expect(speaksHttp('10.200.0.1/acme/shop', environment)).toBe(false);
  expect(speaksHttp('evil.registry.lab/acme/shop', environment)).toBe(false);
});
