import { checkFile } from '../parse/check-file';
import type { CatalogFile } from '../parse/document';
import type { PartiallyParsed } from '../parse/partial-parse';
import type { CatalogProblem } from '../parse/problem';
import { latestExpiry } from '../risk-expiry';
import { type AcceptedRisk, acceptedRisksSchema } from '../schema/accepted-risks';
import { findDuplicates } from './duplicates';
import { type Finding, toProblems } from './finding';
import { findUnknownName, type Names } from './names';

type PartialRisk = PartiallyParsed<AcceptedRisk> | undefined;

/** What the risks are checked against. */
export interface RiskConstraints {
  readonly services: Names;
  /** `findings.riskMaxDuration` of the platform, if it is known. */
  readonly maxDuration: string | undefined;
  readonly today: Date;
}

/** Reads `accepted-risks.yaml`. Without the file, no risk is accepted. */
export function readAcceptedRisks(
  file: CatalogFile | undefined,
  { services, maxDuration, today }: RiskConstraints,
): { readonly risks: readonly AcceptedRisk[]; readonly problems: readonly CatalogProblem[] } {
  if (file === undefined) {
    return { risks: [], problems: [] };
  }
  const checked = checkFile(file, acceptedRisksSchema);
  const risks = checked.partial?.risks ?? [];
  return {
    risks: checked.value?.risks ?? [],
    problems: [
      ...checked.problems,
      ...toProblems(checked, [
        ...findDuplicateRisks(risks),
        ...risks.flatMap((risk, index) => findUnknownService(risk, index, services)),
        ...(maxDuration === undefined ? [] : findLongRisks(risks, maxDuration, today)),
      ]),
    ],
  };
}

function findDuplicateRisks(risks: readonly PartialRisk[]): readonly Finding[] {
  const keys = risks.map((risk) =>
    risk?.id === undefined || risk.package === undefined
      ? undefined
      : JSON.stringify([risk.id, risk.package, risk.service ?? '']),
  );
  return findDuplicates(keys).map((index) => ({
    code: 'duplicate-risk',
    path: ['risks', index, 'id'],
    expected: 'each risk only once: two entries could have different expiry dates',
    dependsOn: [['risks', index, 'service']],
  }));
}

function findUnknownService(risk: PartialRisk, index: number, services: Names): readonly Finding[] {
  const unknown = risk?.service === undefined ? undefined : findUnknownName(risk.service, services);
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

/** A valid file stays valid: the latest day moves with the date. */
function findLongRisks(risks: readonly PartialRisk[], maxDuration: string, today: Date): readonly Finding[] {
  const latest = latestExpiry(maxDuration, today);
  return risks.flatMap((risk, index) =>
    risk?.expires === undefined || risk.expires <= latest
      ? []
      : [
          {
            code: 'risk-too-long',
            path: ['risks', index, 'expires'],
            expected: `a day until ${latest}, because findings.riskMaxDuration is ${maxDuration}`,
          },
        ],
  );
}
