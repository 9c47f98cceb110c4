import type { Command } from 'commander';
import { action } from '../action';

/** `bowline schema` */
export function registerSchema(program: Command): void {
  program
    .command('schema <kind>')
    .summary('print the JSON Schema of a catalog file, for editors')
    .description('Prints the JSON Schema of platform.yaml ("platform") or of a service file ("service").')
    .action(
      action(async (_options: object, kind = '') => {
        const { runSchema } = await import('../actions/schema');
        runSchema(kind);
      }),
    );
}
