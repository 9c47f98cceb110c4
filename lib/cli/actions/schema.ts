import { jsonSchemas } from '../../catalog';
import { badInput } from '../../errors';

/** `bowline schema` */
export function runSchema(kind: string): void {
  const schemas = jsonSchemas();
  const text = schemas[kind];
  if (text === undefined) {
    throw badInput(
      'input',
      `unknown schema ${JSON.stringify(kind)}: expected one of ${Object.keys(schemas).join(', ')}`,
    );
  }
  process.stdout.write(text);
}
