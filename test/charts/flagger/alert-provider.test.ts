import type { Construct } from 'constructs';
import { AlertProvider, type AlertProviderProps } from '../../../charts/flagger/alert-provider';
import type { RenderedObject } from '../render-catalog';
import { loadSchemas, type Schemas, violations } from '../schemas';
import { synthesizeObject } from '../synthesize-object';

let schemas: Schemas;
beforeAll(async () => {
  schemas = await loadSchemas();
}, 300_000);

const provider =
  (overrides: Partial<AlertProviderProps> = {}) =>
  (scope: Construct) =>
    new AlertProvider(scope, 'Provider', {
      metadata: { name: 'team', namespace: 'shop' },
      chat: 'slack',
      secret: 'team-chat',
      ...overrides,
    });

test('refers to a Secret for the address and contains no address itself', () => {
  expect(synthesizeObject(provider()).spec).toEqual({ type: 'slack', secretRef: { name: 'team-chat' } });
});

test.each(['slack', 'msteams', 'discord', 'rocket', 'gchat'] as const)(
  'matches the schema of Flagger for %s',
  (chat) => {
    expect(
      violations(schemas, synthesizeObject(provider({ chat, channel: 'releases' })) as unknown as RenderedObject),
    ).toEqual([]);
  },
);

test('does not match the schema for a chat that Flagger does not support', () => {
  const unsupported = synthesizeObject(provider({ chat: 'alertmanager' as 'slack' }));
  expect(violations(schemas, unsupported as unknown as RenderedObject)).not.toEqual([]);
});
