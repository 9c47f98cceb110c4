import { checkFile } from './parse/checked-file';
import type { CatalogFile } from './parse/document';
import { CatalogError, type CatalogProblem } from './parse/problem';
import type { AcceptedRisk } from './schema/accepted-risks';
import { type Platform, platformSchema } from './schema/platform';
import { type Service, serviceSchema } from './schema/service';
import { readAcceptedRisks } from './validate/accepted-risks';
import { platformConstraints } from './validate/constraints';
import { problemsFrom } from './validate/finding';
import { peerFindings } from './validate/peers';
import { platformFindings } from './validate/platform';
import { serviceFindings } from './validate/service';
import { serviceNames, servicesTwice } from './validate/service-names';
import { settingFindings } from './validate/settings';

/** A platform and its services, valid as a whole. */
export interface Catalog {
  readonly platform: Platform;
  /** In order of name. */
  readonly services: readonly Service[];
  /** Findings that are known and taken for a time. Default: none. */
  readonly acceptedRisks?: readonly AcceptedRisk[];
}

/** Everything that can be said about the files at once: the catalog if it is right, else every problem in order of place. */
export type CatalogResult =
  | { readonly ok: true; readonly catalog: Catalog }
  | { readonly ok: false; readonly problems: readonly CatalogProblem[] };

/**
 * Reads a catalog from the texts of its files. Pure. What a field means beside others is looked at also where other fields are wrong.
 * @param risksFile accepted-risks.yaml, where there is one
 */
export function parseCatalog(
  platformFile: CatalogFile,
  serviceFiles: readonly CatalogFile[],
  risksFile?: CatalogFile,
): CatalogResult {
  const platform = checkFile(platformFile, platformSchema);
  const services = serviceFiles.map((file) => ({ file, checked: checkFile(file, serviceSchema) }));
  const facts = platformConstraints(platform);
  const names = serviceNames(services);
  const accepted = readAcceptedRisks(risksFile, names);
  const problems = [
    ...platform.problems,
    ...problemsFrom(platform, platformFindings(platform.readable ?? {}, facts)),
    ...services.flatMap(({ checked }) => {
      const service = checked.readable ?? {};
      return [
        ...checked.problems,
        ...problemsFrom(checked, [
          ...serviceFindings(service, facts),
          ...settingFindings(checked),
          ...peerFindings(service, names),
        ]),
      ];
    }),
    ...servicesTwice(services),
    ...accepted.problems,
  ];
  if (problems.length > 0 || !platform.value) {
    return { ok: false, problems: inOrder(problems) };
  }
  const valid = services.flatMap(({ checked }) => (checked.value ? [checked.value] : []));
  return {
    ok: true,
    catalog: {
      platform: platform.value,
      services: valid.sort((a, b) => (a.name < b.name ? -1 : 1)),
      acceptedRisks: accepted.risks,
    },
  };
}

/** As {@link parseCatalog}. @throws CatalogError with all problems. */
export function requireCatalog(
  platformFile: CatalogFile,
  serviceFiles: readonly CatalogFile[],
  risksFile?: CatalogFile,
): Catalog {
  const result = parseCatalog(platformFile, serviceFiles, risksFile);
  if (!result.ok) {
    throw new CatalogError(result.problems);
  }
  return result.catalog;
}

function inOrder(problems: readonly CatalogProblem[]): readonly CatalogProblem[] {
  return [...problems].sort((a, b) =>
    a.file === b.file ? a.line - b.line || a.column - b.column : a.file < b.file ? -1 : 1,
  );
}
