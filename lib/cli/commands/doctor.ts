import type { Command } from 'commander';
import { action } from '../action';
import { jsonOption } from '../options';

interface DoctorOptions {
  readonly json: boolean;
  readonly install?: string | true;
}

/** `bowline doctor` */
export function registerDoctor(program: Command): void {
  program
    .command('doctor')
    .summary('list the tools: version, installed or missing, how to install them')
    .description(
      'Lists every tool that Bowline uses: its version, and whether it is installed or how to install it. With --install, installs the tools of a purpose: demo (default), test, bench, aws or lab. Go and Python must be installed already.\n\nExit codes: 0 every tool of the release pipeline is installed, 1 one is missing.',
    )
    .option('--install [purpose]', 'install the missing tools of a purpose')
    .addOption(jsonOption())
    .action(
      action(async (options: DoctorOptions) => {
        const { runDoctor } = await import('../actions/doctor');
        await runDoctor(options.install === true ? 'demo' : options.install, options.json);
      }),
    );
}
