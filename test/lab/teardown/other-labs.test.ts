import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { layoutOf } from '../../../lab/layout';
import { listEnvironmentValues } from '../../../lab/machine/processes';
import { parseMountedStates, recordedState, recordLab, removeLabRecord } from '../../../lab/teardown/other-labs';

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
    'the same on a separate file system',
    '91 29 0:40 /x/lab/kubelet /tmp/x/lab/kubelet rw - tmpfs tmpfs rw',
    ['/tmp/x/lab'],
  ],
  [
    'a deleted directory below its mount',
    '91 29 254:0 /tmp/x/lab/kubelet//deleted /tmp/x/lab/kubelet rw - ext4 /dev/vda rw',
    ['/tmp/x/lab'],
  ],
  [
    'a pod’s root',
    '97 29 0:51 / /tmp/x/lab/containerd-run/io.containerd.runtime.v2.task/k8s.io/80f/rootfs rw - overlay overlay rw',
    ['/tmp/x/lab'],
  ],
  ['a disk mounted at a similar path', '91 29 254:16 / /srv/lab/kubelet-data rw - ext4 /dev/vdb rw', []],
  ['another cluster’s kubelet', '91 29 254:0 /var/lib/kubelet /var/lib/kubelet rw - ext4 /dev/vda rw', []],
  ['another bind mount', '91 29 254:0 /home/me/lab/kubelet /mnt/lab/kubelet rw - ext4 /dev/vda rw', []],
])('finds an interrupted lab by its mounts: %s', (_, line, states) => {
  expect(parseMountedStates(`29 1 254:0 / / rw - ext4 /dev/vda rw\n${line}\n${line}\n`)).toEqual(states);
});

test('the record of a lab is removed only with that lab', () => {
  const record = join(folder, 'record');
  expect(recordedState(record)).toBeUndefined();
  recordLab(layoutOf('/one/lab'), record);
  removeLabRecord(layoutOf('/two/lab'), record);
  expect(recordedState(record)).toBe('/one/lab');
  removeLabRecord(layoutOf('/one/lab'), record);
  expect(recordedState(record)).toBeUndefined();
});

test('lists the values of a variable in the environments of running processes', async () => {
  const child = spawn('sleep', ['20'], { env: { LABS_TEST_MARK: folder } });
  try {
    await new Promise((resolve) => child.once('spawn', resolve));
    for (
      const until = Date.now() + 5000;
      listEnvironmentValues('LABS_TEST_MARK').length === 0 && Date.now() < until;
    ) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    expect(listEnvironmentValues('LABS_TEST_MARK')).toEqual([folder]);
    expect(listEnvironmentValues('LABS_TEST')).toEqual([]);
  } finally {
    child.kill('SIGKILL');
  }
});
