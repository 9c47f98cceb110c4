import { noPlaintextSecret } from '../../../../lib/pipeline/rules/definitions/no-plaintext-secret';
import { checkRule, resource } from '../check-rule';

const project = (Name: string, Value: string, Type?: string) =>
  resource('AWS::CodeBuild::Project', { Environment: { EnvironmentVariables: [{ Name, Value, Type }] } });
const pipeline = (name: string, value: string, type = 'PLAINTEXT') =>
  resource('AWS::CodePipeline::Pipeline', {
    Stages: [{ Actions: [{ Configuration: { EnvironmentVariables: JSON.stringify([{ name, value, type }]) } }, {}] }],
  });

const joined = (EnvironmentVariables: unknown) =>
  resource('AWS::CodePipeline::Pipeline', { Stages: [{ Actions: [{ Configuration: { EnvironmentVariables } }] }] });
const around = (name: string, type = 'PLAINTEXT') => ({
  'Fn::Join': ['', [`[{"name":"${name}","type":"${type}","value":"`, { Ref: 'Bucket' }, '"}]']],
});

checkRule(noPlaintextSecret, {
  passes: {
    'the name of a secret': pipeline('BOWLINE_LEDGER_CREDENTIAL', '{"kind":"github-app","secret":"acme/github-app"}'),
    'a variable from Secrets Manager': project('GIT_TOKEN', 'acme/git', 'SECRETS_MANAGER'),
    'an address with a user name and no password': pipeline('BOWLINE_LEDGER', 'ssh://git@example.com/acme/ledger.git'),
    'variables that CloudFormation completes': joined(around('BOWLINE_BINARIES')),
    'a secret beside a value that CloudFormation inserts': joined(around('GIT_TOKEN', 'SECRETS_MANAGER')),
  },
  finds: {
    'a token among variables that CloudFormation completes': [joined(around('GIT_TOKEN')), 'GIT_TOKEN is plain text'],
    'a token in a substitution': [
      // biome-ignore lint/suspicious/noTemplateCurlyInString: CloudFormation's own placeholder
      joined({ 'Fn::Sub': '[{"name":"GIT_TOKEN","value":"${Secret}"}]' }),
      'GIT_TOKEN is plain text',
    ],
    'variables that are unknown before the deployment': [
      joined({ 'Fn::ImportValue': 'x' }),
      'unknown before the deployment',
    ],
    'a token with a lowercase name': [project('npm_token', 'x'), 'npm_token is plain text'],
    'a secret that CloudFormation would insert as plain text': [
      project('NOTE', '{{resolve:secretsmanager:acme/git:SecretString}}'),
      'NOTE is plain text',
    ],
    'a token in a project': [project('GIT_TOKEN', 'x'), 'GIT_TOKEN is plain text'],
    'a token in an action': [pipeline('NPM_TOKEN', 'x'), 'NPM_TOKEN'],
    'a password inside an address': [
      pipeline('BOWLINE_LEDGER', 'https://user:pass@example.com/x.git'),
      'BOWLINE_LEDGER',
    ],
    'a key under a harmless name': [project('NOTE', '-----BEGIN PRIVATE KEY-----'), 'NOTE'],
  },
});
