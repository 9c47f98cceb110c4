import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { type Place, resolve, type Template, UnresolvedError } from './intrinsics';

const actionSchema = z.looseObject({
  Name: z.string(),
  ActionTypeId: z.looseObject({ Category: z.string(), Provider: z.string() }),
  Configuration: z.record(z.string(), z.unknown()).default({}),
  InputArtifacts: z.array(z.looseObject({ Name: z.string() })).default([]),
  OutputArtifacts: z.array(z.looseObject({ Name: z.string() })).default([]),
  Namespace: z.string().optional(),
  RunOrder: z.number().default(1),
});
const pipelineSchema = z.looseObject({
  Name: z.string(),
  Stages: z.array(z.looseObject({ Name: z.string(), Actions: z.array(actionSchema) })),
  ArtifactStore: z.looseObject({ Location: z.string() }).optional(),
});
const variableSchema = z.looseObject({ Name: z.string(), Type: z.string().default('PLAINTEXT'), Value: z.string() });
const projectSchema = z.looseObject({
  Name: z.string(),
  Source: z.looseObject({ BuildSpec: z.string() }),
  Environment: z.looseObject({
    EnvironmentVariables: z.array(variableSchema).default([]),
    PrivilegedMode: z.boolean().optional(),
  }),
  TimeoutInMinutes: z.number().optional(),
});

/** An action of a pipeline, with its configuration resolved. */
export interface PipelineAction {
  readonly stage: string;
  readonly name: string;
  readonly provider: string;
  readonly configuration: Readonly<Record<string, unknown>>;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly namespace?: string;
}

export interface EnvironmentVariable {
  readonly name: string;
  readonly type: string;
  readonly value: string;
}

/** A CodeBuild project. */
export interface Project {
  readonly name: string;
  readonly buildspec: string;
  readonly variables: readonly EnvironmentVariable[];
  readonly timeoutMinutes: number;
}

/** A pipeline with its actions, in the order in which they run, and the projects that they use. */
export interface SynthesizedPipeline {
  readonly name: string;
  readonly place: Place;
  readonly actions: readonly PipelineAction[];
  readonly projects: ReadonlyMap<string, Project>;
}

const manifestSchema = z.looseObject({
  artifacts: z.record(
    z.string(),
    z.looseObject({
      type: z.string(),
      environment: z.string().optional(),
      properties: z.looseObject({ templateFile: z.string().optional() }).optional(),
    }),
  ),
});

interface Stack {
  readonly template: Template;
  readonly place: Place;
}

/**
 * Reads a pipeline from a cloud assembly.
 * @throws UnresolvedError when the assembly does not have the pipeline, or an expression is not supported (see `resolve`)
 */
export function readPipeline(assembly: string, pipelineName: string): SynthesizedPipeline {
  const stacks = readStacks(assembly);
  const exports = readExports(stacks);
  const projects = new Map<string, Project>();
  let found: SynthesizedPipeline | undefined;
  const names: string[] = [];
  for (const { template, place } of stacks) {
    for (const resource of Object.values(template.Resources ?? {})) {
      const properties = () => resolve(resource.Properties ?? {}, { template, place, exports });
      if (resource.Type === 'AWS::CodeBuild::Project') {
        const project = parseProject(properties());
        projects.set(project.name, project);
      } else if (resource.Type === 'AWS::CodePipeline::Pipeline') {
        const name = String(resolve(resource.Properties?.Name, { template, place, exports }));
        names.push(name);
        if (name === pipelineName) {
          found = { name, place, projects, actions: parseActions(properties()) };
        }
      }
    }
  }
  if (!found) {
    throw new UnresolvedError(
      `the assembly ${assembly} has no pipeline ${pipelineName}. Its pipelines: ${names.join(', ') || 'none'}`,
    );
  }
  return found;
}

function readStacks(assembly: string): readonly Stack[] {
  const manifest = manifestSchema.parse(JSON.parse(readFileSync(join(assembly, 'manifest.json'), 'utf8')));
  return Object.values(manifest.artifacts).flatMap(({ type, environment, properties }) => {
    if (type !== 'aws:cloudformation:stack' || properties?.templateFile === undefined) {
      return [];
    }
    const [account = '', region = ''] = (environment ?? '').replace('aws://', '').split('/');
    return [
      {
        template: JSON.parse(readFileSync(join(assembly, properties.templateFile), 'utf8')) as Template,
        place: { account, region },
      },
    ];
  });
}

function readExports(stacks: readonly Stack[]): ReadonlyMap<string, unknown> {
  const exports = new Map<string, unknown>();
  for (const { template, place } of stacks) {
    for (const output of Object.values(template.Outputs ?? {})) {
      if (output.Export) {
        try {
          const context = { template, place, exports };
          exports.set(String(resolve(output.Export.Name, context)), resolve(output.Value, context));
        } catch (error) {
          // An export that cannot be resolved is an error only when a stack imports it.
          if (!(error instanceof UnresolvedError)) {
            throw error;
          }
        }
      }
    }
  }
  return exports;
}

function parseProject(properties: unknown): Project {
  const project = projectSchema.parse(properties);
  return {
    name: project.Name,
    buildspec: project.Source.BuildSpec,
    variables: project.Environment.EnvironmentVariables.map(({ Name, Type, Value }) => ({
      name: Name,
      type: Type,
      value: Value,
    })),
    timeoutMinutes: project.TimeoutInMinutes ?? 60,
  };
}

function parseActions(properties: unknown): readonly PipelineAction[] {
  return pipelineSchema.parse(properties).Stages.flatMap((stage) =>
    [...stage.Actions]
      .sort((a, b) => a.RunOrder - b.RunOrder)
      .map((action) => ({
        stage: stage.Name,
        name: action.Name,
        provider: action.ActionTypeId.Provider,
        configuration: action.Configuration,
        inputs: action.InputArtifacts.map(({ Name }) => Name),
        outputs: action.OutputArtifacts.map(({ Name }) => Name),
        namespace: action.Namespace,
      })),
  );
}
