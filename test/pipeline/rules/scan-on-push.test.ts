import { scanOnPush } from '../../../lib/pipeline/rules/scan-on-push';
import { checkRule, resource } from './check-rule';

const repository = (more: object) => resource('AWS::ECR::Repository', { RepositoryName: 'acme/hello', ...more });

checkRule(scanOnPush, {
  passes: { 'a scanned repository': repository({ ImageScanningConfiguration: { ScanOnPush: true } }) },
  finds: {
    'a repository that does not say': [repository({}), 'acme/hello is not'],
    'a repository that says no': [repository({ ImageScanningConfiguration: { ScanOnPush: false } }), 'is not'],
  },
});
