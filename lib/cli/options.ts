import { type Command, Option } from 'commander';

/** `--catalog`: the folder `catalog` below the working directory, or BOWLINE_CATALOG. */
export function catalogOption(): Option {
  return new Option('--catalog <directory>', 'folder of platform.yaml and services/')
    .env('BOWLINE_CATALOG')
    .default('catalog');
}

/** `--json`: one JSON object on standard output. */
export function jsonOption(): Option {
  return new Option('--json', 'print one JSON object on standard output').default(false);
}

/** An option that a pipeline sets by an environment variable and a person by a flag. */
export function variableOption(flags: string, variable: string, description: string): Option {
  return new Option(flags, description).env(variable);
}

/** `--builder`: whose provenance is accepted. */
export function builderOption(): Option {
  return variableOption(
    '--builder <kind>',
    'BOWLINE_BUILDER',
    'who must have built the image: codebuild (the pipeline on AWS) or local (a local run)',
  )
    .choices(['codebuild', 'local'])
    .default('codebuild');
}

/** `--keys`: the folder of public keys. */
export function keysOption(): Option {
  return variableOption(
    '--keys <directory>',
    'BOWLINE_KEYS',
    "public keys, <class>.pub (default: the catalog's keys folder)",
  );
}

/** `--env`: the environment, mandatory. */
export function environmentOption(): Option {
  return new Option('--env <environment>', 'the environment').env('BOWLINE_ENVIRONMENT').makeOptionMandatory();
}

/** The options of every command that reads or writes the ledger. */
export interface LedgerOptions {
  readonly catalog: string;
  readonly json: boolean;
  readonly ledger?: string;
  readonly branch?: string;
  readonly env: string;
}

/** Adds `--ledger`, `--branch`, `--catalog` and `--json`. */
export function addLedgerOptions(command: Command): Command {
  return command
    .addOption(
      variableOption(
        '--ledger <repository>',
        'BOWLINE_LEDGER',
        "git URL or path of the ledger (default: the catalog's)",
      ),
    )
    .addOption(
      variableOption(
        '--branch <name>',
        'BOWLINE_LEDGER_BRANCH',
        "branch of the ledger (default: the catalog's, or main)",
      ),
    )
    .addOption(catalogOption())
    .addOption(jsonOption());
}

/** The exit codes of a command that passes a gate, for its help. */
export const gateExitCodes =
  'Exit codes: 0 passed, 1 inconclusive (a tool is missing or out of date, or failed), 2 a gate rejects, 3 bad configuration or input, 64 usage.';
