/** CodePipeline stores an artifact as `<pipeline>/<artifact>/<random>` and truncates both names to these lengths. */
export const artifactNameLengths = { pipeline: 20, artifact: 10 } as const;

/** The folder of the artifact bucket in which CodePipeline stores the artifacts of a service's pipeline. */
export function artifactPrefix(platform: string, service: string): string {
  return `${platform}-${service}`.slice(0, artifactNameLengths.pipeline);
}
