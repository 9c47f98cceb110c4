import type { Service } from '../../catalog';
import { buildLayout, type SourceFacts } from '../../image';
import { openModuleAccess, type Reporter } from '../../steps';

/** Says which of the user's credentials a local run uses for private modules, before it uses them. */
export async function reportModuleCredential(
  service: Service,
  facts: SourceFacts,
  reporter: Pick<Reporter, 'note'>,
): Promise<void> {
  const { modules } = service.build;
  if (modules === undefined || buildLayout(facts).vendored) {
    return;
  }
  const aws = () => Promise.reject(new Error('a local run reads no secret of AWS'));
  await openModuleAccess({ service, from: 'machine', aws, now: new Date(), reporter });
}
