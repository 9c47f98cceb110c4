import { App, Validations } from 'aws-cdk-lib';
import { BowlineRules, Platform, rules } from 'bowline';
import { CatalogError } from 'bowline/catalog';

const app = new App({ analyticsReporting: false });
// Every template is held to Bowline's rules at each synth. More checkers, such as cdk-nag, are added in the same way.
Validations.of(app).addPlugins(new BowlineRules(rules));

try {
  // Give it a name, and everything in it can be reached and changed, down to each L2: platform.services.get('hello')?.release.build.project,
  // platform.shared.sign.role, platform.keys.keys. Whole parts are replaced by `strategies`.
  new Platform(app, 'Platform', { catalog: 'catalog' });
  app.synth();
} catch (error) {
  if (!(error instanceof CatalogError)) {
    throw error;
  }
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 3;
}
