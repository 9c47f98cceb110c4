import { type Finding, type Rule, readMember, toList } from '../rule';

const secretName = /(?:PASSWORD|PASSWD|TOKEN|SECRET|SECRET_KEY|PRIVATE_KEY|API_KEY)$/i;
const secretValue =
  /-----BEGIN|\bAKIA[0-9A-Z]{16}\b|\bgh[pousr]_[A-Za-z0-9]{20,}|\bxox[abp]-|:\/\/[^/\s:@]+:[^/\s:@]+@|\{\{resolve:(?:secretsmanager|ssm-secure):/;

export const noPlaintextSecret: Rule = {
  id: 'no-plaintext-secret',
  title: 'No environment variable contains a secret',
  why: 'The template, the console and the API logs show plain variables. A pipeline step gets the name of a secret, and reads the secret when it needs it.',
  check: (resources) => {
    const findings: Finding[] = [];
    for (const [resource, { Type, Properties }] of Object.entries(resources)) {
      const variables = readVariables(Type, Properties);
      if (variables === undefined) {
        findings.push({ resource, message: 'has environment variables that are unknown before the deployment' });
        continue;
      }
      for (const { type, name, value } of variables) {
        if (type === 'PLAINTEXT' && (secretName.test(name) || secretValue.test(value))) {
          findings.push({ resource, message: `${name} is plain text` });
        }
      }
    }
    return findings;
  },
};

interface Variable {
  readonly type: string;
  readonly name: string;
  readonly value: string;
}

/** Reads the environment variables of a resource. Returns undefined if the template does not show them. */
function readVariables(type: string, properties: unknown): readonly Variable[] | undefined {
  switch (type) {
    case 'AWS::CodeBuild::Project':
      return toList(readMember(properties, 'Environment', 'EnvironmentVariables')).map((variable) => ({
        type: String(readMember(variable, 'Type') ?? 'PLAINTEXT'),
        name: renderText(readMember(variable, 'Name')),
        value: renderText(readMember(variable, 'Value')),
      }));
    case 'AWS::CodePipeline::Pipeline':
      return readActionVariables(properties);
    default:
      return [];
  }
}

function readActionVariables(pipeline: unknown): readonly Variable[] | undefined {
  const variables: Variable[] = [];
  for (const stage of toList(readMember(pipeline, 'Stages'))) {
    for (const action of toList(readMember(stage, 'Actions'))) {
      const text = readMember(action, 'Configuration', 'EnvironmentVariables');
      if (text !== undefined) {
        const parsed = parseVariables(renderText(text));
        if (parsed === undefined) {
          return undefined;
        }
        variables.push(...parsed);
      }
    }
  }
  return variables;
}

function parseVariables(text: string): readonly Variable[] | undefined {
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

/** Renders the text of a template value. A part that CloudFormation inserts during the deployment becomes "?". */
function renderText(value: unknown): string {
  const join = readMember(value, 'Fn::Join');
  if (Array.isArray(join)) {
    const [separator, parts] = join as readonly unknown[];
    return toList(parts).map(renderText).join(renderText(separator));
  }
  const substitution = readMember(value, 'Fn::Sub');
  if (substitution !== undefined) {
    return renderText(toList(substitution)[0]).replace(/\$\{[^!}][^}]*\}/g, '?');
  }
  return typeof value === 'object' && value !== null ? '?' : String(value);
}
