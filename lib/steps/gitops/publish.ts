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
} from '../../ledger';
import type { ConfigurationCheck } from '../check-configuration';
import { ManifestGate } from '../manifest-gate';
import { refusalError, withLedger } from './ledger-access';

export interface PublishInput {
  readonly catalog: Catalog;
  readonly ledger: LedgerLocation;
  readonly renderer: Renderer;
  /** Looks at everything that would come into the ledger: {@link checkConfiguration}, outside of tests. */
  readonly check: ConfigurationCheck;
  /** The time against which accepted risks grow old. Default: now. */
  readonly now?: Date;
  /** Services that may go from where the catalog no longer has them. */
  readonly remove?: readonly string[];
  /** Environments that may go, with all that is in them. */
  readonly removeEnvironments?: readonly string[];
  /** Render every released service anew, also where its description is as it was. */
  readonly rerender?: boolean;
  readonly options?: ChangeOptions;
}

export interface PublishResult {
  /** Whether a commit was made. */
  readonly changed: boolean;
  /** The commit made, or HEAD. */
  readonly commit: string | undefined;
  readonly notes: readonly string[];
  readonly services: readonly PublishedService[];
}

/**
 * Brings the catalog into the ledger: the description of every service and environment, and the renderings of what is new or changed,
 * in one commit. An empty repository gets its first. What is new or changed is checked before: nothing is written that the policy stops at.
 * @throws BowlineError `would-remove` (exit 2) where the ledger has what the catalog no longer has, `manifests-blocked` (exit 2) with every finding,
 * `manifests-unchecked` (exit 1) when a checker did not do its work
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
  return withLedger(input.ledger, async (repository) => {
    const result = await changeLedger(
      repository,
      publishedPaths,
      async (head) => {
        const decision = decidePublication(head, publication, input.renderer);
        if (decision.kind === 'write') {
          await gate.requireSound(decision.files, decision.detail.services);
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
