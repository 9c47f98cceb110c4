import { sessionAffinity } from '../../../../charts/rules/definitions/pd012-session-affinity';
import { findings, onlyFinding, validManifestsWith } from '../valid-manifests';

const affinity = (text: string) =>
  validManifestsWith('    threshold: 3\n', `    threshold: 3\n    sessionAffinity: ${text}\n`);

test('two cookies with one name are an error', () => {
  expect(onlyFinding(sessionAffinity, affinity('{ cookieName: c, primaryCookieName: c }')).message).toContain(
    'use two names',
  );
});

test('a provider without session affinity is an error', () => {
  const nginx = affinity('{ cookieName: c }').replace('gatewayapi:v1', 'nginx');
  expect(onlyFinding(sessionAffinity, nginx).message).toContain('istio and gatewayapi');
  expect(findings(sessionAffinity, nginx.replace('  provider: nginx\n', ''))).toEqual([]);
});

test('A/B testing by headers is an error only with the provider kubernetes', () => {
  const match = validManifestsWith(
    '    threshold: 3\n',
    '    threshold: 3\n    match: [{ headers: { x: { exact: y } } }]\n',
  );
  expect(findings(sessionAffinity, match)).toEqual([]);
  expect(onlyFinding(sessionAffinity, match.replace('gatewayapi:v1', 'kubernetes'))).toMatchObject({
    field: 'spec.analysis.match',
    level: 'error',
  });
});

test('two names with the Gateway API pass', () => {
  expect(findings(sessionAffinity, affinity('{ cookieName: c, primaryCookieName: p }'))).toEqual([]);
});
