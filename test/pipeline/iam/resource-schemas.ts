import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { toolPath } from '../../../lib/tools';

/** What CloudFormation's handlers of a resource type call, by action: which handlers do. */
export type HandlerCalls = ReadonlyMap<string, readonly string[]>;

/**
 * The calls of a resource type as its schema in CloudFormation's registry lists them, from the copy that cfn-lint ships: the handlers that a
 * deployment runs, and tagging, since CloudFormation tags resources by itself.
 * https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-schema.html
 * @returns undefined for a type whose schema has no handlers: CloudFormation has it from the time before the registry
 */
export function handlerCalls(type: string, region: string): HandlerCalls | undefined {
  const { handlers, tagging } = readSchema(type, region);
  if (handlers === undefined) {
    return undefined;
  }
  const calls = new Map<string, string[]>();
  const add = (handler: string, permissions: readonly string[] = []) => {
    for (const action of permissions) {
      calls.set(action, [...(calls.get(action) ?? []), handler]);
    }
  };
  for (const handler of ['create', 'read', 'update', 'delete']) {
    add(handler, handlers[handler]?.permissions);
  }
  add('tagging', tagging?.permissions);
  return calls;
}

interface ResourceSchema {
  readonly handlers?: Readonly<Record<string, { readonly permissions?: readonly string[] }>>;
  readonly tagging?: { readonly permissions?: readonly string[] };
}

function readSchema(type: string, region: string): ResourceSchema {
  const index = readJson(join('providers', `${region}.json`)) as Readonly<Record<string, string>>;
  const file = index[type];
  if (file === undefined) {
    throw new Error(`cfn-lint has no schema of ${type} in ${region}`);
  }
  return readJson(join('resources', `${file}.json`)) as ResourceSchema;
}

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(join(schemaDirectory(), path), 'utf8'));
}

function schemaDirectory(): string {
  const environment = dirname(dirname(toolPath('checkov')));
  // The version of Python is that of the machine.
  const configuration = readFileSync(join(environment, 'pyvenv.cfg'), 'utf8');
  const version = /^version(?:_info)? *= *(\d+\.\d+)/m.exec(configuration)?.[1];
  return join(environment, 'lib', `python${version}`, 'site-packages', 'cfnlint', 'data', 'schemas');
}
