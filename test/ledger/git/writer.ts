import { promoteToLedger } from '../../../lib/steps/gitops/promote-to-ledger';
import { fakeRenderer, releaseOf } from '../fixtures';

/** A writer in a separate process: `writer.ts <repository> <cache> <service> <release>`. */
const [repository = '', cache = '', service = '', name = ''] = process.argv.slice(2);

promoteToLedger({ ledger: { repository, cache }, release: releaseOf(service, 'dev', name), renderer: fakeRenderer() })
  .then((result) => process.stdout.write(`${JSON.stringify(result)}\n`))
  .catch((error: unknown) => {
    process.stderr.write(`${String(error)}\n`);
    process.exitCode = 1;
  });
