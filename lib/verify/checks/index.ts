import type { Check } from '../check';
import { databaseAgeCheck, databaseOriginCheck, scannersCheck } from './databases';
import { findingsCheck } from './findings';
import { commitCheck, platformsCheck, repositoryCheck, sourceCheck } from './identity';
import { imageCheck } from './image';
import { provenanceCheck } from './provenance';
import { sbomsCheck } from './sboms';
import { serviceCheck, signatureCheck, verdictServiceCheck } from './signature';
import { laterVerdictCheck, outcomeCheck, recordCheck, signedVerdictCheck, verdictAgeCheck } from './verdict';

export { platformDifference } from './identity';

/** All checks. The code of the first one that fails is the code of the rejection. */
export const allChecks: readonly Check[] = [
  imageCheck,
  repositoryCheck,
  signatureCheck,
  serviceCheck,
  signedVerdictCheck,
  recordCheck,
  verdictServiceCheck,
  platformsCheck,
  sourceCheck,
  commitCheck,
  outcomeCheck,
  verdictAgeCheck,
  databaseOriginCheck,
  databaseAgeCheck,
  scannersCheck,
  findingsCheck,
  laterVerdictCheck,
  sbomsCheck,
  provenanceCheck,
];

/**
 * What must be true of a release that runs, so that its SBOMs and its verdict can be believed. What calls a vulnerable function is known from the verdict
 * alone, so it must be one that passed, by every scanner. Ages, sources and builders do not matter: they decided whether it was released, and the catalog
 * may have changed since.
 */
export const runningChecks: readonly Check[] = [
  imageCheck,
  repositoryCheck,
  signatureCheck,
  serviceCheck,
  signedVerdictCheck,
  verdictServiceCheck,
  platformsCheck,
  outcomeCheck,
  databaseOriginCheck,
  scannersCheck,
  laterVerdictCheck,
  sbomsCheck,
];
