import { App, type AppProps, Validations } from 'aws-cdk-lib';
import { BowlineRules, rules } from '../../rules';
import { Platform, type PlatformProps } from './platform';

export interface BowlineAppProps extends PlatformProps {
  /** Properties of the CDK app. @default the defaults of the CDK, without analytics */
  readonly app?: AppProps;
}

/** Creates the CDK app of a catalog. Every synth checks its templates against Bowline's rules. @throws CatalogError */
export function bowlineApp({ app: appProps, ...platform }: BowlineAppProps): App {
  const app = new App({ analyticsReporting: false, ...appProps });
  Validations.of(app).addPlugins(new BowlineRules(rules));
  new Platform(app, 'Bowline', platform);
  return app;
}
