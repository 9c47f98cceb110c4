import { type Catalog, servicesInEnvironments } from '../../catalog';
import {
  type ChangeOptions,
  changeLedger,
  decidePublication,
  environmentFile,
  type LedgerLocation,
  type PublishedService,
  publishedPaths,
  type Renderer,
  withRepository,
} from '../../ledger';
import type { ConfigurationCheck } from '../check-configuration';
import { refusalError } from './ledger-access';
import { ManifestGate } from './manifest-gate';

export interface PublishInput {
  readonly catalog: Catalog;
  readonly ledger: LedgerLocation;
  readonly renderer: Renderer;
  /** Checks everything that the publication would write: {@link checkConfiguration}, except in tests. */
  readonly check: ConfigurationCheck;
  /** The time that decides whether an accepted risk has expired. Default: now. */
  readonly now?: Date;
  /** Services that may be removed from environments where the catalog no longer has them. */
  readonly remove?: readonly string[];
  /** Environments that may be removed, with everything in them. */
  readonly removeEnvironments?: readonly string[];
  /** Render every released service again, even if its description has not changed. */
  readonly rerender?: boolean;
  readonly options?: ChangeOptions;
}

export interface PublishResult {
  /** Whether a commit was made. */
  readonly changed: boolean;
  /** The new commit, or HEAD. */
  readonly commit: string | undefined;
  readonly notes: readonly string[];
  readonly services: readonly PublishedService[];
}

/**
 * Publishes the catalog to the ledger in one commit: the description of every service and environment, and the manifests of what is new or
 * changed. Those are checked first, and nothing is written that the policy blocks. An empty repository gets its first commit.
 * @throws BowlineError `would-remove` (exit 2) when the ledger has something that the catalog no longer has, `manifests-blocked` (exit 2) with
 * every finding, `manifests-unchecked` (exit 1) when a checker did not run
 */
export async function publish(input: PublishInput): Promise<PublishResult> {
  const { platform } = input.catalog;
  const publication = {
    environments: platform.environments.map((environment) => environmentFile(platform, environment)),
    services: servicesInEnvironments(input.catalog),
    remove: input.remove ?? [],
    removeEnvironments: input.removeEnvironments ?? [],
    rerender: input.rerender ?? false,
  };
  const gate = new ManifestGate(input);
  return withRepository(input.ledger, async (repository) => {
    const result = await changeLedger(
      repository,
      publishedPaths,
      async (head) => {
        const decision = decidePublication(head, publication, input.renderer);
        if (decision.kind === 'write') {
          await gate.requirePassed(decision.files, decision.detail.services);
        }
        return decision;
      },
      input.options,
    );
    if (!result.ok) {
      throw refusalError(result);
    }
    const { changed, commit, notes, detail } = result;
    return { changed, commit, notes: [...notes, ...gate.accepted], services: detail.services };
  });
}
