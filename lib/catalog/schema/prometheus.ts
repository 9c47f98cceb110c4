import { z } from 'zod';
import { httpUrlField } from './fields';

const urlField = httpUrlField('the URL of Prometheus');

const headerValue = z.string().regex(/^[\x20-\x7e]+$/, 'a header value of printable ASCII characters');

/** The Prometheus that Flagger queries: a URL, or a URL with what its requests must carry (Mimir, Thanos, a proxy). */
export const prometheusSchema = z
  .union(
    [
      urlField,
      z.strictObject({
        url: urlField.describe('The URL of Prometheus, or of what answers in its place.'),
        headers: z
          .record(z.string(), headerValue)
          .default({})
          .describe('HTTP headers of each query, such as { X-Scope-OrgID: acme } for a tenant of Mimir.'),
        secret: z
          .string()
          .regex(
            /^(?:[a-z0-9-]|\{service\}|\{team\}|\{environment\})+$/,
            'the name of a Kubernetes Secret, or a template for it, such as {team}-prometheus',
          )
          .optional()
          .describe(
            'The Secret in the namespace of the service with the keys `username` and `password`, or `token`. Use username and password together with headers: Flagger 1.44 adds a token to shared headers once more with each query. Placeholders: {service}, {team} and {environment}.',
          ),
      }),
    ],
    { error: 'the URL of Prometheus, or { url, headers, secret }' },
  )
  .default('http://prometheus-operated.monitoring:9090')
  .describe('The Prometheus that Flagger queries.');
