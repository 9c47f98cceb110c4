import { checkFile } from './parse/check-file';
import type { CatalogFile } from './parse/document';
import { CatalogError, type CatalogProblem } from './parse/problem';
import type { AcceptedRisk } from './schema/accepted-risks';
import { type Platform, platformSchema } from './schema/platform';
import { type Service, serviceSchema } from './schema/service';
import { readAcceptedRisks } from './validate/accepted-risks';
import { platformConstraints } from './validate/constraints';
import { toProblems } from './validate/finding';
import { validatePeers } from './validate/peers';
import { validatePlatform } from './validate/platform';
import { validateService } from './validate/service';
import { findDuplicateServices, serviceNames } from './validate/service-names';
import { validateSettings } from './validate/settings';

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
  const constraints = platformConstraints(platform);
  const names = serviceNames(services);
  const accepted = readAcceptedRisks(risksFile, names);
  const problems = [
    ...platform.problems,
    ...toProblems(platform, validatePlatform(platform.partial ?? {}, constraints)),
    ...services.flatMap(({ checked }) => {
      const service = checked.partial ?? {};
      return [
        ...checked.problems,
        ...toProblems(checked, [
          ...validateService(service, constraints),
          ...validateSettings(checked),
          ...validatePeers(service, names),
        ]),
      ];
    }),
    ...findDuplicateServices(services),
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
