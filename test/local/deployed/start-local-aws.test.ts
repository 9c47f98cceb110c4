import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startLocalAws } from '../../../lib/local/deployed/start-local-aws';
import { freePort } from '../../../lib/local/services/choose-ports';

const states = ['one', 'two'].map((name) => mkdtempSync(join(tmpdir(), `bowline-aws-${name}-`)));
afterAll(() => {
  for (const state of states) {
    rmSync(state, { recursive: true, force: true });
  }
});

test('two that start at the same time on the same preferred port are two', async () => {
  const port = await freePort(0);
  const started = await Promise.all(
    states.map((stateDirectory) =>
      startLocalAws({ stateDirectory, account: '111111111111', region: 'eu-west-1', port }),
    ),
  );
  await Promise.all(started.map(({ stop }) => stop()));
  expect(new Set(started.map(({ endpoint }) => endpoint)).size).toBe(2);
}, 300_000);
