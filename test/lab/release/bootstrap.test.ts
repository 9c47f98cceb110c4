import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { renderer } from '../../../charts/render';
import { gitRoot } from '../../../lab/git/repositories';
import { labCatalog } from '../../../lab/lab-catalog';
import { layoutOf } from '../../../lab/layout';
import { readBootstrapManifest } from '../../../lab/release/bootstrap';
import { publish } from '../../../lib/steps/gitops/publish';
import { nothingFound } from '../../steps/gitops/ledger-fixtures';

test('reads the bootstrap manifest that publish wrote: a project, and Applications that follow the ledger', async () => {
  const layout = layoutOf(mkdtempSync(join(tmpdir(), 'lab-')));
  try {
    const repository = join(gitRoot(layout), 'ledger.git');
    mkdirSync(repository, { recursive: true });
    execFileSync('git', ['init', '--quiet', '--bare', '--initial-branch=main', repository]);
    await publish({ catalog: labCatalog(), ledger: { repository }, renderer, check: nothingFound });
    const objects = await readBootstrapManifest(layout, 'main', 'lab');
    expect(objects.map(({ kind, metadata }) => `${kind} ${metadata.namespace}/${metadata.name}`)).toEqual([
      'AppProject argocd/bowline-lab',
      'Application argocd/bowline-platform-lab',
      'Application argocd/bowline-apps-lab',
    ]);
  } finally {
    rmSync(layout.state, { recursive: true, force: true });
  }
});
