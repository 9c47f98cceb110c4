/**
 * The measured process of bench/ledger.ts.
 *   promote <repository> <clones folder, or ""> <service> <release>
 *   history <repository> <clones folder, or ""> <service>
 */
import { renderer } from '../../charts/render';
import { history } from '../../lib/steps/gitops/history';
import { promoteToLedger } from '../../lib/steps/gitops/promote-to-ledger';
import { digestOf, type ImageReference } from '../../lib/values';
import { generatedRelease } from '../rendering/catalog';

const [command, repository = '', cache = '', service = '', release = ''] = process.argv.slice(2);
const ledger = { repository, ...(cache === '' ? {} : { cache }) };

async function main(): Promise<void> {
  if (command === 'history') {
    const entries = await history({ ledger, service, environment: 'prod' });
    if (entries.length === 0) {
      throw new Error(`the ledger has no history of ${service}`);
    }
    return;
  }
  const file = generatedRelease(service, 'prod');
  const image = `${file.image.split('@')[0]}@${digestOf(release)}` as ImageReference;
  const result = await promoteToLedger({ ledger, release: { ...file, image }, renderer });
  if (!result.ok || !result.changed) {
    throw new Error(`nothing was promoted: ${JSON.stringify(result)}`);
  }
}

void main();
