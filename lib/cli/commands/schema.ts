import type { Command } from 'commander';
import { action } from '../action';

/** `bowline schema` */
export function registerSchema(program: Command): void {
  program
    .command('schema <kind>')
    .summary('print the JSON Schema of a catalog file, for editors')
    .description(
      'Prints the JSON Schema of platform.yaml ("platform"), of a service file ("service") or of accepted-risks.yaml ("accepted-risks").\n\nExit codes: 0 printed, 3 unknown kind.',
    )
    .action(
      action(async (_options: object, kind = '') => {
        const { runSchema } = await import('../actions/schema');
        runSchema(kind);
      }),
    );
}
