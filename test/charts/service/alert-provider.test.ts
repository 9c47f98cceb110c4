import { renderer } from '../../../charts/render';
import { releaseOf, serviceOf } from '../../ledger/fixtures';
import { objectsIn } from '../render-catalog';

const rendered = (chat?: { kind: 'slack'; secret: string }) =>
  objectsIn(renderer.service(serviceOf('hello', 'prod', { chat }), releaseOf('hello', 'prod', 'one')));
const kind = (name: string, chat?: { kind: 'slack'; secret: string }) =>
  rendered(chat).find((object) => object.kind === name);
const chat = { kind: 'slack', secret: 'storefront-chat' } as const;

test("a release that was taken back is told in the team's chat, whose address is a Secret", () => {
  expect(kind('AlertProvider', chat)?.spec).toEqual({ type: 'slack', secretRef: { name: 'storefront-chat' } });
  expect(kind('Canary', chat)?.spec.analysis.alerts).toEqual([
    { name: 'team', severity: 'error', providerRef: { name: 'hello', namespace: 'hello' } },
  ]);
});

test('without a chat nobody is named, and nothing refers to nobody', () => {
  expect(kind('AlertProvider')).toBeUndefined();
  expect(kind('Canary')?.spec.analysis).not.toHaveProperty('alerts');
});
