import { Command, InvalidArgumentError } from 'commander';
import { type Scenario, scenarios, scenariosOfPublicServices } from './scenarios';

/** What `npm run lab:test` runs. */
export interface ScenarioOptions {
  /** In the order in which they run; repeated for `--times`. */
  readonly scenarios: readonly Scenario[];
  /** Whether to tear the lab down at the end. */
  readonly down: boolean;
}

const maximumTimes = 20;

const allScenarios = [...scenarios, ...scenariosOfPublicServices];

/** The command line of `npm run lab:test`. `action` runs the scenarios. */
export function scenarioProgram(action: (options: ScenarioOptions) => Promise<void>): Command {
  return new Command('lab:test')
    .description('Runs scenarios in the lab, and writes a report with computed and measured times to lab/out.')
    .option('--scenario <numbers>', 'run these scenarios, in this order: 2,3 (default: 1 to 10)', parseScenarios)
    .option('--times <count>', `run them this many times, from 1 to ${maximumTimes}`, parseTimes, 1)
    .option('--down', 'tear the lab down at the end', false)
    .addHelpText('after', `\nScenarios:\n${scenarioList()}`)
    .action((options: { readonly scenario?: readonly Scenario[]; readonly times: number; readonly down: boolean }) => {
      const selected = options.scenario ?? scenarios;
      return action({ scenarios: Array.from({ length: options.times }, () => selected).flat(), down: options.down });
    });
}

function parseScenarios(text: string): readonly Scenario[] {
  return text.split(',').map((word) => {
    const scenario = allScenarios.find(({ number }) => number === Number(word));
    if (scenario === undefined) {
      throw new InvalidArgumentError(
        `There is no scenario ${word}. Expected numbers from 1 to ${allScenarios.length}.`,
      );
    }
    return scenario;
  });
}

function parseTimes(text: string): number {
  const times = Number(text);
  if (!Number.isInteger(times) || times < 1 || times > maximumTimes) {
    throw new InvalidArgumentError(`Expected a whole number from 1 to ${maximumTimes}.`);
  }
  return times;
}

function scenarioList(): string {
  return allScenarios.map(({ number, name }) => `  ${String(number).padStart(2)}  ${name}`).join('\n');
}
