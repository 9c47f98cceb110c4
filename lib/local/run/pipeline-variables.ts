/** Resolves `#{Namespace.Variable}` as CodePipeline does. @throws Error for a variable that no action before has exported */
export function withPipelineVariables(value: string, variables: ReadonlyMap<string, string>): string {
  return value.replace(/#\{([^}]+)\}/g, (_, name: string) => {
    const found = variables.get(name);
    if (found === undefined) {
      throw new Error(`no action has exported #{${name}}`);
    }
    return found;
  });
}
