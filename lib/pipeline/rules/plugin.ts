import { readFileSync } from 'node:fs';
import type { IPolicyValidationContext, IPolicyValidationPlugin, PolicyValidationPluginReport } from 'aws-cdk-lib';
import type { Resources, Rule } from './rule';

/** Holds every synthesized template against rules: a finding fails the synth, and names rule, resource and construct. */
export class BowlineRules implements IPolicyValidationPlugin {
  readonly name = 'Bowline';
  readonly ruleIds: string[];

  constructor(private readonly rules: readonly Rule[]) {
    this.ruleIds = rules.map(({ id }) => id);
  }

  validate(context: IPolicyValidationContext): PolicyValidationPluginReport {
    const templates = context.stackTemplates.map(({ templatePath }) => ({
      templatePath,
      resources: ((JSON.parse(readFileSync(templatePath, 'utf8')) as { Resources?: Resources }).Resources ??
        {}) as Resources,
    }));
    const violations = this.rules.flatMap((rule) =>
      templates.flatMap(({ templatePath, resources }) =>
        rule.check(resources).map(({ resource, message }) => ({
          ruleName: rule.id,
          description: `${rule.title}: ${message}`,
          severity: 'error',
          violatingResources: [{ resourceLogicalId: resource, templatePath, locations: [] }],
        })),
      ),
    );
    return { success: violations.length === 0, violations };
  }
}
