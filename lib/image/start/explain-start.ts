import type { Service } from '../../catalog';
import { outsideNeeds } from './outside-needs';

/** How the build starts the image, and what a failure means, for `bowline explain service`. */
export function explainStart(service: Service): {
  readonly subject: string;
  readonly choice: string;
  readonly reason: string;
} {
  const { skip, timeout } = service.start;
  const subject = 'first start';
  if (skip !== undefined) {
    return { subject, choice: 'skipped', reason: skip };
  }
  const needs = outsideNeeds(service);
  return needs.length === 0
    ? {
        subject,
        choice: `in the build, without network: ready within ${timeout}, or the release is rejected`,
        reason:
          'the catalog names no secret, no network.to and no other host, so the image must become ready on its own',
      }
    : {
        subject,
        choice: 'in the build, without network: ports, probes and metrics that are missing are warnings',
        reason: `the image may be waiting for ${needs.join(', ')}`,
      };
}
