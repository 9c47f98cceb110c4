import { list, member, type Rule } from './rule';

const secretName = /(?:PASSWORD|PASSWD|TOKEN|SECRET|SECRET_KEY|PRIVATE_KEY|API_KEY)$/;
const secretValue =
  /-----BEGIN|\bAKIA[0-9A-Z]{16}\b|\bgh[pousr]_[A-Za-z0-9]{20,}|\bxox[abp]-|:\/\/[^/\s:@]+:[^/\s:@]+@/;

export const noPlaintextSecret: Rule = {
  id: 'no-plaintext-secret',
  title: 'No secret stands in an environment variable',
  why: 'Plain variables are in the template, in the console and in every log of the API. A verb takes the name of a secret, and reads it when it needs it.',
  check: (resources) =>
    Object.entries(resources).flatMap(([resource, { Type, Properties }]) =>
      variablesOf(Type, Properties)
        .filter(({ type, name, value }) => type === 'PLAINTEXT' && (secretName.test(name) || secretValue.test(value)))
        .map(({ name }) => ({ resource, message: `${name} is plain text` })),
    ),
};

interface Variable {
  readonly type: string;
  readonly name: string;
  readonly value: string;
}

function variablesOf(type: string, properties: unknown): readonly Variable[] {
  switch (type) {
    case 'AWS::CodeBuild::Project':
      return list(member(properties, 'Environment', 'EnvironmentVariables')).map((variable) => ({
        type: String(member(variable, 'Type') ?? 'PLAINTEXT'),
        name: String(member(variable, 'Name')),
        value: String(member(variable, 'Value')),
      }));
    case 'AWS::CodePipeline::Pipeline':
      return list(member(properties, 'Stages')).flatMap((stage) =>
        list(member(stage, 'Actions')).flatMap((action) => {
          const text = member(action, 'Configuration', 'EnvironmentVariables');
          return typeof text === 'string' ? (JSON.parse(text) as Variable[]) : [];
        }),
      );
    default:
      return [];
  }
}
