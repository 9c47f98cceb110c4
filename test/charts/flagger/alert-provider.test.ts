import type { Construct } from 'constructs';
import { AlertProvider, type AlertProviderProps } from '../../../charts/flagger/alert-provider';
import type { RenderedObject } from '../render-catalog';
import { loadSchemas, type Schemas, violations } from '../schemas';
import { written } from '../synthesize-object';

let schemas: Schemas;
beforeAll(async () => {
  schemas = await loadSchemas();
}, 300_000);

const provider =
  (own: Partial<AlertProviderProps> = {}) =>
  (scope: Construct) =>
    new AlertProvider(scope, 'Provider', {
      metadata: { name: 'team', namespace: 'shop' },
      chat: 'slack',
      secret: 'team-chat',
      ...own,
    });

test('takes the address out of a Secret, and has none of its own', () => {
  expect(written(provider()).spec).toEqual({ type: 'slack', secretRef: { name: 'team-chat' } });
});

test.each(['slack', 'msteams', 'discord', 'rocket', 'gchat'] as const)('is what Flagger defines for %s', (chat) => {
  expect(violations(schemas, written(provider({ chat, channel: 'releases' })) as unknown as RenderedObject)).toEqual(
    [],
  );
});

test('would not be, for a chat that Flagger does not know', () => {
  const wrong = written(provider({ chat: 'alertmanager' as 'slack' }));
  expect(violations(schemas, wrong as unknown as RenderedObject)).not.toEqual([]);
});
