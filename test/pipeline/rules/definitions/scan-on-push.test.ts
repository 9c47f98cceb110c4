import { scanOnPush } from '../../../../lib/pipeline/rules/definitions/scan-on-push';
import { checkRule, resource } from '../check-rule';

const repository = (more: object) => resource('AWS::ECR::Repository', { RepositoryName: 'acme/hello', ...more });

checkRule(scanOnPush, {
  passes: { 'a scanned repository': repository({ ImageScanningConfiguration: { ScanOnPush: true } }) },
  finds: {
    'a repository without the setting': [repository({}), 'acme/hello does not scan on push'],
    'a repository that disables it': [
      repository({ ImageScanningConfiguration: { ScanOnPush: false } }),
      'does not scan on push',
    ],
  },
});
