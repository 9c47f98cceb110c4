import type { Environment, Platform, Service } from '../../catalog';
import { pascalCase } from '../../values';
import { type PipelineStep, platformNames, serviceNames } from '../names';

/** One stage of a release: its actions in order. A release plan is independent of CodePipeline. */
export interface PlannedStage {
  readonly name: string;
  readonly actions: readonly PlannedAction[];
}

export type PlannedAction =
  | { readonly kind: 'source'; readonly name: 'Source'; readonly output: 'Source' }
  | { readonly kind: 'bundle'; readonly name: 'Bowline'; readonly output: 'Bowline' }
  | { readonly kind: 'bundle'; readonly name: 'Catalog'; readonly output: 'Catalog' }
  | { readonly kind: 'approval'; readonly name: string; readonly note: string }
  | PlannedStep;

/** One run of a pipeline step. */
export interface PlannedStep {
  readonly kind: 'step';
  readonly step: PipelineStep;
  /** Name of the action, and namespace of the variables that it exports. */
  readonly name: string;
  /** Names of the input artifacts. The first one is the primary input. */
  readonly inputs: readonly string[];
  /** Name of the output artifact. */
  readonly output: string;
  /** Environment variables of the action: values from the catalog, or references to pipeline variables. They are never part of a command. */
  readonly environment: Readonly<Record<string, string>>;
}

/**
 * Plans the release of a service: Source, Build, Scan, then one stage per environment in the catalog's order.
 *
 * A stage of an environment asks for approval if the environment requires it, signs if it is the first environment of its class, and promotes.
 * @throws Error if two environments or two classes have the same name in a pipeline
 */
export function releasePlan(platform: Platform, service: Service): readonly PlannedStage[] {
  const { environments } = platform;
  requireDistinctNames(
    'environments',
    environments.map(({ name }) => name),
  );
  requireDistinctNames('classes', platformNames(platform).classes);

  const steps = new StepPlanner(platform, service);
  const build = steps.build();
  const scan = steps.scan(build);
  const stages: PlannedStage[] = [
    {
      name: 'Source',
      actions: [
        { kind: 'source', name: 'Source', output: 'Source' },
        { kind: 'bundle', name: 'Bowline', output: 'Bowline' },
        { kind: 'bundle', name: 'Catalog', output: 'Catalog' },
      ],
    },
    { name: 'Build', actions: [build] },
    { name: 'Scan', actions: [scan] },
  ];

  /** The step that wrote the most complete record so far: each signature extends the record of the previous one. */
  let latest: PlannedStep = scan;
  const signatures = new Map<string, PlannedStep>();
  for (const environment of environments) {
    const actions: PlannedAction[] = [];
    if (environment.after === 'approval') {
      actions.push({
        kind: 'approval',
        name: `Approve${pascalCase(environment.name)}`,
        note: `Release ${service.name} to ${environment.name}`,
      });
    }
    let signature = signatures.get(environment.class);
    if (signature === undefined) {
      signature = steps.sign(environment.class, latest);
      signatures.set(environment.class, signature);
      latest = signature;
      actions.push(signature);
    }
    actions.push(steps.promote(environment, signature));
    stages.push({ name: `Promote${pascalCase(environment.name)}`, actions });
  }
  return stages;
}

/** The commit that the source action of the run has read. Every step compares its record with it. */
const releasedCommit = { BOWLINE_COMMIT: '#{Source.CommitId}' } as const;

/** The run of the pipeline, for the provenance. CodePipeline sets it (https://docs.aws.amazon.com/codepipeline/latest/userguide/reference-variables.html). */
const execution = { BOWLINE_EXECUTION: '#{codepipeline.PipelineExecutionId}' } as const;

/** Plans the steps of one service. */
class StepPlanner {
  constructor(
    private readonly platform: Platform,
    private readonly service: Service,
  ) {}

  build(): PlannedStep {
    const { imageRepository, cacheRepository } = serviceNames(this.platform, this.service.name);
    return this.plan({
      step: 'build',
      name: 'Build',
      inputs: ['Source'],
      output: 'Built',
      environment: {
        ...releasedCommit,
        BOWLINE_REF: 'refs/heads/#{Source.BranchName}',
        BOWLINE_REPOSITORY: imageRepository,
        BOWLINE_CACHE_REPOSITORY: cacheRepository,
        ...this.binariesBucket(),
      },
    });
  }

  scan(build: PlannedStep): PlannedStep {
    return this.plan({
      step: 'scan',
      name: 'Scan',
      inputs: ['Source', build.output],
      output: 'Scanned',
      environment: { ...recordHash(build), ...releasedCommit },
    });
  }

  sign(environmentClass: string, previous: PlannedStep): PlannedStep {
    const classSuffix = pascalCase(environmentClass);
    return this.plan({
      step: 'sign',
      name: `Sign${classSuffix}`,
      inputs: [previous.output],
      output: `Signed${classSuffix}`,
      environment: {
        ...recordHash(previous),
        ...releasedCommit,
        ...execution,
        BOWLINE_CLASS: environmentClass,
        BOWLINE_KEY: platformNames(this.platform).key(environmentClass),
        ...this.binariesBucket(),
      },
    });
  }

  promote(environment: Environment, signature: PlannedStep): PlannedStep {
    const { repository, branch, credential } = this.platform.ledger;
    const environmentSuffix = pascalCase(environment.name);
    return this.plan({
      step: 'promote',
      name: `Promote${environmentSuffix}`,
      inputs: [signature.output],
      output: `Promoted${environmentSuffix}`,
      environment: {
        ...recordHash(signature),
        ...releasedCommit,
        BOWLINE_ENVIRONMENT: environment.name,
        BOWLINE_CLASS: environment.class,
        BOWLINE_LEDGER: repository,
        BOWLINE_LEDGER_BRANCH: branch,
        ...(credential === undefined ? {} : { BOWLINE_LEDGER_CREDENTIAL: JSON.stringify(credential) }),
      },
    });
  }

  /** Adds what every step gets: the command line and the catalog as last inputs, the service and its signature repository. */
  private plan(step: Omit<PlannedStep, 'kind'>): PlannedStep {
    return {
      kind: 'step',
      ...step,
      inputs: [...step.inputs, 'Bowline', 'Catalog'],
      environment: {
        BOWLINE_SERVICE: this.service.name,
        BOWLINE_SIGNATURES: serviceNames(this.platform, this.service.name).signatureRepository,
        ...step.environment,
      },
    };
  }

  private binariesBucket(): Readonly<Record<string, string>> {
    return this.service.build.binaries.length === 0
      ? {}
      : { BOWLINE_BINARIES: platformNames(this.platform).binariesBucket };
  }
}

/** A step extends the record of the step before it, and refuses a record whose hash differs from the exported one. */
function recordHash(previous: PlannedStep): Readonly<Record<string, string>> {
  return { BOWLINE_RECORD_SHA256: `#{${previous.name}.RECORD_SHA256}` };
}

/** Names of stages and artifacts have no "-", so two names can become one. `check catalog` reports that already, for a catalog from files. */
function requireDistinctNames(what: string, names: readonly string[]): void {
  const firstByPipelineName = new Map<string, string>();
  for (const name of names) {
    const pipelineName = pascalCase(name);
    const first = firstByPipelineName.get(pipelineName);
    if (first !== undefined) {
      throw new Error(`the ${what} ${first} and ${name} have the same name in a pipeline, ${pipelineName}: rename one`);
    }
    firstByPipelineName.set(pipelineName, name);
  }
}
