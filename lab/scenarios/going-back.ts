import { mustRun } from '../../lib/process';
import { gitRoot } from '../git/repositories';
import { playPromotion } from './good-release';
import type { Scenario } from './scenario';
import type { Stage } from './stage';

export const goingBack: Scenario = {
  number: 10,
  name: 'bowline rollback',
  title: 'After a promotion somebody says bowline rollback: the inputs of before are back in git, then in the cluster',
  play: async (stage) => {
    const before = stage.state();
    const headBefore = await ledgerObject(stage, 'main');
    const { image } = await playPromotion(stage);
    await stage.startLoad();
    const asked = Date.now();
    const { commit } = await stage.goBack('users complain');
    const { promote } = stage.assessment;
    await stage.until(
      'the version before is promoted',
      promote.worst + 60,
      ({ phase, primaryImage }) => phase === 'Succeeded' && primaryImage === before.primaryImage,
    );
    const seconds = (Date.now() - asked) / 1000;
    const answers = await stage.stopLoad();
    stage.measure();
    stage.measurement = { ...stage.measurement, computed: promote, measuredSeconds: seconds };
    const { badAnswers, lostAnswers } = stage.measurement;
    stage.expect(image !== before.primaryImage, 'what was promoted was another image');
    for (const path of ['releases/lab/hello.json', 'services/lab/hello.json', 'manifests/lab/hello']) {
      const [then, now] = await Promise.all(
        [headBefore, commit].map((revision) => ledgerObject(stage, `${revision}:${path}`)),
      );
      stage.expect(then === now, `${path} is byte for byte what it was`);
    }
    stage.expect(badAnswers + lostAnswers === 0, `no answer was bad or lost (${badAnswers} of ${answers.length})`);
    stage.expect(
      seconds <= promote.worst + 5,
      `everybody has the version before again after ${seconds.toFixed(1)} s, computed ${promote.worst} s at worst from the cluster on`,
    );
  },
};

/** The name of a commit, a file or a folder of the ledger: equal names are equal content. */
async function ledgerObject({ layout }: Stage, revision: string): Promise<string> {
  const { stdout } = await mustRun({
    program: 'git',
    arguments: ['rev-parse', revision],
    directory: `${gitRoot(layout)}/ledger.git`,
    timeoutSeconds: 10,
  });
  return stdout.trim();
}
