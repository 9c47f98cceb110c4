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
  if (url === undefined || scrapers !== undefined || defaultScrapers(url) !== undefined) {
    return [];
  }
  return [
    {
      code: 'unknown-scrapers',
      path: ['delivery', 'prometheus'],
      expected: `a URL of the cluster, such as http://prometheus-operated.monitoring:9090, or delivery.scrapers beside it: ${new URL(url).hostname} is outside of the cluster, so it is unknown which pods scrape the services and the network policies would deny them.${describeSigning(url)}`,
      dependsOn: [['delivery', 'scrapers']],
    },
  ];
}

type Prometheus = NonNullable<PartiallyParsed<Platform>['delivery']>['prometheus'];

function prometheusUrl(prometheus: Prometheus): string | undefined {
  return typeof prometheus === 'string' ? prometheus : (prometheus as { readonly url?: string } | undefined)?.url;
}

/** Amazon Managed Service for Prometheus rejects queries without a signature (SigV4), and Flagger signs none. */
function describeSigning(url: string): string {
  return /^https:\/\/aps-workspaces[.-]/.test(url)
    ? ' Amazon Managed Service for Prometheus also accepts only signed queries, which Flagger does not send: name the URL of a proxy in the cluster that signs them, such as http://aws-sigv4-proxy.monitoring:8005'
    : '';
}
