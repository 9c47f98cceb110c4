import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../../../lib/process';
import { withBuildkit } from '../../../lib/steps/clients/buildkit-daemon';
import { toolPath } from '../../../lib/tools';

const workers = (address: string) =>
  run({ program: toolPath('buildctl'), arguments: ['--addr', address, 'debug', 'workers'], timeoutSeconds: 10 });

describe('withBuildkit', () => {
  test('uses the given daemon, and reports nothing', async () => {
    const notes: string[] = [];
    const address = await withBuildkit('unix:///given', { note: (text) => notes.push(text) }, async (used) => used);
    expect(address).toBe('unix:///given');
    expect(notes).toEqual([]);
  });

  test('without an address starts a daemon, stops it after the work, and leaves no files', async () => {
    const notes: string[] = [];
    let used = '';
    await withBuildkit(undefined, { note: (text) => notes.push(text) }, async (address) => {
      used = address;
      expect((await workers(address)).exitCode).toBe(0);
    });
    expect(notes).toEqual(['no --buildkit given: started a BuildKit daemon for this build']);
    expect((await workers(used)).exitCode).not.toBe(0);
    expect(existsSync(join(used.slice('unix://'.length), '..'))).toBe(false);
  });

  test('leaves no files when the work fails', async () => {
    let used = '';
    const failing = withBuildkit('', { note: () => {} }, async (address) => {
      used = address;
      throw new Error('the build failed');
    });
    await expect(failing).rejects.toThrow('the build failed');
    expect(existsSync(join(used.slice('unix://'.length), '..'))).toBe(false);
  });

  test('fails with the end of the log when the daemon does not start', async () => {
    const tools = mkdtempSync(join(tmpdir(), 'bowline-tools-'));
    try {
      const broken = join(tools, 'buildkitd');
      writeFileSync(broken, '#!/bin/sh\necho "operation not permitted" >&2\nexit 1\n');
      chmodSync(broken, 0o755);
      process.env.BOWLINE_TOOLS = tools;
      jest.resetModules();
      const { withBuildkit: fresh } = await import('../../../lib/steps/clients/buildkit-daemon');
      await expect(fresh(undefined, { note: () => {} }, async () => 1)).rejects.toMatchObject({
        code: 'no-buildkit',
        message: expect.stringMatching(/ended with exit code 1[\s\S]*operation not permitted/),
      });
    } finally {
      delete process.env.BOWLINE_TOOLS;
      rmSync(tools, { recursive: true, force: true });
    }
  });
});
