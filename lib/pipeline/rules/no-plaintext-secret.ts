import { list, member, type Rule } from './rule';

const secretName = /(?:PASSWORD|PASSWD|TOKEN|SECRET|SECRET_KEY|PRIVATE_KEY|API_KEY)$/i;
const secretValue =
  /-----BEGIN|\bAKIA[0-9A-Z]{16}\b|\bgh[pousr]_[A-Za-z0-9]{20,}|\bxox[abp]-|:\/\/[^/\s:@]+:[^/\s:@]+@|\{\{resolve:(?:secretsmanager|ssm-secure):/;

export const noPlaintextSecret: Rule = {
  id: 'no-plaintext-secret',
  title: 'No secret stands in an environment variable',
  why: 'Plain variables are in the template, in the console and in every log of the API. A verb takes the name of a secret, and reads it when it needs it.',
  check: (resources) =>
    Object.entries(resources).flatMap(([resource, { Type, Properties }]) => {
      const variables = variablesOf(Type, Properties);
      return variables === undefined
        ? [{ resource, message: 'has variables that nobody can read before they are deployed' }]
        : variables
            .filter(
              ({ type, name, value }) => type === 'PLAINTEXT' && (secretName.test(name) || secretValue.test(value)),
            )
            .map(({ name }) => ({ resource, message: `${name} is plain text` }));
    }),
};

interface Variable {
  readonly type: string;
  readonly name: string;
  readonly value: string;
}

/** Undefined where they can't be told. */
function variablesOf(type: string, properties: unknown): readonly Variable[] | undefined {
  switch (type) {
    case 'AWS::CodeBuild::Project':
      return list(member(properties, 'Environment', 'EnvironmentVariables')).map((variable) => ({
        type: String(member(variable, 'Type') ?? 'PLAINTEXT'),
        name: textOf(member(variable, 'Name')),
        value: textOf(member(variable, 'Value')),
      }));
    case 'AWS::CodePipeline::Pipeline': {
      const texts = list(member(properties, 'Stages'))
        .flatMap((stage) => list(member(stage, 'Actions')))
        .map((action) => member(action, 'Configuration', 'EnvironmentVariables'))
        .filter((variables) => variables !== undefined);
      const read = texts.map((text) => parsed(textOf(text)));
      return read.includes(undefined) ? undefined : read.flatMap((variables) => variables ?? []);
    }
    default:
      return [];
  }
}

function parsed(text: string): readonly Variable[] | undefined {
  try {
    return (JSON.parse(text) as readonly Partial<Variable>[]).map(({ type = 'PLAINTEXT', name, value }) => ({
      type,
      name: String(name),
      value: String(value),
    }));
  } catch {
    return undefined;
  }
}

/** The text of a value, as far as a template knows it: what CloudFormation puts in is a "?". */
function textOf(value: unknown): string {
  const join = member(value, 'Fn::Join');
  if (Array.isArray(join)) {
    const [separator, parts] = join as readonly unknown[];
    return list(parts).map(textOf).join(textOf(separator));
  }
  const sub = member(value, 'Fn::Sub');
  if (sub !== undefined) {
    return textOf(list(sub)[0]).replace(/\$\{[^!}][^}]*\}/g, '?');
  }
  return typeof value === 'object' && value !== null ? '?' : String(value);
}
