import { join } from 'node:path';
import { mustRun } from '../../lib/process';

jest.setTimeout(120_000);

test('the probe program passes its own tests', async () => {
  await mustRun({
    program: 'go',
    arguments: ['test', './...'],
    directory: join(__dirname, '..', '..', 'tools', 'go', 'start-probe'),
    environment: { CGO_ENABLED: '0', GOFLAGS: '-mod=readonly', GOWORK: 'off' },
    timeoutSeconds: 110,
  });
});
