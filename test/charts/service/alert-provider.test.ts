import { renderer } from '../../../charts/render';
import { releaseOf, serviceOf } from '../../ledger/fixtures';
import { parseRendered } from '../render-catalog';

const rendered = (chat?: { kind: 'slack'; secret: string }) =>
  parseRendered(renderer.service(serviceOf('hello', 'prod', { chat }), releaseOf('hello', 'prod', 'one')));
const objectOfKind = (name: string, chat?: { kind: 'slack'; secret: string }) =>
  rendered(chat).find((object) => object.kind === name);
const chat = { kind: 'slack', secret: 'storefront-chat' } as const;

test("notifies the team's chat of a rollback, with the address in a Secret", () => {
  expect(objectOfKind('AlertProvider', chat)?.spec).toEqual({ type: 'slack', secretRef: { name: 'storefront-chat' } });
  expect(objectOfKind('Canary', chat)?.spec.analysis.alerts).toEqual([
    { name: 'team', severity: 'error', providerRef: { name: 'hello', namespace: 'hello' } },
  ]);
});

test('without a chat, there is no provider and no alert', () => {
  expect(objectOfKind('AlertProvider')).toBeUndefined();
  expect(objectOfKind('Canary')?.spec.analysis).not.toHaveProperty('alerts');
});
