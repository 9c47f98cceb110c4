/** A word of a command: literal text, or a reference to an environment variable (optionally with a path behind it). */
export type Word = string | { readonly variable: string; readonly path?: string };

/** `"$NAME/path"`: the value of a variable as one word, whatever it holds. */
export function variable(name: string, path?: string): Word {
  return path === undefined ? { variable: name } : { variable: name, path };
}

const variableName = /^[A-Za-z_][A-Za-z0-9_]*$/;
const plainWord = /^[A-Za-z0-9_@%+=:,./-]+$/;

/**
 * One shell command out of an argv. Nothing in it is ever split, expanded or run by the shell but the named variables, each inside double quotes.
 * @throws Error for a variable name or a literal that can't be written safely
 */
export function command(argv: readonly Word[]): string {
  return argv.map(quote).join(' ');
}

function quote(word: Word): string {
  if (typeof word === 'string') {
    if (word.includes('\0') || word.includes('\n')) {
      throw new Error(`a command's word must be one line without NUL, got: ${JSON.stringify(word)}`);
    }
    return plainWord.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
  }
  if (!variableName.test(word.variable)) {
    throw new Error(`a variable's name must be letters, digits and "_", got: ${JSON.stringify(word.variable)}`);
  }
  if (word.path !== undefined && !plainWord.test(word.path)) {
    throw new Error(`a path behind a variable must be plain, got: ${JSON.stringify(word.path)}`);
  }
  return `"$${word.variable}${word.path === undefined ? '' : `/${word.path}`}"`;
}

/** One thing that a project does: run a program, or take a one-line file of `.bowline/exports` into the environment. */
export type Step = { readonly run: readonly Word[] } | { readonly read: string };

/** What a project runs. */
export interface Steps {
  readonly steps: readonly Step[];
  /** What becomes pipeline variables: read once the steps are done. */
  readonly exports: readonly string[];
  /** Folder that becomes the output artifact, if there is one. */
  readonly output?: string;
}

/** Where a verb puts its record, and its one-line files, in the working directory of a build. */
export const workDirectory = '.bowline';
export const releaseDirectory = `${workDirectory}/release`;
export const exportsDirectory = `${workDirectory}/exports`;

/** A buildspec, version 0.2 (one shell for all commands, https://docs.aws.amazon.com/codebuild/latest/userguide/build-spec-ref.html). */
export function buildspec({ steps, exports, output }: Steps): Record<string, unknown> {
  const all: readonly Step[] = [...steps, ...exports.map((read) => ({ read }))];
  return {
    version: '0.2',
    env: { shell: 'bash', 'exported-variables': [...exports] },
    phases: { build: { commands: all.flatMap((step) => ('run' in step ? [command(step.run)] : reading(step.read))) } },
    ...(output === undefined ? {} : { artifacts: { 'base-directory': output, files: ['**/*'] } }),
  };
}

/** Fails when the file is not there, or holds no whole line. */
function reading(name: string): readonly string[] {
  if (!/^[A-Z][A-Z0-9_]*$/.test(name)) {
    throw new Error(`an exported variable must be in capitals, got: ${JSON.stringify(name)}`);
  }
  return [`read -r ${name} < ${exportsDirectory}/${name}`, `export ${name}`];
}
