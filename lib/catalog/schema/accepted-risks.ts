import { z } from 'zod';
import { nameField } from './fields';

const acceptedRiskSchema = z
  .strictObject({
    id: z
      .string()
      .regex(
        /^[A-Z][A-Za-z0-9]*(?:[-_][A-Za-z0-9]+)+$/,
        'an advisory, such as CVE-2024-45338, GHSA-… or GO-2024-3333, or a configuration check, such as CKV_K8S_11 or KSV-0011',
      )
      .describe('The advisory or the configuration check, by any of its identifiers.'),
    package: z
      .string()
      .min(1, 'the package or the file that the risk is accepted for')
      .describe(
        'The package that the risk is accepted for. For a configuration check, the file, such as deployment.yaml.',
      ),
    service: nameField.optional().describe('The only service that the risk is accepted for. Default: all services.'),
    reason: z
      .string()
      .min(10, 'a reason of at least 10 characters that a reviewer understands')
      .describe('Why the risk is acceptable.'),
    owner: z
      .string()
      .min(1, 'the person or the team that owns the risk')
      .describe('The person or the team that owns the risk.'),
    expires: z.iso.date('a date, such as 2027-01-31').describe('The last day on which the risk is accepted.'),
  })
  .describe('A finding that is accepted until a given date.');

/** `catalog/accepted-risks.yaml`: scanner findings that are accepted until a given date. */
export const acceptedRisksSchema = z
  .strictObject({
    version: z.literal(1, { error: '1, the version of this format' }).describe('The version of the file format.'),
    risks: z.array(acceptedRiskSchema).describe('The accepted findings, each with its reason, owner and expiry date.'),
  })
  .meta({
    title: 'Bowline accepted risks',
    description: 'Scanner findings that are accepted until a given date.',
  });

export type AcceptedRisk = z.output<typeof acceptedRiskSchema>;
