import type { Platform, Service } from '../../catalog';
import { pascalCase, platformNames, serviceNames } from '../names';

/** The order of a release, before it becomes a CodePipeline: which action runs when, what it reads, what it hands on. */
export interface PlannedStage {
  readonly name: string;
  readonly actions: readonly PlannedAction[];
}

export type PlannedAction =
  | { readonly kind: 'source'; readonly name: 'Source'; readonly output: 'Source' }
  | { readonly kind: 'bundle'; readonly name: 'Bowline'; readonly output: 'Bowline' }
  | { readonly kind: 'approval'; readonly name: string; readonly note: string }
  | PlannedStep;

export interface PlannedStep {
  readonly kind: 'verb';
  readonly verb: 'build' | 'scan' | 'sign' | 'promote';
  /** Also the namespace of the variables that the action exports. */
  readonly name: string;
  /** Artifacts by name, the primary one first. */
  readonly inputs: readonly string[];
  readonly output: string;
  /** Values out of the catalog, or references to pipeline variables: environment of the action, never part of a command. */
  readonly environment: Readonly<Record<string, string>>;
}

/**
 * Source → Build → Scan → for each environment in the catalog's order: approval where it is asked for, the signature of its class
 * before the first environment of that class, promotion.
 * @throws Error for two environments, or two classes, that would have one name in a pipeline
 */
export function releasePlan(platform: Platform, service: Service): readonly PlannedStage[] {
  const names = serviceNames(platform, service.name);
  requireApart(
    'environments',
    platform.environments.map((environment) => environment.name),
  );
  requireApart('classes', platformNames(platform).classes);
  const binaries: Readonly<Record<string, string>> =
    service.build.binaries.length === 0 ? {} : { BOWLINE_BINARIES: platformNames(platform).binariesBucket };
  const identity = { BOWLINE_SERVICE: service.name, BOWLINE_SIGNATURES: names.signatureRepository };
  const verb = (action: Omit<PlannedStep, 'kind'>): PlannedStep => ({
    kind: 'verb',
    ...action,
    inputs: [...action.inputs, 'Bowline'],
    environment: { ...identity, ...action.environment },
  });
  // A record extends the one before, and each action refuses a record with another hash than the one exported.
  const handedOn = (name: string) => ({ BOWLINE_RECORD_SHA256: `#{${name}.RECORD_SHA256}` });

  const build = verb({
    verb: 'build',
    name: 'Build',
    inputs: ['Source'],
    output: 'Built',
    environment: {
      BOWLINE_COMMIT: '#{Source.CommitId}',
      BOWLINE_REPOSITORY: names.imageRepository,
      BOWLINE_CACHE_REPOSITORY: names.cacheRepository,
      ...binaries,
    },
  });
  const scan = verb({
    verb: 'scan',
    name: 'Scan',
    inputs: ['Source', 'Built'],
    output: 'Scanned',
    environment: handedOn('Build'),
  });

  let latest = scan;
  const signedFor = new Map<string, PlannedStep>();
  const environments = platform.environments.map((environment): PlannedStage => {
    const place = pascalCase(environment.name);
    const actions: PlannedAction[] = [];
    if (environment.after === 'approval') {
      actions.push({
        kind: 'approval',
        name: `Approve${place}`,
        note: `Release ${service.name} to ${environment.name}`,
      });
    }
    let signed = signedFor.get(environment.class);
    if (!signed) {
      const name = `Sign${pascalCase(environment.class)}`;
      signed = verb({
        verb: 'sign',
        name,
        inputs: [latest.output],
        output: `Signed${pascalCase(environment.class)}`,
        environment: {
          ...handedOn(latest.name),
          BOWLINE_CLASS: environment.class,
          BOWLINE_KEY: platformNames(platform).key(environment.class),
          ...binaries,
        },
      });
      signedFor.set(environment.class, signed);
      latest = signed;
      actions.push(signed);
    }
    actions.push(
      verb({
        verb: 'promote',
        name: `Promote${place}`,
        inputs: [signed.output],
        output: `Promoted${place}`,
        environment: {
          ...handedOn(signed.name),
          BOWLINE_ENVIRONMENT: environment.name,
          BOWLINE_CLASS: environment.class,
          BOWLINE_LEDGER: platform.ledger.repository,
          BOWLINE_LEDGER_BRANCH: platform.ledger.branch,
          ...(platform.ledger.credential === undefined
            ? {}
            : { BOWLINE_LEDGER_CREDENTIAL: JSON.stringify(platform.ledger.credential) }),
        },
      }),
    );
    return { name: `Promote${place}`, actions };
  });
  return [
    {
      name: 'Source',
      actions: [
        { kind: 'source', name: 'Source', output: 'Source' },
        { kind: 'bundle', name: 'Bowline', output: 'Bowline' },
      ],
    },
    { name: 'Build', actions: [build] },
    { name: 'Scan', actions: [scan] },
    ...environments,
  ];
}

/** Stages and artifacts have no "-" in their names. */
function requireApart(what: string, names: readonly string[]): void {
  const clash = names.flatMap((name, index) =>
    names
      .slice(0, index)
      .filter((other) => pascalCase(other) === pascalCase(name))
      .map((other) => `${other} and ${name}`),
  );
  if (clash.length > 0) {
    throw new Error(
      `the ${what} ${clash.join(', ')} would both be ${pascalCase(clash[0]?.split(' ')[0] ?? '')} in a pipeline: rename one`,
    );
  }
}
