import { copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { withTemporaryFolder } from '../../../lib/process';
import { silentReporter } from '../../../lib/steps';
import type { Artifact } from '../../../lib/steps/scanning/artifacts';
import { describeArtifact } from '../../../lib/steps/scanning/scan-artifact';
import { toolPath } from '../../../lib/tools';
import { digestOf } from '../../../lib/values';

test('a binary has the same SBOM in whatever folder it is', async () => {
  await withTemporaryFolder('describe', async (scratch) => {
    const texts: string[] = [];
    for (const folder of ['a', join('b', 'c')]) {
      mkdirSync(join(scratch, folder), { recursive: true });
      const file = join(scratch, folder, 'crane');
      copyFileSync(toolPath('crane'), file);
      const artifact: Artifact = {
        kind: 'binary',
        name: 'crane',
        file,
        digest: digestOf(readFileSync(file)),
        program: '/crane',
        target: { name: 'linux/amd64', os: 'linux', architecture: 'amd64', cgo: false },
      };
      const { text, problem } = await describeArtifact(artifact, silentReporter);
      expect(problem).toBeUndefined();
      texts.push(text);
    }
    expect(texts[0]).toBe(texts[1]);
  });
});
