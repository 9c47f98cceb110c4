import type { Service } from '../../catalog';
import type { SourceInfo } from '../../image';
import { openModuleAccess, type Reporter } from '../../steps';

/** Says which of the user's credentials a local run uses for private modules, before it uses them. */
export async function reportModuleCredential(
  service: Service,
  { hasVendor }: Pick<SourceInfo, 'hasVendor'>,
  reporter: Pick<Reporter, 'note'>,
): Promise<void> {
  const { modules, vendor } = service.build;
  if (modules === undefined || (hasVendor && vendor !== 'never')) {
    return;
  }
  const aws = () => Promise.reject(new Error('a local run reads no secret of AWS'));
  await openModuleAccess({ service, from: 'machine', aws, now: new Date(), reporter });
}
