import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { layoutOf } from '../../../lab/layout';
import { valuesInEnvironments } from '../../../lab/machine/processes';
import { forgetLab, rememberedState, rememberLab, statesIn } from '../../../lab/teardown/other-labs';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'labs-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test.each([
  [
    'kubelet’s own folder, mounted on itself',
    '91 29 254:0 /tmp/x/lab/kubelet /tmp/x/lab/kubelet rw,relatime shared:39 - ext4 /dev/vda rw',
    ['/tmp/x/lab'],
  ],
  [
    'the same below a file system of its own',
    '91 29 0:40 /x/lab/kubelet /tmp/x/lab/kubelet rw - tmpfs tmpfs rw',
    ['/tmp/x/lab'],
  ],
  [
    'a folder that was deleted below its mount',
    '91 29 254:0 /tmp/x/lab/kubelet//deleted /tmp/x/lab/kubelet rw - ext4 /dev/vda rw',
    ['/tmp/x/lab'],
  ],
  [
    'a pod’s root',
    '97 29 0:51 / /tmp/x/lab/containerd-run/io.containerd.runtime.v2.task/k8s.io/80f/rootfs rw - overlay overlay rw',
    ['/tmp/x/lab'],
  ],
  ['somebody’s disk at such a path', '91 29 254:16 / /srv/lab/kubelet-data rw - ext4 /dev/vdb rw', []],
  ['another cluster’s kubelet', '91 29 254:0 /var/lib/kubelet /var/lib/kubelet rw - ext4 /dev/vda rw', []],
  ['another bind mount', '91 29 254:0 /home/me/lab/kubelet /mnt/lab/kubelet rw - ext4 /dev/vda rw', []],
])('an interrupted lab is found by its mounts: %s', (_, line, states) => {
  expect(statesIn(`29 1 254:0 / / rw - ext4 /dev/vda rw\n${line}\n${line}\n`)).toEqual(states);
});

test('a machine remembers the state folder of its lab until that very lab is down', () => {
  const record = join(folder, 'record');
  expect(rememberedState(record)).toBeUndefined();
  rememberLab(layoutOf('/one/lab'), record);
  forgetLab(layoutOf('/two/lab'), record);
  expect(rememberedState(record)).toBe('/one/lab');
  forgetLab(layoutOf('/one/lab'), record);
  expect(rememberedState(record)).toBeUndefined();
});

test('state folders are read from what running processes carry', async () => {
  const child = spawn('sleep', ['20'], { env: { LABS_TEST_MARK: folder } });
  try {
    await new Promise((resolve) => child.once('spawn', resolve));
    for (const until = Date.now() + 5000; valuesInEnvironments('LABS_TEST_MARK').length === 0 && Date.now() < until; ) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    expect(valuesInEnvironments('LABS_TEST_MARK')).toEqual([folder]);
    expect(valuesInEnvironments('LABS_TEST')).toEqual([]);
  } finally {
    child.kill('SIGKILL');
  }
});
