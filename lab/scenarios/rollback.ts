import { mustRun } from '../../lib/process';
import { gitRoot } from '../git/repositories';
import { playPromotion } from './good-release';
import type { Scenario } from './scenario';
import type { Stage } from './scenario-context';

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
    // What is computed begins with Argo CD's write, as for every release; the way through git comes on top.
    const broughtAt = stage
      .until('Argo CD brings the image of before', 60, (state) => state.image === before.primaryImage)
      .then(() => Date.now());
    const [{ commit }, inCluster] = await Promise.all([stage.goBack('users complain'), broughtAt]);
    const { promote } = stage.assessment;
    await stage.until(
      'the version before is promoted',
      promote.worst + 60,
      ({ phase, primaryImage }) => phase === 'Succeeded' && primaryImage === before.primaryImage,
    );
    const promotedAt = Date.now();
    const seconds = (promotedAt - inCluster) / 1000;
    const answers = await stage.stopLoad();
    stage.measure();
    const computed = stage.promotion();
    stage.measurement = { ...stage.measurement, computed, measuredSeconds: seconds };
    stage.journal.note('lab', `from bowline rollback to promoted ${((promotedAt - asked) / 1000).toFixed(1)} s`);
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
      seconds <= computed.worst,
      `everybody has the version before again ${seconds.toFixed(1)} s after Argo CD brought it, computed ${computed.worst} s at worst`,
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
