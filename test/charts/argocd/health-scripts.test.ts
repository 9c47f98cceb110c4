import { applicationHealth, canaryHealth } from '../../../charts/argocd/health-scripts';
import { run } from '../../../lib/process';
import { toolPath } from '../../../lib/tools';

/** A table of Lua with the same content; JSON of the objects here is close enough to be translated word by word. */
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
    timeoutSeconds: 10,
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
  ])('in the phase %s is %s', async (phase, expected) => {
    expect(
      (await healthOf(canaryHealth, canary({ phase, lastAppliedSpec: 'new', lastPromotedSpec: 'old' }))).status,
    ).toBe(expected);
  });

  test('is good again once git names the version that runs', async () => {
    const answer = await healthOf(
      canaryHealth,
      canary({ phase: 'Failed', lastAppliedSpec: 'old', lastPromotedSpec: 'old' }),
    );
    expect(answer.status).toBe('Healthy');
    expect(answer.message).toContain('git has been put back');
  });

  test('is bad where the promotion failed, also when git names the version before, and speaks of no rollback', async () => {
    const failed = { phase: 'Failed', canaryWeight: 100, lastPromotedSpec: 'old' };
    for (const lastAppliedSpec of ['new', 'old']) {
      const { status, message } = await healthOf(canaryHealth, canary({ ...failed, lastAppliedSpec }));
      expect(status).toBe('Degraded');
      expect(message).toMatch(/^Promotion failed: .* nothing was rolled back$/);
    }
    const rolledBack = { ...failed, canaryWeight: 0, lastAppliedSpec: 'new' };
    expect((await healthOf(canaryHealth, canary(rolledBack))).message).toMatch(/^Rolled back/);
  });

  test('says what Flagger says', async () => {
    const conditions = [{ type: 'Promoted', message: 'New revision detected, progressing canary analysis.' }];
    expect(await healthOf(canaryHealth, canary({ phase: 'Progressing', conditions }))).toEqual({
      status: 'Progressing',
      message: 'New revision detected, progressing canary analysis.',
    });
  });

  test('without a status is not there yet', async () => {
    expect((await healthOf(canaryHealth, { kind: 'Canary' })).status).toBe('Progressing');
  });
});

describe('the health of an Application in another', () => {
  test('is its own', async () => {
    expect(
      await healthOf(applicationHealth, { status: { health: { status: 'Degraded', message: 'pods crash' } } }),
    ).toEqual({
      status: 'Degraded',
      message: 'pods crash',
    });
    expect((await healthOf(applicationHealth, {})).status).toBe('Progressing');
  });
});
