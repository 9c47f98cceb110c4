import { checkEach, type Rule, readMember } from '../rule';

export const scanOnPush: Rule = {
  id: 'scan-on-push',
  title: 'Every repository scans images on push',
  why: "The registry's own scanner is a free second opinion, and it continues after the release.",
  check: checkEach('AWS::ECR::Repository', ({ RepositoryName, ImageScanningConfiguration }) =>
    readMember(ImageScanningConfiguration, 'ScanOnPush') === true ? [] : [`${RepositoryName} does not scan on push`],
  ),
};
