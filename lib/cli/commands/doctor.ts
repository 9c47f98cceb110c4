import type { Command } from 'commander';
import { jsonOption } from '../catalog-option';
import { action } from '../fail';

interface DoctorOptions {
  readonly json: boolean;
  readonly install?: string | true;
}

/** `bowline doctor`: what this machine has, and what it would take to have the rest. */
export function registerDoctor(program: Command): void {
  program
    .command('doctor')
    .summary('what is there, which version, what is missing and how it will be had')
    .description(
      'Lists every tool that Bowline runs, and what they are made with. With --install gets what a purpose needs: road (default), test, bench, aws or lab; Go and Python must be there already.',
    )
    .option('--install [purpose]', 'install what is missing for a purpose')
    .addOption(jsonOption())
    .action(
      action(
        (...words: readonly unknown[]) => (words.at(-2) as DoctorOptions).json,
        async (options: DoctorOptions) => {
          const { runDoctor } = await import('../actions/doctor');
          await runDoctor(options.install === true ? 'road' : options.install, options.json);
        },
      ),
    );
}
