import { checkFile } from './parse/check-file';
import type { CatalogFile } from './parse/document';
import { CatalogError, type CatalogProblem } from './parse/problem';
import type { AcceptedRisk } from './schema/accepted-risks';
import { type Platform, platformSchema } from './schema/platform';
import { type Service, serviceSchema } from './schema/service';
import { readAcceptedRisks } from './validate/accepted-risks';
import { findSharedArgocdNames } from './validate/argocd-names';
import { findSharedArtifactPrefixes } from './validate/artifact-prefixes';
import { platformConstraints } from './validate/constraints';
import { toProblems } from './validate/finding';
import { validatePeers } from './validate/peers';
import { validatePlatform } from './validate/platform';
import { findPlatformNamespaces } from './validate/platform-namespaces';
import { findRenderedNameProblems } from './validate/rendered-names';
import { findSharedModuleSecrets } from './validate/service/modules';
import { validateService } from './validate/service/service';
import { validateSettings } from './validate/service/settings';
import { findDuplicateServices, serviceNames } from './validate/service-names';

/** A platform and its services, validated together. */
export interface Catalog {
  readonly platform: Platform;
  /** Sorted by name. */
  readonly services: readonly Service[];
  /** Findings that are accepted until a given date. Default: none. */
  readonly acceptedRisks?: readonly AcceptedRisk[];
}

/** The catalog if it is valid, otherwise every problem of every file, sorted by position. */
export type CatalogResult =
  | { readonly ok: true; readonly catalog: Catalog }
  | { readonly ok: false; readonly problems: readonly CatalogProblem[] };

/**
 * Parses a catalog from the texts of its files. An error in one field does not prevent checks across the other fields.
 * @param risksFile accepted-risks.yaml, if the catalog has one
 * @param today the expiry of accepted risks depends on it
 */
export function parseCatalog(
  platformFile: CatalogFile,
  serviceFiles: readonly CatalogFile[],
  risksFile?: CatalogFile,
  today = new Date(),
): CatalogResult {
  const platform = checkFile(platformFile, platformSchema);
  const services = serviceFiles.map((file) => ({ file, checked: checkFile(file, serviceSchema) }));
  const constraints = platformConstraints(platform);
  const names = serviceNames(services);
  const accepted = readAcceptedRisks(risksFile, {
    services: names,
    maxDuration: platform.value?.findings.riskMaxDuration,
    today,
  });
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
    ...findSharedArtifactPrefixes(platform, services),
    ...findRenderedNameProblems(platform, services),
    ...findPlatformNamespaces(platform, services),
    ...findSharedArgocdNames(platform, services),
    ...findSharedModuleSecrets(services),
    ...accepted.problems,
  ];
  if (problems.length > 0 || !platform.value) {
    return { ok: false, problems: sortByPosition(problems) };
  }
  const validServices = services.flatMap(({ checked }) => (checked.value ? [checked.value] : []));
  return {
    ok: true,
    catalog: {
      platform: platform.value,
      services: validServices.sort((a, b) => (a.name < b.name ? -1 : 1)),
      acceptedRisks: accepted.risks,
    },
  };
}

/** Like {@link parseCatalog}. @throws CatalogError that contains all problems */
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

function sortByPosition(problems: readonly CatalogProblem[]): readonly CatalogProblem[] {
  return [...problems].sort((a, b) =>
    a.file === b.file ? a.line - b.line || a.column - b.column : a.file < b.file ? -1 : 1,
  );
}
