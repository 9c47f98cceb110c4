import { checkFile } from '../parse/checked-file';
import type { CatalogFile } from '../parse/document';
import type { Readable } from '../parse/partial-parse';
import type { CatalogProblem } from '../parse/problem';
import { type AcceptedRisk, acceptedRisksSchema } from '../schema/accepted-risks';
import { repeated } from './duplicates';
import { type Finding, problemsFrom } from './finding';
import { type Names, unknownName } from './names';

type ReadableRisk = Readable<AcceptedRisk> | undefined;

/** Reads `accepted-risks.yaml`; a catalog without one accepts nothing. */
export function readAcceptedRisks(
  file: CatalogFile | undefined,
  services: Names,
): { readonly risks: readonly AcceptedRisk[]; readonly problems: readonly CatalogProblem[] } {
  if (file === undefined) {
    return { risks: [], problems: [] };
  }
  const checked = checkFile(file, acceptedRisksSchema);
  const listed = checked.readable?.risks ?? [];
  return {
    risks: checked.value?.risks ?? [],
    problems: [
      ...checked.problems,
      ...problemsFrom(checked, [
        ...risksTwice(listed),
        ...listed.flatMap((risk, index) => ofUnknownService(risk, index, services)),
      ]),
    ],
  };
}

function risksTwice(risks: readonly ReadableRisk[]): readonly Finding[] {
  const keys = risks.map((risk) =>
    risk?.id === undefined || risk.package === undefined
      ? undefined
      : JSON.stringify([risk.id, risk.package, risk.service ?? '']),
  );
  return repeated(keys).map((index) => ({
    code: 'duplicate-risk',
    path: ['risks', index, 'id'],
    expected: 'every risk once, or two could say different days',
    restsOn: [['risks', index, 'service']],
  }));
}

function ofUnknownService(risk: ReadableRisk, index: number, services: Names): readonly Finding[] {
  const unknown = risk?.service === undefined ? undefined : unknownName(risk.service, services);
  return unknown === undefined
    ? []
    : [
        {
          code: 'unknown-service',
          path: ['risks', index, 'service'],
          expected: 'a service of the catalog',
          ...unknown,
        },
      ];
}
