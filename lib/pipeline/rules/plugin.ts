import { readFileSync } from 'node:fs';
import type {
  IPolicyValidationContext,
  IPolicyValidationPlugin,
  PolicyValidationPluginReport,
  PolicyViolation,
} from 'aws-cdk-lib';
import type { Resources, Rule } from './rule';

/** Checks every synthesized template against rules. A finding fails the synth, and names rule, resource and construct. */
export class BowlineRules implements IPolicyValidationPlugin {
  readonly name = 'Bowline';
  readonly ruleIds: string[];

  constructor(private readonly rules: readonly Rule[]) {
    this.ruleIds = rules.map(({ id }) => id);
  }

  validate(context: IPolicyValidationContext): PolicyValidationPluginReport {
    const templates = context.stackTemplates.map(({ templatePath }) => ({
      templatePath,
      resources: readResources(templatePath),
    }));
    const violations: PolicyViolation[] = [];
    for (const rule of this.rules) {
      for (const { templatePath, resources } of templates) {
        for (const { resource, message } of rule.check(resources)) {
          violations.push({
            ruleName: rule.id,
            description: `${rule.title}: ${message}`,
            severity: 'error',
            violatingResources: [{ resourceLogicalId: resource, templatePath, locations: [] }],
          });
        }
      }
    }
    return { success: violations.length === 0, violations };
  }
}

function readResources(templatePath: string): Resources {
  const template = JSON.parse(readFileSync(templatePath, 'utf8')) as { readonly Resources?: Resources };
  return template.Resources ?? {};
}
