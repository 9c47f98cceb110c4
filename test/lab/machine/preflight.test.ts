import { requireCapability, runPreflightChecks } from '../../../lab/machine/preflight';

test('runs every check, and reports each failure with its reason', async () => {
  const attempted: string[] = [];
  const check = (requirement: string, failure?: string) => ({
    requirement,
    attempt: async () => {
      attempted.push(requirement);
      if (failure !== undefined) {
        throw new Error(`${failure}\nand more`);
      }
    },
  });
  expect(await runPreflightChecks([check('mount', 'not permitted'), check('fly'), check('dive', 'too deep')])).toEqual([
    'mount: not permitted and more',
    'dive: too deep and more',
  ]);
  expect(attempted).toEqual(['mount', 'fly', 'dive']);
});

test('reads the capabilities of this process', () => {
  const mount = { name: 'CAP_SYS_ADMIN', bit: 21n };
  expect(() => requireCapability(mount, 'CapPrm:\t0000000000000000\nCapEff:\t000001fffeffffff\n')).not.toThrow();
  // Docker's default capabilities.
  expect(() => requireCapability(mount, 'CapEff:\t00000000a80425fb\n')).toThrow('this process lacks CAP_SYS_ADMIN');
});
