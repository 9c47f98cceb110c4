import { pages, type Snippet, snippetsOf } from './snippets';

/** A section of a page that test/docs/how-to-add.test.ts applies, step by step, to a copy of the checkout. */
export interface Walkthrough {
  readonly page: string;
  /** The heading, without `## `. */
  readonly heading: string;
}

export const manifestRule: Walkthrough = { page: 'CONTRIBUTING.md', heading: 'How to add a manifest rule' };
export const catalogField: Walkthrough = { page: 'CONTRIBUTING.md', heading: 'How to add a catalog field' };

const walkthroughs: readonly Walkthrough[] = [manifestRule, catalogField];

/** What a fenced block asks for. `line` is where the block stands in its page. */
export type Step =
  | { readonly kind: 'write'; readonly line: number; readonly path: string; readonly text: string }
  | { readonly kind: 'edit'; readonly line: number; readonly diff: string }
  | { readonly kind: 'run'; readonly line: number; readonly command: string }
  | { readonly kind: 'output'; readonly line: number; readonly text: string };

/** The steps of a walkthrough in the order of the page. @throws Error for a block that is not a step */
export function stepsOf(root: string, walkthrough: Walkthrough): readonly Step[] {
  return snippetsOf(root, walkthrough.page).filter(isIn(walkthrough)).flatMap(parseSteps);
}

/** Whether a walkthrough test applies the block, so that the tests of single blocks leave it out. */
export function isStep(snippet: Snippet): boolean {
  return walkthroughs.some((walkthrough) => isIn(walkthrough)(snippet));
}

/** Walkthroughs whose heading no page has. */
export function missingWalkthroughs(root: string): readonly Walkthrough[] {
  const snippets = pages(root).flatMap((page) => snippetsOf(root, page));
  return walkthroughs.filter((walkthrough) => !snippets.some(isIn(walkthrough)));
}

function isIn({ page, heading }: Walkthrough): (snippet: Snippet) => boolean {
  return (snippet) => snippet.page === page && snippet.heading === heading;
}

function parseSteps({ page, language, line, text }: Snippet): readonly Step[] {
  switch (language) {
    case 'ts':
    case 'yaml': {
      // The first line names the file and is not part of it.
      const [first = '', ...rest] = text.split('\n');
      const path = /^(?:\/\/|#) (\w[\w./-]*\.(?:ts|yaml))$/.exec(first)?.[1];
      if (path === undefined || path.includes('..')) {
        throw new Error(`${page}:${line}: expected a comment with the path of the new file, found ${first}`);
      }
      return [{ kind: 'write', line, path, text: `${rest.join('\n')}\n` }];
    }
    case 'diff':
      return [{ kind: 'edit', line, diff: `${text}\n` }];
    case 'sh':
      return text.split('\n').map((command, index) => ({ kind: 'run', line: line + index, command }));
    case 'text':
      return [{ kind: 'output', line, text }];
    default:
      throw new Error(`${page}:${line}: a block of language ${language} is not a step`);
  }
}
