import { keptEvidence } from '../../../../lib/pipeline/rules/definitions/kept-evidence';
import { checkRule, resource } from '../check-rule';

checkRule(keptEvidence, {
  passes: {
    'a retained key': resource('AWS::KMS::Key', {}, { DeletionPolicy: 'Retain' }),
    'a deleted cache': resource(
      'AWS::ECR::Repository',
      { RepositoryName: 'acme/cache/hello' },
      { DeletionPolicy: 'Delete' },
    ),
    'a deleted project': resource('AWS::CodeBuild::Project', {}),
  },
  finds: {
    'images that are deleted with their stack': [
      resource('AWS::ECR::Repository', { RepositoryName: 'acme/hello' }),
      'Delete',
    ],
    'a log that is deleted with its stack': [
      resource('AWS::Logs::LogGroup', {}, { DeletionPolicy: 'Delete' }),
      'AWS::Logs::LogGroup',
    ],
  },
});
