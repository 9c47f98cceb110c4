import { snippetsOf } from '../docs/snippets';

/** A command of the runbook. */
export interface RunbookCommand {
  /** Number of its step. */
  readonly step: number;
  /** 1-based line in the page. */
  readonly line: number;
  readonly words: readonly string[];
  /** The file that its output goes to. */
  readonly output?: string;
}

/** The commands of the numbered steps of docs/how-to/runbook.md, in the order of the page. */
export function runbookCommands(root: string): readonly RunbookCommand[] {
  return snippetsOf(root, 'docs/how-to/runbook.md').flatMap(({ heading, language, line, text }) => {
    const step = Number(/^([0-9]+) /.exec(heading)?.[1] ?? 0);
    return language === 'sh' && step > 0
      ? text.split('\n').map((command, index) => ({ step, line: line + index, ...parseCommand(command) }))
      : [];
  });
}

/** The words of a command line, and where its output goes. @throws Error for anything but plain and quoted words and one `>` */
export function parseCommand(command: string): Pick<RunbookCommand, 'words' | 'output'> {
  const word = /\s*(?:'([^']*)'|"([^"$`\\]*)"|([\w./:@=,+-]+)|(>))/y;
  const words: string[] = [];
  let output: string | undefined;
  let isOutput = false;
  while (word.lastIndex < command.trimEnd().length) {
    const at = word.lastIndex;
    const match = word.exec(command);
    if (match === null || (isOutput && output !== undefined)) {
      throw new Error(`the runbook has a command that this test cannot read: ${command.slice(at)} in ${command}`);
    }
    const text = match[1] ?? match[2] ?? match[3] ?? '';
    if (match[4] === '>') {
      isOutput = true;
    } else if (isOutput) {
      output = text;
    } else {
      words.push(text);
    }
  }
  return { words, ...(output === undefined ? {} : { output }) };
}
