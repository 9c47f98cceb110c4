/** Whether an action of IAM fits a pattern: `*` is anything, `?` one character, and capitals are all one. */
export function matchesAction(pattern: string, action: string): boolean {
  const expression = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${expression}$`, 'is').test(action);
}

/** Whether a resource stands for all of them, however that is written. */
export function isEverything(resource: unknown): boolean {
  return typeof resource === 'string' && /^(?:arn(?::[*?]+)+|[*?:]*)$/.test(resource) && /[*?]/.test(resource);
}
