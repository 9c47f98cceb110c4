import type { z } from 'zod';
import { type CatalogDocument, type CatalogFile, readDocument } from './document';
import { isAtOrBelow, type Path } from './field-path';
import { type PartiallyParsed, parsePartially } from './partial-parse';
import type { CatalogProblem } from './problem';
import { schemaProblems } from './schema-problems';

/** A catalog file and the result of checking it against its schema. */
export interface CheckedFile<Value> {
  readonly file: string;
  readonly document: CatalogDocument;
  /** YAML and schema errors. */
  readonly problems: readonly CatalogProblem[];
  /** Only present if there are no problems. */
  readonly value?: Value;
  /** The valid fields, even if other fields are invalid. Undefined if the file is not YAML. */
  readonly partial?: PartiallyParsed<Value>;
  /** Fields that may be set or not: they are invalid, duplicated, or their key is misspelled. Nothing may be concluded from their absence. */
  readonly uncertain: readonly Path[];
}

/** Parses a file and checks it against a schema. Reports all problems at once. */
export function checkFile<Schema extends z.ZodType>(file: CatalogFile, schema: Schema): CheckedFile<z.output<Schema>> {
  const { document, problems: yamlProblems } = readDocument(file);
  const checked = { file: file.file, document };
  if (document.value === undefined) {
    return { ...checked, problems: yamlProblems, uncertain: [[]] };
  }
  const result = schema.safeParse(document.value);
  if (result.success && yamlProblems.length === 0) {
    return {
      ...checked,
      problems: [],
      value: result.data,
      partial: result.data as PartiallyParsed<z.output<Schema>>,
      uncertain: [],
    };
  }
  const schemaResult = result.success
    ? { problems: [], uncertain: [] }
    : schemaProblems(result.error.issues, schema, document);
  return {
    ...checked,
    problems: [...yamlProblems, ...schemaResult.problems],
    partial: parsePartially(schema, document.value),
    uncertain: [...document.aliases, ...document.duplicates, ...schemaResult.uncertain],
  };
}

/** Whether the value of a field, or its absence, is uncertain. */
export function isUncertain({ uncertain }: Pick<CheckedFile<unknown>, 'uncertain'>, path: Path): boolean {
  return uncertain.some((field) => isAtOrBelow(path, field));
}

/** Whether a field contains an uncertain field. */
export function containsUncertain({ uncertain }: Pick<CheckedFile<unknown>, 'uncertain'>, path: Path): boolean {
  return uncertain.some((field) => isAtOrBelow(field, path));
}
