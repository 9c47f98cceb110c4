import { z } from 'zod';
import { nameField } from './fields';

const acceptedRiskSchema = z
  .strictObject({
    id: z
      .string()
      .regex(
        /^[A-Z][A-Za-z0-9]*(?:[-_][A-Za-z0-9]+)+$/,
        'an advisory such as CVE-2024-45338, GHSA-… or GO-2024-3333, or a check such as CKV_K8S_11 or KSV-0011',
      )
      .describe('The advisory, or the check of a configuration, by any of its names.'),
    package: z
      .string()
      .min(1, 'the package or the file that it is accepted for')
      .describe('The package that it is accepted for; of a configuration, the file, such as deployment.yaml.'),
    service: nameField.optional().describe('The one service that it is accepted for. Default: all.'),
    reason: z
      .string()
      .min(10, 'a reason that a reviewer understands, of at least 10 characters')
      .describe('Why it is no danger here.'),
    owner: z.string().min(1, 'who answers for it').describe('Who answers for it.'),
    expires: z.iso.date('a day such as 2027-01-31').describe('The last day on which it is accepted.'),
  })
  .describe('One finding that is known and taken for a time.');

/** `catalog/accepted-risks.yaml`: findings of the scanners that are known and taken for a time. */
export const acceptedRisksSchema = z
  .strictObject({
    version: z.literal(1, { error: '1, the version of this format' }).describe('The version of this format.'),
    risks: z.array(acceptedRiskSchema).describe('Each with its reason, its owner and its last day.'),
  })
  .meta({
    title: 'Bowline accepted risks',
    description: 'Findings of the scanners that are known and taken for a time.',
  });

export type AcceptedRisk = z.output<typeof acceptedRiskSchema>;
