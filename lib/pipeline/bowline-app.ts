import { App, type AppProps } from 'aws-cdk-lib';
import { Platform, type PlatformProps } from './platform';

export interface BowlineAppProps extends PlatformProps {
  readonly app?: AppProps;
}

/** The CDK app of a catalog. @throws CatalogError */
export function bowlineApp(props: BowlineAppProps): App {
  const { app: appProps, ...platform } = props;
  const app = new App({ analyticsReporting: false, ...appProps });
  new Platform(app, 'Bowline', platform);
  return app;
}
