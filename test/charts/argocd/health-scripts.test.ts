import { applicationHealth, canaryHealth } from '../../../charts/argocd/health-scripts';
import { run } from '../../../lib/process';
import { toolPath } from '../../../lib/tools';

/** Converts JSON to a Lua table. */
function luaTable(value: unknown): string {
  if (Array.isArray(value)) {
    return `{${value.map(luaTable).join(', ')}}`;
  }
  if (value !== null && typeof value === 'object') {
    return `{${Object.entries(value)
      .map(([key, member]) => `[${JSON.stringify(key)}] = ${luaTable(member)}`)
      .join(', ')}}`;
  }
  return value === null || value === undefined ? 'nil' : JSON.stringify(value);
}

async function healthOf(
  script: string,
  object: object,
): Promise<{ readonly status: string; readonly message: string }> {
  const program = `obj = ${luaTable(object)}
local function health() ${script} end
local answer = health()
io.write(answer.status, "\\n", answer.message or "")`;
  const { exitCode, stdout, stderr } = await run({
    program: toolPath('lua'),
    arguments: ['-'],
    input: program,
    timeoutSeconds: 120,
  });
  if (exitCode !== 0) {
    throw new Error(stderr);
  }
  const [status = '', ...message] = stdout.split('\n');
  return { status, message: message.join('\n') };
}

const canary = (status: object) => ({ kind: 'Canary', metadata: { name: 'hello' }, status });

describe('the health of a Canary', () => {
  test.each([
    ['Initializing', 'Progressing'],
    ['Initialized', 'Healthy'],
    ['Waiting', 'Suspended'],
    ['Progressing', 'Progressing'],
    ['WaitingPromotion', 'Suspended'],
    ['Promoting', 'Progressing'],
    ['Finalising', 'Progressing'],
    ['Succeeded', 'Healthy'],
    ['Failed', 'Degraded'],
    ['Terminating', 'Progressing'],
  ])('in phase %s is %s', async (phase, expected) => {
    expect(
      (await healthOf(canaryHealth, canary({ phase, lastAppliedSpec: 'new', lastPromotedSpec: 'old' }))).status,
    ).toBe(expected);
  });

  test('is healthy again once git names the running version', async () => {
    const answer = await healthOf(
      canaryHealth,
      canary({ phase: 'Failed', lastAppliedSpec: 'old', lastPromotedSpec: 'old' }),
    );
    expect(answer.status).toBe('Healthy');
    expect(answer.message).toContain('git names the previous version again');
  });

  test('is degraded after a failed promotion, even if git names the previous version, and reports no rollback', async () => {
    const failed = { phase: 'Failed', canaryWeight: 100, lastPromotedSpec: 'old' };
    for (const lastAppliedSpec of ['new', 'old']) {
      const { status, message } = await healthOf(canaryHealth, canary({ ...failed, lastAppliedSpec }));
      expect(status).toBe('Degraded');
      expect(message).toMatch(/^Promotion failed: .* Flagger did not roll back$/);
    }
    const rolledBack = { ...failed, canaryWeight: 0, lastAppliedSpec: 'new' };
    expect((await healthOf(canaryHealth, canary(rolledBack))).message).toMatch(/^Flagger rolled the release back/);
  });

  test('includes the message of Flagger', async () => {
    const conditions = [{ type: 'Promoted', message: 'New revision detected, progressing canary analysis.' }];
    expect(await healthOf(canaryHealth, canary({ phase: 'Progressing', conditions }))).toEqual({
      status: 'Progressing',
      message: 'New revision detected, progressing canary analysis.',
    });
  });

  test('is progressing without a status', async () => {
    expect((await healthOf(canaryHealth, { kind: 'Canary' })).status).toBe('Progressing');
  });
});

describe('the health of an Application inside another one', () => {
  test('is the health of the child', async () => {
    expect(
      await healthOf(applicationHealth, { status: { health: { status: 'Degraded', message: 'pods crash' } } }),
    ).toEqual({
      status: 'Degraded',
      message: 'pods crash',
    });
    expect((await healthOf(applicationHealth, {})).status).toBe('Progressing');
  });
});
