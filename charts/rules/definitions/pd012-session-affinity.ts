import { analysisPath, findCanaries, readProvider } from '../manifests/canaries';
import { listAt, mapAt } from '../manifests/find-objects';
import type { Finding, Rule } from '../rule';

/** @see https://docs.flagger.app/usage/deployment-strategies: session affinity */
const providersWithAffinity = ['istio', 'gatewayapi'];

export const sessionAffinity: Rule = {
  id: 'PD012',
  title: 'Session affinity and A/B testing are used only with providers that support them',
  why: 'Only Istio and the Gateway API support session affinity. Its two cookies need different names, or a user of the primary counts as one of the canary. A/B testing by headers needs a router, which the provider kubernetes does not have.',
  level: 'error',
  check: (objects) =>
    findCanaries(objects).flatMap((canary) => {
      const analysis = analysisPath(canary);
      const affinity = mapAt(canary, [...analysis, 'sessionAffinity']);
      const provider = readProvider(canary);
      const findings: Finding[] = [];
      if (affinity.cookieName !== undefined && affinity.cookieName === affinity.primaryCookieName) {
        findings.push({
          object: canary,
          path: [...analysis, 'sessionAffinity', 'primaryCookieName'],
          message: `cookieName and primaryCookieName are both ${String(affinity.cookieName)}: use two names`,
        });
      }
      if (Object.keys(affinity).length > 0 && provider !== '' && !providersWithAffinity.includes(provider)) {
        findings.push({
          object: canary,
          path: [...analysis, 'sessionAffinity'],
          message: `the provider ${provider} silently ignores session affinity: only ${providersWithAffinity.join(' and ')} support it`,
        });
      }
      if (provider === 'kubernetes' && listAt(canary, [...analysis, 'match']).length > 0) {
        findings.push({
          object: canary,
          path: [...analysis, 'match'],
          message: 'the provider kubernetes does not route by headers, and Flagger rejects A/B testing with it',
        });
      }
      return findings;
    }),
};
