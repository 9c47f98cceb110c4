import { forEach, member, type Rule } from './rule';

export const scanOnPush: Rule = {
  id: 'scan-on-push',
  title: 'Every repository is scanned on push',
  why: "The registry's own scanner is a second opinion that costs nothing, and goes on after the release.",
  check: forEach('AWS::ECR::Repository', ({ RepositoryName, ImageScanningConfiguration }) =>
    member(ImageScanningConfiguration, 'ScanOnPush') === true ? [] : [`${RepositoryName} is not`],
  ),
};
