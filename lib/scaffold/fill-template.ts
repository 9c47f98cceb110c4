import { badInput } from '../errors';

/** File contents by path, relative to the folder that gets them. */
export type Files = ReadonlyMap<string, string>;

/** The values of a template's `__NAME__` placeholders. */
export type Values = Readonly<Record<string, Value>>;

export interface Value {
  readonly text: string;
  /** The value is a default that must be replaced before the first deployment. */
  readonly assumed?: boolean;
}

/** A line that holds an assumed value. */
export interface LineToReplace {
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  /** What to write there. */
  readonly what: string;
}

const placeholder = /__([A-Z][A-Z_]*[A-Z])__/g;
const replaceNote = /[ \t]*# REPLACE: (.*)$/;

/**
 * Fills a template. A line that ends in `# REPLACE: <what>` keeps that note only where its value is assumed.
 * @throws BowlineError `input` for a placeholder without a value
 */
export function fillTemplate(
  template: Files,
  values: Values,
): { readonly files: Files; readonly open: readonly LineToReplace[] } {
  const open: LineToReplace[] = [];
  const files = new Map<string, string>();
  for (const [path, text] of template) {
    const file = fillText(path, path, values);
    const lines = text.split('\n').map((line, index) => {
      const what = replaceNote.exec(line)?.[1];
      if (what === undefined) {
        return fillText(line, path, values);
      }
      if (placeholdersIn(line).some((name) => values[name]?.assumed === true)) {
        open.push({ file, line: index + 1, what });
        return fillText(line, path, values);
      }
      return fillText(line.replace(replaceNote, ''), path, values);
    });
    files.set(file, lines.join('\n'));
  }
  return { files, open };
}

function placeholdersIn(text: string): readonly string[] {
  return [...text.matchAll(placeholder)].map(([, name = '']) => name);
}

function fillText(text: string, path: string, values: Values): string {
  return text.replace(placeholder, (whole, name: string) => {
    const value = values[name];
    if (value === undefined) {
      throw badInput('input', `the template ${path} has the placeholder ${whole}, which has no value`);
    }
    return value.text;
  });
}
