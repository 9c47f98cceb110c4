import { defaultScrapers } from '../cluster-url';
import type { PartiallyParsed } from '../parse/partial-parse';
import type { Platform } from '../schema/platform';
import type { Finding } from './finding';

/**
 * Finds a Prometheus outside of the cluster without scrapers: the network policies would deny the pods that scrape, and without metrics every
 * check of every release would fail.
 */
export function validateDelivery({ delivery }: PartiallyParsed<Platform>): readonly Finding[] {
  const { scrapers } = delivery ?? {};
  const url = prometheusUrl(delivery?.prometheus);
  if (url === undefined) {
    return [];
  }
  const headers = findWrongHeaders(delivery?.prometheus);
  if (headers.length > 0) {
    return headers;
  }
  if (/^https?:\/\/aps-workspaces[.-]/.test(url)) {
    return [unsignedQueries];
  }
  if (scrapers !== undefined || defaultScrapers(url) !== undefined) {
    return [];
  }
  return [
    {
      code: 'unknown-scrapers',
      path: ['delivery', 'prometheus'],
      expected: `a URL of the cluster, such as http://prometheus-operated.monitoring:9090, or delivery.scrapers beside it: ${new URL(url).hostname} is outside of the cluster, so it is unknown which pods scrape the services and the network policies would deny them`,
      dependsOn: [['delivery', 'scrapers']],
    },
  ];
}

/** Amazon Managed Service for Prometheus rejects queries without a signature (SigV4), and Flagger signs none (pkg/metrics/providers/prometheus.go). */
const unsignedQueries: Finding = {
  code: 'unsigned-queries',
  path: ['delivery', 'prometheus'],
  expected:
    'the URL of a proxy in the cluster that signs queries, such as http://aws-sigv4-proxy.monitoring:8005: Amazon Managed Service for Prometheus accepts only signed queries, which Flagger does not send. Name what scrapes the services in delivery.scrapers',
};

type Prometheus = NonNullable<PartiallyParsed<Platform>['delivery']>['prometheus'];

function prometheusUrl(prometheus: Prometheus): string | undefined {
  return typeof prometheus === 'string' ? prometheus : prometheus?.url;
}

/** The names cannot be part of the schema: an error in a key would hide which of its forms the field has. */
function findWrongHeaders(prometheus: Prometheus): readonly Finding[] {
  const names = typeof prometheus === 'string' ? [] : Object.keys(prometheus?.headers ?? {});
  const lowerCase = names.map((name) => name.toLowerCase());
  return names.flatMap((name): readonly Finding[] => {
    const first = names[lowerCase.indexOf(name.toLowerCase())];
    if (first !== name) {
      return [
        {
          code: 'duplicate-header',
          path: ['delivery', 'prometheus', 'headers', name],
          target: 'key',
          expected: `each header only once: HTTP takes it for the same as ${first}`,
        },
      ];
    }
    const expected = /^(?:authorization|cookie|host)$/i.test(name)
      ? 'another header: credentials belong into the Secret of delivery.prometheus.secret, and Host follows from the URL'
      : /^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/.test(name)
        ? undefined
        : 'the name of an HTTP header, such as X-Scope-OrgID';
    return expected === undefined
      ? []
      : [{ code: 'wrong-header', path: ['delivery', 'prometheus', 'headers', name], target: 'key', expected }];
  });
}
