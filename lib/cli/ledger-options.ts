import { type Command, Option } from 'commander';
import type { LedgerLocation } from '../ledger';
import { catalogOption, given, jsonOption } from './catalog-option';

/** What the commands of the ledger take. */
export interface LedgerOptions {
  readonly catalog: string;
  readonly json: boolean;
  readonly ledger?: string;
  readonly branch?: string;
  readonly env: string;
}

/** `--ledger`, `--branch`, `--catalog`, `--json`. */
export function withLedgerOptions(command: Command): Command {
  return command
    .addOption(
      given('--ledger <repository>', 'BOWLINE_LEDGER', "git URL or path of the ledger (default: the catalog's)"),
    )
    .addOption(given('--branch <name>', 'BOWLINE_LEDGER_BRANCH', "its branch (default: the catalog's, or main)"))
    .addOption(catalogOption())
    .addOption(jsonOption());
}

export function environmentOption(): Option {
  return new Option('--env <environment>', 'the environment').env('BOWLINE_ENVIRONMENT').makeOptionMandatory();
}

export const wantsJson = (...words: readonly unknown[]): boolean => (words.at(-2) as LedgerOptions).json;

/** The ledger that was named, or the one of the catalog; with a ledger named, no catalog is needed. */
export async function chosenLedger(options: LedgerOptions): Promise<LedgerLocation> {
  const { ledgerLocation } = await import('./ledger-location');
  if (options.ledger !== undefined) {
    return ledgerLocation(options.ledger, options.branch);
  }
  const { loadCatalog } = await import('../catalog');
  const { ledger } = loadCatalog(options.catalog).platform;
  return ledgerLocation(ledger.repository, options.branch ?? ledger.branch);
}
