import {
  appPath,
  type ChangeOptions,
  changeLedger,
  chooseRelease,
  decideRollback,
  type LedgerLocation,
  pathsOfRollback,
  type Renderer,
  readHistory,
  releasedDigest,
  withRepository,
} from '../../ledger';
import type { Digest } from '../../values';
import { refusalError, requireValidNames } from './ledger-access';

export interface RollbackInput {
  readonly ledger: LedgerLocation;
  readonly service: string;
  readonly environment: string;
  /** A digest, or at least its first eight hexadecimal digits. Default: the previous release. */
  readonly to?: string;
  /** For the commit message. */
  readonly reason?: string;
  /** The person who asks for it, for the commit message. */
  readonly requestedBy?: string;
  readonly renderer: Renderer;
  readonly options?: ChangeOptions;
}

export interface RollbackResult {
  readonly changed: boolean;
  /** The new commit, or HEAD. */
  readonly commit: string | undefined;
  readonly notes: readonly string[];
  /** The release before the rollback, if any. */
  readonly from: Digest | undefined;
  readonly to: Digest;
  /** The ledger commit whose inputs were restored. */
  readonly restores: string;
}

/**
 * Rolls a service back to an earlier release: restores its release file and its description of that time, and renders both.
 * If another writer changes the service's release meanwhile, the rollback is dropped.
 * @throws BowlineError `no-earlier-release`, `superseded` (exit 2), `unknown-release`, `service-not-published` (exit 3)
 */
export async function rollback(input: RollbackInput): Promise<RollbackResult> {
  const { service, environment } = input;
  requireValidNames(environment, service);
  return withRepository(input.ledger, async (repository) => {
    const states = await readHistory(repository, environment, service);
    const [current] = states;
    if (current?.serviceText === undefined) {
      throw refusalError({
        code: 'service-not-published',
        reason: `${service} is not in the ledger's ${environment} environment, so there is nothing to roll back`,
      });
    }
    const choice = chooseRelease(states, input.to);
    if (!choice.ok) {
      throw refusalError({ code: choice.code, reason: `${service} in ${environment}: ${choice.reason}` });
    }
    const { commit, release, releaseText = '', serviceText = '' } = choice.state;
    const outputs = await repository.filesAt(commit, [
      `manifests/${environment}/${service}/`,
      appPath(environment, service),
    ]);
    const back = {
      environment,
      service,
      from: current.release?.image,
      to: { commit, release, releaseText, serviceText, outputs },
      reason: input.reason,
      requestedBy: input.requestedBy,
    };
    const result = await changeLedger(
      repository,
      pathsOfRollback(environment, service),
      (head) => decideRollback(head, back, input.renderer),
      input.options,
    );
    if (!result.ok) {
      throw refusalError(result);
    }
    const { previous } = result.detail;
    return {
      changed: result.changed,
      commit: result.commit,
      notes: result.notes,
      from: previous === undefined ? undefined : releasedDigest(previous),
      to: releasedDigest(release),
      restores: commit,
    };
  });
}
