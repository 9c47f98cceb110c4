import { z } from 'zod';

/* The answer of tools/go/service-reader. Files are relative to the checkout, packages and paths of files to the folder of go.mod. */

const position = { file: z.string(), line: z.int() };
const positionSchema = z.object(position);

const packageSchema = z.object({
  directory: z.string(),
  name: z.string(),
  main: positionSchema.optional(),
  /** Directories of the imported packages of this module. */
  local: z.array(z.string()),
  imports: z.array(z.object({ path: z.string(), ...position })),
  /** The import of C, where the package does not compile without cgo. */
  cgo: positionSchema.optional(),
});

const addressSchema = z.object({
  package: z.string(),
  how: z.enum(['flag', 'environment', 'listen', 'setting', 'name', 'configuration']),
  name: z.string(),
  flag: z.string().optional(),
  environment: z.string().optional(),
  /** The command of the program that has the flag, such as serve. */
  command: z.string().optional(),
  /** The function around the place. */
  function: z.string().optional(),
  /** The packages that call this function, where its own package does not. */
  callers: z.array(z.string()).optional(),
  value: z.string(),
  host: z.string(),
  /** 0 for a flag without a default. */
  port: z.int(),
  barePort: z.boolean(),
  ...position,
});

const pathSchema = z.object({
  package: z.string(),
  path: z.string(),
  registered: z.boolean(),
  /** The variable that the path is registered at, or the flag that it is the default of. */
  router: z.string(),
  /** For a flag whose name says which probe its path is for. */
  probe: z.enum(['ready', 'live', 'health']).optional(),
  ...position,
});

const metricSchema = z.object({
  package: z.string(),
  kind: z.enum(['counter', 'histogram', 'summary']),
  name: z.string(),
  labels: z.array(z.string()),
  /** False where the source computes some labels. */
  complete: z.boolean(),
  native: z.boolean(),
  /** The source computes a part of the name before the known part. */
  prefixed: z.boolean(),
  ...position,
});

const fileSchema = z.object({
  package: z.string(),
  path: z.string(),
  how: z.enum(['read', 'flag']),
  name: z.string(),
  ...position,
});

const commandSchema = z.object({ arguments: z.array(z.string()), shell: z.boolean(), ...position });
const copySchema = z.object({ from: z.string(), source: z.string(), destination: z.string(), ...position });

const dockerfileSchema = z.object({
  file: z.string(),
  ports: z.array(z.object({ port: z.string(), ...position })),
  entrypoint: commandSchema.optional(),
  command: commandSchema.optional(),
  health: commandSchema.optional(),
  settings: z.array(z.object({ name: z.string(), value: z.string(), ...position })),
  /** Files of the image, and files of every stage that come from the build context. */
  copies: z.array(copySchema),
  context: z.array(copySchema),
  volumes: z.array(z.string()),
  workDir: z.string(),
  cgoEnabled: z.object({ enabled: z.boolean(), ...position }).optional(),
});

export const readingSchema = z.object({
  module: z.string(),
  goMod: positionSchema,
  packages: z.array(packageSchema),
  addresses: z.array(addressSchema),
  paths: z.array(pathSchema),
  metrics: z.array(metricSchema),
  files: z.array(fileSchema),
  dockerfiles: z.array(dockerfileSchema),
  skipped: z.array(z.object({ ...position, reason: z.string() })),
});

/** What the source of a Go module says about how its services listen, answer probes and count requests. */
export type Reading = z.output<typeof readingSchema>;
export type Position = z.output<typeof positionSchema>;
export type FoundAddress = z.output<typeof addressSchema>;
export type FoundPath = z.output<typeof pathSchema>;
export type DefinedMetric = z.output<typeof metricSchema>;
export type Dockerfile = z.output<typeof dockerfileSchema>;

/** `cmd/server/main.go:12` */
export function at({ file, line }: Position): string {
  return line > 0 ? `${file}:${line}` : file;
}
