import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
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
    expect(notes[0]).toBe('no --buildkit given: started a BuildKit daemon for this build');
    expect((await workers(used)).exitCode).not.toBe(0);
    expect(existsSync(join(used.slice('unix://'.length), '..'))).toBe(false);
  });

  describe('keeps layers in the given folder', () => {
    let folder: string;
    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), 'bowline-state-'));
    });
    afterEach(() => {
      spawnSync('umount', [join(folder, 'merged')]);
      rmSync(folder, { recursive: true, force: true });
    });

    async function start(stateFolder: string): Promise<readonly string[]> {
      const notes: string[] = [];
      const work = async () => expect(readdirSync(stateFolder)).toEqual([expect.stringMatching(/^bowline-layers-/)]);
      await withBuildkit(undefined, { note: (text) => notes.push(text) }, work, stateFolder);
      expect(readdirSync(stateFolder)).toEqual([]);
      return notes.slice(1);
    }

    test('and warns if its filesystem is an overlay, as that of a container: BuildKit then copies all files for every step', async () => {
      const [lower, upper, work, merged] = ['lower', 'upper', 'work', 'merged'].map((name) => join(folder, name));
      for (const each of [lower, upper, work, merged]) {
        mkdirSync(each as string);
      }
      const options = `lowerdir=${lower},upperdir=${upper},workdir=${work}`;
      const mounted = spawnSync('mount', ['-t', 'overlay', '-o', options, 'overlay', merged as string]);
      if (mounted.status !== 0) {
        console.warn(`not tested: this machine cannot mount an overlay in ${folder}: ${mounted.stderr}`);
        return;
      }
      expect(await start(merged as string)).toEqual([
        expect.stringMatching(
          /^WARNING: BuildKit copies all files .*\/merged\/bowline-layers-.*snapshotter "native".*volume at \/var\/lib\/bowline-buildkit/,
        ),
      ]);
    });

    test('without a warning on a filesystem for overlays', async () => {
      const mounted = spawnSync('mount', ['-t', 'tmpfs', 'tmpfs', folder]);
      if (mounted.status !== 0) {
        console.warn(`not tested: this machine cannot mount a tmpfs: ${mounted.stderr}`);
        return;
      }
      try {
        expect(await start(folder)).toEqual([]);
      } finally {
        spawnSync('umount', [folder]);
      }
    });
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
