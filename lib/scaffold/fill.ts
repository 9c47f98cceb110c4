import { InputError } from '../process/input-error';

/** A text by its path, below the folder that will hold it. */
export type Files = ReadonlyMap<string, string>;

/** What stands for `__NAME__` in a template. */
export type Values = Readonly<Record<string, Value>>;

export interface Value {
  readonly text: string;
  /** Nobody gave it: a stand-in, which has to be replaced before anything is deployed. */
  readonly assumed?: boolean;
}

/** A place where a stand-in was written. */
export interface OpenPlace {
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  /** What belongs there. */
  readonly what: string;
}

const placeholder = /__([A-Z][A-Z_]*[A-Z])__/g;
const note = /[ \t]*# REPLACE: (.*)$/;

/**
 * Fills a template. A line that ends in `# REPLACE: <what>` keeps that note only while its value is a stand-in.
 * @throws InputError for a placeholder without a value
 */
export function fill(template: Files, values: Values): { readonly files: Files; readonly open: readonly OpenPlace[] } {
  const open: OpenPlace[] = [];
  const files = new Map<string, string>();
  for (const [path, text] of template) {
    const file = fillText(path, path, values);
    const lines = text.split('\n').map((line, index) => {
      const what = note.exec(line)?.[1];
      if (what === undefined) {
        return fillText(line, path, values);
      }
      if (namesIn(line).some((name) => values[name]?.assumed === true)) {
        open.push({ file, line: index + 1, what });
        return fillText(line, path, values);
      }
      return fillText(line.replace(note, ''), path, values);
    });
    files.set(file, lines.join('\n'));
  }
  return { files, open };
}

function namesIn(text: string): readonly string[] {
  return [...text.matchAll(placeholder)].map(([, name = '']) => name);
}

function fillText(text: string, path: string, values: Values): string {
  return text.replace(placeholder, (whole, name: string) => {
    const value = values[name];
    if (value === undefined) {
      throw new InputError(`the template ${path} asks for ${whole}, which nobody gives`);
    }
    return value.text;
  });
}
