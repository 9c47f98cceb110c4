import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { relocateScripts } from '../../lib/tools/install';

test('the scripts of a Python environment run its interpreter after the environment is moved', () => {
  const folder = mkdtempSync(join(tmpdir(), 'bowline-scripts-'));
  try {
    mkdirSync(join(folder, 'bin'));
    writeFileSync(join(folder, 'bin', 'envoy'), '#!/cache/envoy.part/bin/python\nimport sys\n');
    writeFileSync(join(folder, 'bin', 'data'), '/cache/envoy.part/bin/python');
    relocateScripts(join(folder, 'bin'), '/cache/envoy.part', '/cache/envoy');
    expect(readFileSync(join(folder, 'bin', 'envoy'), 'utf8')).toBe('#!/cache/envoy/bin/python\nimport sys\n');
    expect(readFileSync(join(folder, 'bin', 'data'), 'utf8')).toBe('/cache/envoy.part/bin/python');
  } finally {
    rmSync(folder, { recursive: true });
  }
});
