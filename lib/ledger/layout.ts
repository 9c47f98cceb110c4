/** A file of the ledger. Bowline does not read or change any other file of the repository. */
export type LedgerPath =
  | { readonly kind: 'environment'; readonly environment: string }
  | { readonly kind: 'service'; readonly environment: string; readonly service: string }
  | { readonly kind: 'release'; readonly environment: string; readonly service: string }
  | { readonly kind: 'manifest'; readonly environment: string; readonly service: string; readonly name: string }
  | { readonly kind: 'app'; readonly environment: string; readonly service: string }
  | { readonly kind: 'platform'; readonly environment: string; readonly name: string };

/** Names of services and environments, as in the catalog: no dot, no slash, no leading "-". */
const nameGrammar = /^[a-z](?:[-a-z0-9]{0,38}[a-z0-9])?$/;
/** The stem of an output file: `deployment`, `canary`, `metric-error-rate`. */
const stemGrammar = /^[a-z0-9](?:[a-z0-9-]{0,98}[a-z0-9])?$/;

/** `environments/<environment>.json`: input. */
export function environmentPath(environment: string): string {
  return `environments/${requireName('environment', environment)}.json`;
}

/** `services/<environment>/<service>.json`: input, written by publish and restored by rollback. */
export function servicePath(environment: string, service: string): string {
  return `services/${requireName('environment', environment)}/${requireName('service', service)}.json`;
}

/** `releases/<environment>/<service>.json`: input, the release to run. */
export function releasePath(environment: string, service: string): string {
  return `releases/${requireName('environment', environment)}/${requireName('service', service)}.json`;
}

/** `manifests/<environment>/<service>/<name>.yaml`: output. */
export function manifestPath(environment: string, service: string, name: string): string {
  return `manifests/${requireName('environment', environment)}/${requireName('service', service)}/${requireStem(name)}.yaml`;
}

/** `apps/<environment>/<service>.yaml`: output, the Argo CD Application. */
export function appPath(environment: string, service: string): string {
  return `apps/${requireName('environment', environment)}/${requireName('service', service)}.yaml`;
}

/** `platform/<environment>/<name>.yaml`: output, shared by the services of an environment. */
export function platformPath(environment: string, name: string): string {
  return `platform/${requireName('environment', environment)}/${requireStem(name)}.yaml`;
}

/** Parses a path of the repository. Undefined if it is not a file of the ledger. */
export function parseLedgerPath(path: string): LedgerPath | undefined {
  const [top, environment = '', third, fourth, ...rest] = path.split('/');
  if (rest.length > 0) {
    return undefined;
  }
  if (top === 'environments') {
    const name = stemOf(environment, '.json', nameGrammar);
    return name === undefined || third !== undefined ? undefined : { kind: 'environment', environment: name };
  }
  if (!nameGrammar.test(environment) || third === undefined) {
    return undefined;
  }
  if (top === 'manifests') {
    const name = fourth === undefined ? undefined : stemOf(fourth, '.yaml', stemGrammar);
    return name === undefined || !nameGrammar.test(third)
      ? undefined
      : { kind: 'manifest', environment, service: third, name };
  }
  if (fourth !== undefined) {
    return undefined;
  }
  switch (top) {
    case 'services': {
      const service = stemOf(third, '.json', nameGrammar);
      return service === undefined ? undefined : { kind: 'service', environment, service };
    }
    case 'releases': {
      const service = stemOf(third, '.json', nameGrammar);
      return service === undefined ? undefined : { kind: 'release', environment, service };
    }
    case 'apps': {
      const service = stemOf(third, '.yaml', nameGrammar);
      return service === undefined ? undefined : { kind: 'app', environment, service };
    }
    case 'platform': {
      const name = stemOf(third, '.yaml', stemGrammar);
      return name === undefined ? undefined : { kind: 'platform', environment, name };
    }
    default:
      return undefined;
  }
}

/** The path of a ledger file, the inverse of {@link parseLedgerPath}. @throws Error on an invalid name */
export function ledgerPath(file: LedgerPath): string {
  switch (file.kind) {
    case 'environment':
      return environmentPath(file.environment);
    case 'service':
      return servicePath(file.environment, file.service);
    case 'release':
      return releasePath(file.environment, file.service);
    case 'manifest':
      return manifestPath(file.environment, file.service, file.name);
    case 'app':
      return appPath(file.environment, file.service);
    case 'platform':
      return platformPath(file.environment, file.name);
  }
}

/** Whether a path is a manifest or the Application of a service in an environment. */
export function isOutputOf(path: string, environment: string, service: string): boolean {
  const file = parseLedgerPath(path);
  return (
    (file?.kind === 'manifest' || file?.kind === 'app') && file.environment === environment && file.service === service
  );
}

function stemOf(file: string, extension: string, grammar: RegExp): string | undefined {
  const stem = file.endsWith(extension) ? file.slice(0, -extension.length) : '';
  return grammar.test(stem) ? stem : undefined;
}

function requireName(kind: 'environment' | 'service', name: string): string {
  if (!nameGrammar.test(name)) {
    throw new Error(
      `the name of ${kind === 'service' ? 'a service' : 'an environment'} must start with a lowercase letter and contain at most 40 lowercase letters, digits and "-", got: ${JSON.stringify(name)}`,
    );
  }
  return name;
}

function requireStem(name: string): string {
  if (!stemGrammar.test(name)) {
    throw new Error(
      `the name of a rendered file must contain only lowercase letters, digits and "-", got: ${JSON.stringify(name)}`,
    );
  }
  return name;
}
