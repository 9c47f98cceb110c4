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
} from '../../ledger';
import type { Digest } from '../../values';
import { refusalError, requireNames, withLedger } from './ledger-access';

export interface RollbackInput {
  readonly ledger: LedgerLocation;
  readonly service: string;
  readonly environment: string;
  /** A digest, or the first eight or more of its hexadecimal digits. Default: the release before the present one. */
  readonly to?: string;
  /** Why, for the commit. */
  readonly reason?: string;
  readonly renderer: Renderer;
  readonly options?: ChangeOptions;
}

export interface RollbackResult {
  readonly changed: boolean;
  /** The commit made, or HEAD. */
  readonly commit: string | undefined;
  readonly notes: readonly string[];
  /** What ran before; undefined where nothing did. */
  readonly from: Digest | undefined;
  readonly to: Digest;
  /** The ledger commit whose inputs were put back. */
  readonly restores: string;
}

/**
 * Puts an earlier release back: its release file and its description of then, rendered, through the ledger's one writer.
 * If someone else changes what the service runs meanwhile, the rollback is dropped.
 * @throws BowlineError `no-earlier-release`, `superseded` (exit 2), `unknown-release`, `service-not-published` (exit 3)
 */
export async function rollback(input: RollbackInput): Promise<RollbackResult> {
  const { service, environment } = input;
  requireNames(environment, service);
  return withLedger(input.ledger, async (repository) => {
    const states = await readHistory(repository, environment, service);
    const [now] = states;
    if (now?.serviceText === undefined) {
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
      from: now.release?.image,
      to: { commit, release, releaseText, serviceText, outputs },
      ...(input.reason === undefined ? {} : { reason: input.reason }),
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
