import { type AcceptedRisk, acceptedRisksSchema } from './accepted-risks-schema';
import { validateDocument } from './document';
import { nearMiss } from './near-miss';
import type { CatalogProblem } from './problem';

/**
 * Reads `accepted-risks.yaml`; a catalog without one accepts nothing.
 * @param services names of the catalog's services; not given where a service file is wrong, and nothing can be said of them
 */
export function readAcceptedRisks(
  file: { readonly file: string; readonly text: string } | undefined,
  services: readonly string[] | undefined,
): { readonly risks: readonly AcceptedRisk[]; readonly problems: readonly CatalogProblem[] } {
  if (file === undefined) {
    return { risks: [], problems: [] };
  }
  const { value, document, problems } = validateDocument(file.file, file.text, acceptedRisksSchema);
  const risks = value?.risks ?? [];
  const first = new Map<string, number>();
  const more = risks.flatMap((risk, index): readonly CatalogProblem[] => {
    const key = JSON.stringify([risk.id, risk.package, risk.service ?? '']);
    const before = first.get(key);
    first.set(key, before ?? index);
    const near = services === undefined ? undefined : nearMiss(risk.service ?? '', services);
    return [
      ...(before === undefined
        ? []
        : [
            document.problemAt(['risks', index, 'id'], {
              code: 'duplicate-risk',
              found: JSON.stringify(risk.id),
              expected: 'every risk once, or two could say different days',
            }),
          ]),
      ...(services === undefined || risk.service === undefined || services.includes(risk.service)
        ? []
        : [
            document.problemAt(['risks', index, 'service'], {
              code: 'unknown-service',
              found: JSON.stringify(risk.service),
              expected: 'a service of the catalog',
              ...(near === undefined ? {} : { nearMiss: near }),
            }),
          ]),
    ];
  });
  return { risks, problems: [...problems, ...more] };
}
