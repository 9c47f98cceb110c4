import { describeFailures, describeHistogram } from '../../catalog';
import { recipeOfService } from '../recipe';
import { painter } from '../terminal';

export interface ExplainServiceOptions {
  readonly catalog: string;
  readonly json: boolean;
  readonly source?: string;
}

/** `bowline explain service`: each decision about the image, with its reason. */
export async function runExplainService(name: string, { catalog, json, source }: ExplainServiceOptions): Promise<void> {
  const { recipe, notes, metrics } = await recipeOfService(catalog, name, source);
  const { base, platforms, decisions } = recipe;
  if (json) {
    process.stdout.write(`${JSON.stringify({ service: name, base, platforms, decisions, notes, metrics })}\n`);
    return;
  }
  const paint = painter(process.stdout);
  process.stdout.write(`${paint('bold', `How ${name} is built`)}\n\n`);
  for (const { subject, choice, reason } of decisions) {
    process.stdout.write(`${paint('cyan', subject.padEnd(10))} ${choice}\n${' '.repeat(11)}${paint('dim', reason)}\n`);
  }
  const row = `${metrics.requests} by the label ${metrics.status}, and ${metrics.duration} (${describeHistogram(metrics)})`;
  const failed = `A release is judged by them, at port ${metrics.port}, path ${metrics.path}. Failed are requests ${describeFailures(metrics)}.`;
  process.stdout.write(`${paint('cyan', 'metrics'.padEnd(10))} ${row}\n${' '.repeat(11)}${paint('dim', failed)}\n`);
  for (const note of notes) {
    process.stdout.write(`\n${note}\n`);
  }
  if (source === undefined) {
    process.stdout.write(
      '\nWithout --source, the source is assumed to be a module with go.sum and without a vendor folder.\n',
    );
  }
}
