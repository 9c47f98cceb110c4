import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '../../..');

test('only the isolated commands of lib/process/git and lib/ledger/git start git', () => {
  const files = ['lib', 'bin', 'charts'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.ts'))
      .map((path) => join(folder, path)),
  );
  const starting = files.filter((path) =>
    /(?:program: |spawn(?:Sync)?\(|exec(?:File)?(?:Sync)?\(|mustRun\(|run\()\s*['"`]git['"` ]/.test(
      readFileSync(join(root, path), 'utf8'),
    ),
  );
  expect(starting.sort()).toEqual([
    'lib/ledger/git/run-git.ts',
    'lib/process/git/git-command.ts',
    'lib/process/git/user-settings.ts',
  ]);
});
