/** Whether an IAM action matches a pattern: `*` matches any characters, `?` one character, and case is ignored. */
export function matchesAction(pattern: string, action: string): boolean {
  const expression = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${expression}$`, 'is').test(action);
}

/** Whether a resource pattern matches every resource, in any notation. */
export function matchesEveryResource(resource: unknown): boolean {
  return typeof resource === 'string' && /^(?:arn(?::[*?]+)+|[*?:]*)$/.test(resource) && /[*?]/.test(resource);
}
