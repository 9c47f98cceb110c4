import { mustRun } from '../../lib/process';
import { gitRoot } from '../git/repositories';
import { runPromotion } from './good-release';
import type { Scenario } from './scenario';
import type { ScenarioContext } from './scenario-context';

export const rollbackScenario: Scenario = {
  number: 10,
  name: 'bowline rollback',
  title: 'After a promotion, bowline rollback restores the previous inputs in git; then the cluster follows',
  run: async (context) => {
    const before = context.state();
    const previousHead = await resolveLedgerObject(context, 'main');
    const { image } = await runPromotion(context);
    await context.startLoad();
    const requestedAt = Date.now();
    // As for every release, the computed time starts when Argo CD has applied the image; the time in git is not part of it.
    const applied = context
      .waitUntil('Argo CD has applied the previous image', 60, (state) => state.image === before.primaryImage)
      .then(() => Date.now());
    const [{ commit }, appliedAt] = await Promise.all([context.rollBack('users complain'), applied]);
    const { promote } = context.assessment;
    await context.waitUntil(
      'Flagger has promoted the previous version',
      promote.worst + 60,
      ({ phase, primaryImage }) => phase === 'Succeeded' && primaryImage === before.primaryImage,
    );
    const promotedAt = Date.now();
    const seconds = (promotedAt - appliedAt) / 1000;
    const responses = await context.stopLoad();
    context.measureExposure();
    const computed = context.promotionSpan();
    context.measurement = { ...context.measurement, computed, measuredSeconds: seconds };
    context.journal.note(
      'lab',
      `from bowline rollback to promoted ${((promotedAt - requestedAt) / 1000).toFixed(1)} s`,
    );
    const { badResponses, lostRequests } = context.measurement;
    context.expect(image !== before.primaryImage, 'the promoted image was a different one');
    for (const path of ['releases/lab/hello.json', 'services/lab/hello.json', 'manifests/lab/hello']) {
      const [previous, restored] = await Promise.all(
        [previousHead, commit].map((revision) => resolveLedgerObject(context, `${revision}:${path}`)),
      );
      context.expect(previous === restored, `${path} is byte for byte what it was`);
    }
    context.expect(
      badResponses + lostRequests === 0,
      `no response was bad and no request was lost (${badResponses} of ${responses.length})`,
    );
    context.expect(
      seconds <= computed.worst,
      `all users have the previous version ${seconds.toFixed(1)} s after Argo CD applied it; computed worst case: ${computed.worst} s`,
    );
  },
};

/** The object name of a commit, file or directory of the ledger. Equal names mean equal content. */
async function resolveLedgerObject({ layout }: ScenarioContext, revision: string): Promise<string> {
  const { stdout } = await mustRun({
    program: 'git',
    arguments: ['rev-parse', revision],
    directory: `${gitRoot(layout)}/ledger.git`,
    timeoutSeconds: 10,
  });
  return stdout.trim();
}
