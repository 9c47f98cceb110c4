/** Renders RUN in exec form: BuildKit runs the program without a shell. @param options such as mounts */
export function runArgv(options: readonly string[], argv: readonly string[]): string {
  return ['RUN', ...options, JSON.stringify(argv).replaceAll('","', '", "')].join(' ');
}
