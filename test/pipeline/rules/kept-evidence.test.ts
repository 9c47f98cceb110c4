import { keptEvidence } from '../../../lib/pipeline/rules/kept-evidence';
import { checkRule, resource } from './check-rule';

checkRule(keptEvidence, {
  passes: {
    'a key that is kept': resource('AWS::KMS::Key', {}, { DeletionPolicy: 'Retain' }),
    'a cache that goes': resource(
      'AWS::ECR::Repository',
      { RepositoryName: 'acme/cache/hello' },
      { DeletionPolicy: 'Delete' },
    ),
    'a project that goes': resource('AWS::CodeBuild::Project', {}),
  },
  finds: {
    'images that go with their stack': [resource('AWS::ECR::Repository', { RepositoryName: 'acme/hello' }), 'Delete'],
    'a log that goes with its stack': [
      resource('AWS::Logs::LogGroup', {}, { DeletionPolicy: 'Delete' }),
      'AWS::Logs::LogGroup',
    ],
  },
});
