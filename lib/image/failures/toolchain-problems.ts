import type { StepFailure } from '../step-failure';
import { type BuildContext, type BuildProblem, excerpt } from './build-problem';

/** Explains messages of the go command about its own version, its settings and the files of the module. They come before anything is compiled. */
export function explainToolchain({ lines }: StepFailure, { service }: BuildContext): BuildProblem | undefined {
  for (const { pattern, code, explain } of messages) {
    const index = lines.findIndex((line) => pattern.test(line));
    const line = lines[index];
    if (line !== undefined) {
      const { what, remedy } = explain(pattern.exec(line)?.[1] ?? '');
      return {
        code,
        kind: 'badInput',
        message: [`${service.name}: ${what}`, ...excerpt(lines.slice(index)), `  ${remedy}`].join('\n'),
      };
    }
  }
  return undefined;
}

interface ToolchainMessage {
  readonly pattern: RegExp;
  readonly code: BuildProblem['code'];
  readonly explain: (captured: string) => { readonly what: string; readonly remedy: string };
}

const newerBuilder = 'Set a newer builder in platform.yaml (bases.builder, or bases.builderCgo with cgo)';

/** The first Go version that knows a directive of go.mod (https://go.dev/ref/mod#go-mod-file). */
const directives: Readonly<Record<string, string>> = {
  toolchain: '1.21',
  godebug: '1.23',
  tool: '1.24',
  ignore: '1.25',
};

const messages: readonly ToolchainMessage[] = [
  {
    pattern: /go\.(?:mod|work):\d+: unknown directive: (toolchain|godebug|tool|ignore)\b/,
    code: 'go-too-old',
    explain: (directive) => ({
      what: `go.mod has the directive ${directive}, which the Go of the builder does not know (Go ${directives[directive]} or newer does)`,
      remedy: newerBuilder,
    }),
  },
  {
    pattern: /invalid go version '([^']+)': must match format 1\.23$/,
    code: 'go-too-old',
    explain: (version) => ({
      what: `go.mod requires Go ${version}, and the Go of the builder is older than 1.21`,
      remedy: newerBuilder,
    }),
  },
  {
    pattern: /download (go\S+) for \S+: toolchain not available/,
    code: 'go-too-old',
    explain: (version) => ({
      what: `the source requires ${version}, which the builder does not have and cannot download`,
      remedy: newerBuilder,
    }),
  },
  {
    pattern: /unknown GOEXPERIMENT (\S+)/,
    code: 'recipe',
    explain: (name) => ({
      what: `the Go of the builder does not know the experiment ${name}`,
      remedy: 'Correct build.experiment of the service, or set a builder whose Go has it',
    }),
  },
  {
    pattern: /invalid (GO(?:AMD64|FIPS140|ARM64|ARM)\b)|(?:unknown|no such) (GOFIPS140|GOAMD64)/,
    code: 'recipe',
    explain: (name) => ({
      what: `the Go of the builder does not accept the value of ${name || 'a setting'}`,
      remedy: 'Correct build.amd64 or build.fips of the service, or set a builder whose Go has it',
    }),
  },
  {
    pattern:
      /inconsistent vendoring|import lookup disabled by -mod=vendor|is marked as explicit in vendor\/modules\.txt/,
    code: 'modules-unfit',
    explain: () => ({
      what: 'the vendor folder does not match go.mod',
      remedy: 'Run go mod vendor, and commit the vendor folder',
    }),
  },
  {
    pattern: /ambiguous import: found package (\S+)/,
    code: 'modules-unfit',
    explain: (name) => ({
      what: `two required modules provide the package ${name}`,
      remedy: 'Update the older module to a version without the package, then run go mod tidy',
    }),
  },
  {
    pattern: /module declares its path as: (\S+)|declares its path as/,
    code: 'modules-unfit',
    explain: () => ({
      what: 'a module is required by another path than its own go.mod declares',
      remedy: 'Require it by the path that it declares, or replace it in go.mod',
    }),
  },
];
