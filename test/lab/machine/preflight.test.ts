import { requireCapability, whatIsForbidden } from '../../../lab/machine/preflight';

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

test('a right is read from what the kernel says of this process, where there is no tool to try it with', () => {
  const mount = { name: 'CAP_SYS_ADMIN', bit: 21n };
  expect(() => requireCapability(mount, 'CapPrm:\t0000000000000000\nCapEff:\t000001fffeffffff\n')).not.toThrow();
  // What Docker gives a container.
  expect(() => requireCapability(mount, 'CapEff:\t00000000a80425fb\n')).toThrow('this process has no CAP_SYS_ADMIN');
});
