import { renderer } from '../../charts/render';
import { checkConfiguration } from '../../lib/steps';
import { publish } from '../../lib/steps/gitops/publish';
import { applyAll } from '../kubernetes/apply';
import { labCatalog } from '../lab-catalog';
import { publishedBootstrap } from '../release/bootstrap';
import type { Scenario } from './scenario';
import type { Stage } from './scenario-context';

export const firstRelease: Scenario = {
  number: 1,
  name: 'first release',
  title: 'An empty cluster gets its first release: initialised, and reachable through the gateway',
  beginsEmpty: true,
  play: async (stage) => {
    const image = await releaseFirst(stage);
    await stage.until('the gateway answers', 60, async () => (await stage.versionAnswering()) === '1.0.0');
    stage.journal.note('users', 'version 1.0.0 answers through the gateway');
    const { phase, primaryImage } = stage.state();
    stage.expect(phase === 'Initialized', `the rollout is initialised (${phase})`);
    stage.expect(primaryImage === image, 'the pods run the image that was signed, by its digest');
    await stage.startLoad();
    await new Promise((resolve) => setTimeout(resolve, 5000));
    const answers = await stage.stopLoad();
    stage.measure();
    stage.expect(answers.length > 0, `users asked, and ${answers.length} answers were counted`);
    const { badAnswers, lostAnswers } = stage.measurement;
    stage.expect(badAnswers + lostAnswers === 0, `every one of ${answers.length} requests was answered well`);
  },
};

/** Publishes, applies by hand what docs/how-to/lab.md says to apply by hand, and releases; answers with the image. */
export async function releaseFirst(stage: Stage): Promise<string> {
  const catalog = labCatalog();
  const [environment] = catalog.platform.environments;
  if (environment === undefined) {
    throw new Error('the lab’s catalog has no environment');
  }
  const { repository, branch } = catalog.platform.ledger;
  const published = await publish({ catalog, ledger: { repository, branch }, renderer, check: checkConfiguration });
  stage.journal.note('git', `published: ledger commit ${published.commit?.slice(0, 12)}`);
  await applyAll(stage.client, await publishedBootstrap(stage.layout, branch, environment.name));
  stage.journal.note('lab', 'bootstrap applied: a project, and two Applications that follow the ledger');
  const { image } = await stage.release({ version: '1.0.0' });
  await stage.until('Argo CD brings the image', 120, (state) => state.image === image);
  await stage.until('Flagger initialises it', 120, ({ phase }) => phase === 'Initialized');
  return image;
}
