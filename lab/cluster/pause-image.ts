import { mkdirSync } from 'node:fs';
import { mustRun } from '../../lib/process';
import { toolPath } from '../../lib/tools';
import { writeImage } from '../images/program-image';
import { type Layout, within } from '../layout';
import { pauseImage } from './runtime';

/** Builds the image of pod sandboxes, and imports it into containerd. */
export async function importPauseImage(layout: Layout): Promise<void> {
  const directory = within(layout, 'images', 'pause');
  mkdirSync(directory, { recursive: true });
  await writeImage({ reference: pauseImage, program: toolPath('pause'), user: '65535' }, directory);
  const archive = within(layout, 'images', 'pause.tar');
  await mustRun({
    program: 'tar',
    arguments: ['--create', '--file', archive, '--directory', `${directory}/layout`, '.'],
    timeoutSeconds: 30,
  });
  await mustRun({
    program: toolPath('ctr'),
    arguments: ['--address', layout.containerd, '--namespace', 'k8s.io', 'images', 'import', archive],
    timeoutSeconds: 60,
  });
}
