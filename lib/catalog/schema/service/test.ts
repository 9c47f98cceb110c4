import { z } from 'zod';
import { durationSeconds, isDuration } from '../../../values';
import { durationBetween } from '../fields';

const packagePattern = /^\.(?:\/(?!\.{1,2}(?:\/|$))[A-Za-z0-9_.][A-Za-z0-9_.-]*)*(?:\/\.\.\.)?$/;
/** Regular expressions of test names, without what a reader could take for another argument. */
const namesPattern = /^[A-Za-z0-9_^(][A-Za-z0-9_/^$|().*+?[\]{}\\-]{0,199}$/;

const packageField = z
  .string()
  .regex(packagePattern, 'a package pattern inside the module, such as ./... or ./internal/orders');
const namesField = z.string().regex(namesPattern, 'a regular expression of test names, such as ^TestOrders');
const timeoutField = durationBetween('1s', '30m');

const fieldsSchema = z.strictObject({
  packages: z
    .array(packageField)
    .min(1, 'at least one package')
    .default(['./...'])
    .describe('The packages whose tests run.'),
  run: namesField.optional().describe('Only tests whose names match this regular expression (go test -run).'),
  skip: namesField.optional().describe('Leave tests out whose names match this regular expression (go test -skip).'),
  short: z
    .boolean('true or false')
    .default(false)
    .describe('Tests can find out that they shall be short (go test -short).'),
  race: z
    .boolean('true or false')
    .default(false)
    .describe('Find data races (go test -race). The builder image needs a C compiler.'),
  shuffle: z.boolean('true or false').default(false).describe('Run tests in random order (go test -shuffle=on).'),
  timeout: timeoutField.default('10m').describe('How long all tests together may take.'),
});
type Fields = z.input<typeof fieldsSchema>;

const flags: Readonly<Record<string, (value: string | undefined) => Fields | undefined>> = {
  short: (value) => (value === undefined ? { short: true } : undefined),
  race: (value) => (value === undefined ? { race: true } : undefined),
  run: (value) => (value === undefined ? undefined : { run: value }),
  skip: (value) => (value === undefined ? undefined : { skip: value }),
  shuffle: (value) => (value === 'on' || value === 'off' ? { shuffle: value === 'on' } : undefined),
  timeout: (value) => (value !== undefined && isDuration(value) ? { timeout: value } : undefined),
};

/**
 * Parses `go test -short ./...` into fields. It is no shell: words are separated by spaces, and every word is a flag of the list or a package.
 * @returns undefined for anything else
 */
export function parseTestCommand(text: string): Fields | undefined {
  const [go, test, ...words] = text.split(' ').filter((word) => word !== '');
  if (go !== 'go' || test !== 'test') {
    return undefined;
  }
  const fields: Fields = {};
  const packages: string[] = [];
  for (const word of words) {
    const [, name = '', value] = /^--?([a-z]+)(?:=(.*))?$/.exec(word) ?? [];
    const flag = name === '' ? undefined : flags[name]?.(value);
    if (flag !== undefined && packages.length === 0) {
      Object.assign(fields, flag);
    } else if (packagePattern.test(word)) {
      packages.push(word);
    } else {
      return undefined;
    }
  }
  return { ...fields, packages: packages.length === 0 ? ['.'] : packages };
}

const expected =
  'a command such as go test ./... with the flags -run=…, -skip=…, -short, -race, -shuffle=on and -timeout=10m before the packages, or { packages: [./...], timeout: 10m }';

const commandField = z.string().transform((text, context): Fields => {
  const fields = parseTestCommand(text);
  if (fields === undefined || !fieldsSchema.safeParse(fields).success) {
    context.addIssue({ code: 'custom', message: expected });
    return z.NEVER;
  }
  return fields;
});

/** The tests that the build runs before there is an image. */
export const testSchema = z
  .union([commandField.pipe(fieldsSchema), fieldsSchema], { error: expected })
  .optional()
  .describe(
    'Run these tests before the image is built: `go test ./...`, or its fields. They have no network and no credentials. A failed test stops the build.',
  );

export type TestField = z.output<typeof fieldsSchema>;

/** The time limit of all tests, in seconds. */
export function testTimeoutSeconds({ timeout }: TestField): number {
  return durationSeconds(timeout);
}
