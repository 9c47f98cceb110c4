import { sessionAffinity } from '../../../../charts/rules/definitions/pd012-session-affinity';
import { findings, onlyFinding, validManifestsWith } from '../valid-manifests';

const affinity = (text: string) =>
  validManifestsWith('    threshold: 3\n', `    threshold: 3\n    sessionAffinity: ${text}\n`);

test('two cookies of one name are an error', () => {
  expect(onlyFinding(sessionAffinity, affinity('{ cookieName: c, primaryCookieName: c }')).message).toContain(
    'give them two names',
  );
});

test('a provider that does not do it is named', () => {
  const nginx = affinity('{ cookieName: c }').replace('gatewayapi:v1', 'nginx');
  expect(onlyFinding(sessionAffinity, nginx).message).toContain('istio and gatewayapi');
  expect(findings(sessionAffinity, nginx.replace('  provider: nginx\n', ''))).toEqual([]);
});

test('A/B by headers is refused by the provider kubernetes alone', () => {
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
