/** The names that a template of platform.yaml can contain. */
export interface TemplateNames {
  readonly service: string;
  readonly team: string;
  readonly environment: string;
}

/** Fills the placeholders `{service}`, `{team}` and `{environment}`. */
export function fillTemplate(template: string, { service, team, environment }: TemplateNames): string {
  return template.replaceAll('{service}', service).replaceAll('{team}', team).replaceAll('{environment}', environment);
}
