import type { Platform, Service } from '../../catalog';
import { BowlineError } from '../../errors';
import { applyStart, observationPlan, type Proposal, type StartedProposal } from '../../scaffold';
import type { Reporter } from '../../steps';
import { missingTools } from '../../tools';

export interface StartInput {
  readonly platform: Platform;
  readonly proposal: Proposal;
  /** The service as the catalog file of a proposal describes it, with valid values for what is open. */
  readonly describe: (proposal: Proposal) => Service;
  /** Checkout of the service's repository. */
  readonly source: string;
  readonly reporter: Reporter;
}

/** The first start shows the port, the next one what answers there. */
const maxStarts = 2;

/**
 * Starts the image of a proposal, and corrects the proposal by what the program does. Where nothing can be started, the proposal stays and a note says
 * why: the source alone is enough for a catalog file.
 */
export async function startAdopted(input: StartInput): Promise<Omit<StartedProposal, 'again'>> {
  const missing = missingTools('demo');
  if (missing.length > 0) {
    return {
      proposal: input.proposal,
      notes: [
        `the image was not started: ${missing.length === 1 ? 'a tool is' : `${missing.length} tools are`} not installed (npx bowline doctor --install demo)`,
      ],
    };
  }
  try {
    return await observe(input);
  } catch (error) {
    if (!(error instanceof BowlineError)) {
      throw error;
    }
    return { proposal: input.proposal, notes: [`the image was not started: ${error.message}`] };
  }
}

async function observe({
  platform,
  proposal: first,
  describe,
  source,
  reporter,
}: StartInput): Promise<Omit<StartedProposal, 'again'>> {
  const [{ observeService }, { startPlan }] = await Promise.all([import('../../local'), import('../../image/start')]);
  return observeService({ platform, service: describe(first), source, reporter }, async (start) => {
    let result: StartedProposal = { proposal: first, notes: [], again: true };
    for (let starts = 0; starts < maxStarts && result.again; starts++) {
      const service = describe(result.proposal);
      reporter.note(`starting the image of ${service.name}`);
      const report = await start(observationPlan(startPlan(platform, service), result.proposal), service);
      if (report === undefined) {
        return {
          proposal: result.proposal,
          notes: ['the image was not started: it is for another platform than this machine'],
        };
      }
      result = applyStart(result.proposal, report);
    }
    return result;
  });
}
