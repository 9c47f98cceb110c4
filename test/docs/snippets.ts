import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A fenced block of a page, with its language and where it stands. */
export interface Snippet {
  readonly page: string;
  /** The nearest heading of level 2 above the block, without `## `. Empty if there is none. */
  readonly heading: string;
  /** 1-based, of the first line inside of the fence. */
  readonly line: number;
  readonly language: string;
  readonly text: string;
}

/** Every Markdown page for users: README.md, CONTRIBUTING.md and docs/, without the decisions. */
export function pages(root: string): readonly string[] {
  const top = readdirSync(root).filter((name) => name.endsWith('.md'));
  const docs = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md') && !name.startsWith('adr/'))
    .map((name) => `docs/${name}`);
  return [...top, ...docs].sort();
}

export function snippetsOf(root: string, page: string): readonly Snippet[] {
  const lines = readFileSync(join(root, page), 'utf8').split('\n');
  const snippets: Snippet[] = [];
  let heading = '';
  let open: { readonly line: number; readonly language: string } | undefined;
  lines.forEach((text, index) => {
    if (!open && text.startsWith('## ')) {
      heading = text.slice(3).trim();
    }
    const fence = /^\s*```(\w*)/.exec(text);
    if (!fence) {
      return;
    }
    if (open) {
      snippets.push({ page, heading, ...open, text: lines.slice(open.line - 1, index).join('\n') });
      open = undefined;
    } else {
      open = { line: index + 2, language: fence[1] ?? '' };
    }
  });
  return snippets;
}
