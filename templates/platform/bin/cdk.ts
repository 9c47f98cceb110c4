import { App, Validations } from 'aws-cdk-lib';
import { BowlineRules, Platform, rules } from 'bowline';
import { CatalogError } from 'bowline/catalog';

const app = new App({ analyticsReporting: false });
// Every synth checks every template against Bowline's rules. Add more checkers, such as cdk-nag, in the same way.
Validations.of(app).addPlugins(new BowlineRules(rules));

try {
  // Assign it to a constant to reach every construct below it: platform.services.get('hello')?.release.build.project,
  // platform.shared.sign.role, platform.keys.keys. `strategies` replaces whole parts.
  new Platform(app, 'Platform', { catalog: 'catalog' });
  app.synth();
} catch (error) {
  if (!(error instanceof CatalogError)) {
    throw error;
  }
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 3;
}
