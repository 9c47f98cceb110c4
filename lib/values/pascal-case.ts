/** `nonproduction` → `Nonproduction`, `eu-west` → `EuWest`. Names of stages, artifacts and variable namespaces have this form. */
export function pascalCase(name: string): string {
  return name
    .split('-')
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join('');
}
