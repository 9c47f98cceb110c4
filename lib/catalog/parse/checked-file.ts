import type { z } from 'zod';
import { type CatalogDocument, type CatalogFile, readDocument } from './document';
import { isAtOrBelow, type Path } from './field-path';
import { type Readable, readableOf } from './partial-parse';
import type { CatalogProblem } from './problem';
import { schemaProblems } from './schema-problems';

/** A file of the catalog, held against its schema. */
export interface CheckedFile<Value> {
  readonly file: string;
  readonly document: CatalogDocument;
  /** What is wrong with its form, each at its own line. */
  readonly problems: readonly CatalogProblem[];
  /** Only where nothing is wrong. */
  readonly value?: Value;
  /** Every field that is right, whatever is wrong beside it; undefined where nothing could be read. */
  readonly readable?: Readable<Value>;
  /** Fields of which neither value nor absence can be told: they are wrong, their key is misspelt, or they are said twice. */
  readonly doubts: readonly Path[];
}

/** Reads a file and holds it against a schema. All problems come at once. */
export function checkFile<Schema extends z.ZodType>(file: CatalogFile, schema: Schema): CheckedFile<z.output<Schema>> {
  const { document, problems: problemsOfYaml } = readDocument(file);
  const checked = { file: file.file, document };
  if (document.value === undefined) {
    return { ...checked, problems: problemsOfYaml, doubts: [[]] };
  }
  const result = schema.safeParse(document.value);
  if (result.success && problemsOfYaml.length === 0) {
    return {
      ...checked,
      problems: [],
      value: result.data,
      readable: result.data as Readable<z.output<Schema>>,
      doubts: [],
    };
  }
  const form = result.success ? { problems: [], doubts: [] } : schemaProblems(result.error.issues, schema, document);
  return {
    ...checked,
    problems: [...problemsOfYaml, ...form.problems],
    readable: readableOf(schema, document.value),
    doubts: [...document.unread, ...document.saidTwice, ...form.doubts],
  };
}

/** Whether what a field says, or that it says nothing, can not be told. */
export function isDoubtful({ doubts }: Pick<CheckedFile<unknown>, 'doubts'>, path: Path): boolean {
  return doubts.some((doubt) => isAtOrBelow(path, doubt));
}

/** Whether that can not be told of something inside of a field. */
export function hasDoubtInside({ doubts }: Pick<CheckedFile<unknown>, 'doubts'>, path: Path): boolean {
  return doubts.some((doubt) => isAtOrBelow(doubt, path));
}
