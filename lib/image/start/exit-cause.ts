/**
 * Why a program ended on its own: by an error that needs nothing from outside (`program`), for want of something that the start does not have
 * (`outside`), or undecided.
 */
export type ExitCause = 'program' | 'outside' | 'unknown';

/** Messages about what only a network, a cluster or a secret provides. */
const outsidePatterns = [
  /connection refused|no such host|network is unreachable|no route to host|i\/o timeout|connection timed out/i,
  /server misbehaving|temporary failure in name resolution|name or service not known|dial (?:tcp|udp)|lookup \S+ on /i,
  /context deadline exceeded|no available server|no reachable servers|failed to (?:connect|ping)|could not connect|unable to connect/i,
  /\/var\/run\/secrets|in-?cluster config|KUBERNETES_SERVICE_HOST|169\.254\.169\.254|IMDS|NoCredentialProviders|could not find default credentials/i,
] as const;

/** Messages about a variable that is missing: `DATABASE_URL is required`, `environment variable TOKEN not set`. */
const variablePatterns = [
  /\benv(?:ironment)?(?: |-)?var(?:iable)?s?\b/i,
  /\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b["'`]?(?: \S+){0,3} (?:required|missing|not set|unset|empty|undefined|must be)/,
  /(?:required|missing|not set|unset|empty|undefined|provide|set)(?: \S+){0,4} ["'`$]?[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b/,
  /required key \S+ missing value|missing required (?:config|key|setting|credential|secret)/i,
] as const;

/** Messages about the program itself: its code, its arguments, and files of its image. */
const programPatterns = [
  /^(?:panic|fatal error): /m,
  /flag provided but not defined|unknown (?:shorthand )?flag|unknown command|unrecognized (?:option|argument)|flag needs an argument|required flag\(s\)|^Usage(?::| of )/im,
  /\b(?:open|stat|lstat|chdir|readdirent|fork\/exec|exec:?|mkdir|create|unlink|rename) [^\n:]+: (?:no such file or directory|permission denied|read-only file system|not a directory)/,
  /executable file not found in \$PATH|pattern matches no files|no such file or directory/,
  /error while loading shared libraries|Error (?:loading shared library|relocating)|version `[^`']+' not found|symbol lookup error/,
  /listen (?:tcp|udp|unix)\S* \S*: bind: /,
] as const;

/**
 * Judges the last lines of a program.
 * @param secrets variables that hold secrets in the cluster, and that the start does not have. A line that names one is about something from outside.
 */
export function exitCause(output: readonly string[], secrets: readonly string[]): ExitCause {
  // A stack trace names packages and files, which say nothing about the cause.
  const reason = output.filter((line) => !/^(?:\t|\s+\/|goroutine \d+ \[|[\w./*()-]+\(.*\)$|created by )/.test(line));
  const text = reason.join('\n');
  if (
    outsidePatterns.some((pattern) => pattern.test(text)) ||
    secrets.some((name) => new RegExp(`\\b${name}\\b`).test(text))
  ) {
    return 'outside';
  }
  if (variablePatterns.some((pattern) => pattern.test(text))) {
    return 'outside';
  }
  return programPatterns.some((pattern) => pattern.test(text)) ? 'program' : 'unknown';
}
