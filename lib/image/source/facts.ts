import { z } from 'zod';

/* The answer of tools/go/source-reader. Paths are relative to the checkout, with slashes; "." is the checkout itself. */

const text = z.string();
const targets = z.array(z.string()).describe('os/architecture');

const moduleSchema = z.object({
  path: text,
  directory: text,
  /** The version in the go line, such as `1.26`. */
  go: text.optional(),
  toolchain: text.optional(),
  hasSum: z.boolean(),
});

const requirementSchema = z.object({
  path: text,
  version: text,
  indirect: z.boolean(),
  /** A folder of the checkout provides the module, so that it needs no sum. */
  local: z.boolean(),
});

const replacementSchema = z.object({
  path: text,
  version: text.optional(),
  /** `go.mod:7` */
  position: text,
  /** The new path as it is written. */
  with: text,
  withVersion: text.optional(),
  /** Where a folder is: below the module, elsewhere in the repository, or outside of it. Absent if a module is the replacement. */
  place: z.enum(['source', 'checkout', 'outside']).optional(),
  /** Absent outside of the repository. */
  folder: text.optional(),
  exists: z.boolean(),
  /** Whether the build needs the replaced module. */
  required: z.boolean(),
});

const workspaceSchema = z.object({
  file: text,
  directory: text,
  go: text.optional(),
  hasSum: z.boolean(),
  /** The folders of the use lines. */
  uses: z.array(text),
  usesModule: z.boolean(),
});

const localModuleSchema = z.object({
  path: text,
  directory: text,
  go: text.optional(),
  kind: z.enum(['main', 'workspace', 'replacement']),
  hasSum: z.boolean(),
  /** Whether the program imports a package of the module. */
  needed: z.boolean(),
});

const mainSchema = z.object({
  directory: text,
  kind: z.enum(['program', 'library', 'missing', 'empty', 'excluded', 'conflict', 'other-module']),
  /** The name in the package clause. */
  name: text.optional(),
  /** Files that build constraints exclude, files in conflict, or the folder of the other module. */
  detail: text.optional(),
  targets,
});

const packageSchema = z.object({
  importPath: text,
  directory: text,
  vendored: z.boolean(),
  /** Files that the compiler reads for one of the targets. Empty for vendored packages. */
  files: z.array(text),
  /** Imports of other packages, without those of the standard library. */
  imports: z.array(text),
  targets,
});

const embedSchema = z.object({
  /** Of the package. */
  directory: text,
  vendored: z.boolean(),
  pattern: text,
  /** `file:line:column` */
  positions: z.array(text),
  files: z.array(text),
  /** A shorter list with the same files: a folder stands for all its files. */
  cover: z.array(text),
  /** The message of the go command if it refuses the pattern. */
  error: text.optional(),
  targets,
});

const cgoSchema = z.object({
  importPath: text,
  directory: text,
  vendored: z.boolean(),
  /** Files that import "C". */
  files: z.array(text),
  /** Whether the package cannot be compiled without these files. Otherwise its other files take their place. */
  needed: z.boolean(),
  /** Names that only these files declare and that other files use. Empty if the package has no other files. */
  missing: z.array(text),
  targets,
});

/** The schema of {@link SourceFacts}. */
export const sourceFactsSchema = z.object({
  version: z.literal(1),
  /** All modules of the checkout. */
  modules: z.array(z.object({ directory: text, path: text })),
  /** Absent if the folder has no valid go.mod. */
  module: moduleSchema.optional(),
  requirements: z.array(requirementSchema),
  replacements: z.array(replacementSchema),
  /** The nearest go.work at or above the module, in the checkout. */
  workspace: workspaceSchema.optional(),
  /** The vendor folder that packages come from, with the differences for which the go command refuses it. */
  vendor: z.object({ directory: text, problems: z.array(text) }).optional(),
  /** How the go command loads packages. */
  mode: z.enum(['module', 'workspace', 'vendor', 'workspace-vendor']),
  /** The modules in the checkout that the build reads: the module itself, those of the workspace, and replacements of required modules. */
  localModules: z.array(localModuleSchema),
  main: mainSchema.optional(),
  /** The main packages of the module, such as `./cmd/server`. */
  candidates: z.array(text),
  /** The packages in the checkout that the program imports for one of the targets. */
  packages: z.array(packageSchema),
  /** Import paths of other packages, also of the standard library. */
  imports: z.array(text),
  /** The `//go:embed` patterns of the packages. */
  embeds: z.array(embedSchema),
  /** Packages that import "C" if cgo is on, for targets without cgo. */
  cgo: z.array(cgoSchema),
  /** Symbolic links that the compiler follows. The target is empty outside of the checkout. */
  links: z.array(z.object({ path: text, target: text })),
  /** The requested paths with their files. */
  paths: z.array(z.object({ path: text, kind: z.enum(['file', 'folder', 'missing', 'other']), files: z.array(text) })),
  /** Files that the build reads and whose content is in Git LFS. */
  lfsPointers: z.array(text),
  /** Submodules of git without any file. The reader in Go does not look for them: `lib/steps/source/read-source.ts` adds them. */
  emptySubmodules: z.array(text).default([]),
  /** Errors in files of the source, with Go's own messages. */
  problems: z.array(z.object({ code: text, position: text.optional(), message: text })),
});

/** What Go itself says about a checkout. `lib/steps/clients/source-reader.ts` reads it. */
export type SourceFacts = z.output<typeof sourceFactsSchema>;
