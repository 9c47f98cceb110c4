import { HttpRoute } from '../../../charts/gateway/http-route';
import { synthesizeObject } from '../synthesize-object';

test('includes the defaults of the API server, so that Argo CD finds no difference', () => {
  const route = synthesizeObject(
    (scope) =>
      new HttpRoute(scope, 'Route', {
        metadata: { name: 'web-public', namespace: 'shop' },
        gateway: { name: 'public', namespace: 'gateway' },
        hostname: 'web.example.com',
        service: { name: 'web', port: 8080 },
      }),
  );
  expect(route.spec).toEqual({
    parentRefs: [{ group: 'gateway.networking.k8s.io', kind: 'Gateway', name: 'public', namespace: 'gateway' }],
    hostnames: ['web.example.com'],
    rules: [
      {
        matches: [{ path: { type: 'PathPrefix', value: '/' } }],
        backendRefs: [{ group: '', kind: 'Service', name: 'web', port: 8080, weight: 1 }],
      },
    ],
  });
});
