import type { z } from 'zod';
import { type CatalogDocument, type CatalogFile, readDocument } from './document';
import { isAtOrBelow, type Path } from './field-path';
import { type PartiallyParsed, parsePartially } from './partial-parse';
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
  readonly partial?: PartiallyParsed<Value>;
  /** Fields of which neither value nor absence can be told: they are wrong, their key is misspelt, or they are said twice. */
  readonly uncertain: readonly Path[];
}

/** Reads a file and holds it against a schema. All problems come at once. */
export function checkFile<Schema extends z.ZodType>(file: CatalogFile, schema: Schema): CheckedFile<z.output<Schema>> {
  const { document, problems: problemsOfYaml } = readDocument(file);
  const checked = { file: file.file, document };
  if (document.value === undefined) {
    return { ...checked, problems: problemsOfYaml, uncertain: [[]] };
  }
  const result = schema.safeParse(document.value);
  if (result.success && problemsOfYaml.length === 0) {
    return {
      ...checked,
      problems: [],
      value: result.data,
      partial: result.data as PartiallyParsed<z.output<Schema>>,
      uncertain: [],
    };
  }
  const form = result.success ? { problems: [], uncertain: [] } : schemaProblems(result.error.issues, schema, document);
  return {
    ...checked,
    problems: [...problemsOfYaml, ...form.problems],
    partial: parsePartially(schema, document.value),
    uncertain: [...document.unread, ...document.duplicated, ...form.uncertain],
  };
}

/** Whether what a field says, or that it says nothing, can not be told. */
export function isUncertain({ uncertain }: Pick<CheckedFile<unknown>, 'uncertain'>, path: Path): boolean {
  return uncertain.some((doubt) => isAtOrBelow(path, doubt));
}

/** Whether that can not be told of something inside of a field. */
export function containsUncertain({ uncertain }: Pick<CheckedFile<unknown>, 'uncertain'>, path: Path): boolean {
  return uncertain.some((doubt) => isAtOrBelow(doubt, path));
}
