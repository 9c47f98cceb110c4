import { analysisPath, canaries, listAt, mapAt } from '../manifests/canaries';
import type { Finding, Rule } from '../rule';

/** @see https://docs.flagger.app/usage/deployment-strategies: session affinity */
const withAffinity = ['istio', 'gatewayapi'];

export const sessionAffinity: Rule = {
  id: 'PD012',
  title: 'Users are kept to a version only where the provider can',
  why: 'Session affinity is for Istio and the Gateway API alone, and its two cookies must differ, or a user of the primary is taken for one of the canary. A/B by headers needs a router, which the provider kubernetes does not have.',
  level: 'error',
  check: (objects) =>
    canaries(objects).flatMap((canary) => {
      const analysis = analysisPath(canary);
      const affinity = mapAt(canary, [...analysis, 'sessionAffinity']);
      // Where nothing is said, Flagger's own flag decides, which no file here tells.
      const provider = String(canary.get('spec', 'provider') ?? '').split(':')[0] ?? '';
      const findings: Finding[] = [];
      if (affinity.cookieName !== undefined && affinity.cookieName === affinity.primaryCookieName) {
        findings.push({
          object: canary,
          path: [...analysis, 'sessionAffinity', 'primaryCookieName'],
          message: `cookieName and primaryCookieName are both ${String(affinity.cookieName)}: give them two names`,
        });
      }
      if (Object.keys(affinity).length > 0 && provider !== '' && !withAffinity.includes(provider)) {
        findings.push({
          object: canary,
          path: [...analysis, 'sessionAffinity'],
          message: `the provider ${provider} passes session affinity over without a word: it works with ${withAffinity.join(' and ')}`,
        });
      }
      if (provider === 'kubernetes' && listAt(canary, [...analysis, 'match']).length > 0) {
        findings.push({
          object: canary,
          path: [...analysis, 'match'],
          message: 'the provider kubernetes routes by no header: Flagger refuses A/B there',
        });
      }
      return findings;
    }),
};
