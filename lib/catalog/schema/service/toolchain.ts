import { z } from 'zod';

/** The experiments of Go 1.26 that a program can be built with (internal/goexperiment/flags.go). A leading `no` turns one off. */
export const experiments = [
  'arenas',
  'cgocheck2',
  'dwarf5',
  'goroutineleakprofile',
  'greenteagc',
  'heapminimum512kib',
  'jsonv2',
  'loopvar',
  'newinliner',
  'randomizedheapbase64',
  'runtimefreegc',
  'runtimesecret',
  'simd',
  'sizespecializedmalloc',
  'nodwarf5',
  'nogreenteagc',
  'nojsonv2',
  'norandomizedheapbase64',
] as const;

/** Settings of the Go toolchain that go.mod cannot have. */
export const toolchainFields = {
  experiment: z
    .array(z.enum(experiments, { error: `an experiment of Go: one of ${experiments.join(', ')}` }))
    .meta({ uniqueItems: true })
    .default([])
    .describe('Experiments of the Go toolchain (GOEXPERIMENT), such as [jsonv2].'),
  fips: z
    .string()
    // The names in lib/fips140 of the toolchain: an alias, a version, or a version with the first digits of its hash.
    .regex(
      /^(?:latest|certified|inprocess|v1\.(?:0|[1-9][0-9]{0,2})\.(?:0|[1-9][0-9]{0,2})(?:-[0-9a-f]{8})?)$/,
      '"latest", "certified", "inprocess" or a version of the Go Cryptographic Module, such as v1.0.0 or v1.0.0-c2097c7c',
    )
    .optional()
    .describe(
      'The version of the Go Cryptographic Module that the program uses in FIPS 140-3 mode (GOFIPS140), such as v1.0.0.',
    ),
  amd64: z
    .enum(['v1', 'v2', 'v3', 'v4'], { error: 'v1, v2, v3 or v4' })
    .optional()
    .describe(
      'The instruction set that the program requires on amd64 (GOAMD64). Nodes with an older CPU cannot start the program. Default: v1.',
    ),
};
