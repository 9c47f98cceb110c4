import { whatIsForbidden } from '../../lab/machine/permissions';

test('every need is tried, and each that is refused is named with its reason', async () => {
  const tried: string[] = [];
  const need = (what: string, refusal?: string) => ({
    what,
    attempt: async () => {
      tried.push(what);
      if (refusal !== undefined) {
        throw new Error(`${refusal}\nand more`);
      }
    },
  });
  expect(
    await whatIsForbidden([need('to mount', 'not permitted'), need('to fly'), need('to dive', 'too deep')]),
  ).toEqual(['to mount: not permitted and more', 'to dive: too deep and more']);
  expect(tried).toEqual(['to mount', 'to fly', 'to dive']);
});
