import { mergeObservations, type Observation } from '../../lib/gate';
import { observation } from './report-fixtures';

test('merges one advisory from two scanners: the known severity, reachable if either says so', () => {
  const called: Observation = {
    ...observation,
    id: 'GO-2024-3333',
    aliases: ['CVE-2024-45338'],
    severity: 'unknown',
    source: 'govulncheck',
    reachable: true,
  };
  for (const order of [
    [observation, called],
    [called, observation],
  ]) {
    const merged = mergeObservations(order);
    expect(merged).toHaveLength(1);
    expect(merged[0]).toMatchObject({ severity: 'high', reachable: true });
  }
});
