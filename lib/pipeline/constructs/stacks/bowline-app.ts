import { App, type AppProps, Validations } from 'aws-cdk-lib';
import { BowlineRules, rules } from '../../rules';
import { Platform, type PlatformProps } from './platform';

export interface BowlineAppProps extends PlatformProps {
  readonly app?: AppProps;
}

/** The CDK app of a catalog, held against our rules at every synth. @throws CatalogError */
export function bowlineApp(props: BowlineAppProps): App {
  const { app: appProps, ...platform } = props;
  const app = new App({ analyticsReporting: false, ...appProps });
  Validations.of(app).addPlugins(new BowlineRules(rules));
  new Platform(app, 'Bowline', platform);
  return app;
}
