import { freePort } from '../services/choose-ports';
import { startServer } from '../services/server';
import { stacksServer } from '../services/server-descriptions';
import { localAwsEnvironment } from '../services/services';

/** A local AWS to deploy stacks to. */
export interface LocalAws {
  readonly endpoint: string;
  /** Environment of the CDK command line and of other clients. */
  readonly environment: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

export interface LocalAwsOptions {
  /** Folder for its log. */
  readonly stateDirectory: string;
  readonly account: string;
  readonly region: string;
  /** @default 5512, or any free one */
  readonly port?: number;
}

/** Starts a local AWS without any resources on loopback. @throws Error with the end of its log when it does not start */
export async function startLocalAws(options: LocalAwsOptions): Promise<LocalAws> {
  const { stateDirectory, account, region } = options;
  const port = await freePort(options.port ?? 5512);
  const { stop } = await startServer(stacksServer(stateDirectory, account, port));
  const endpoint = `http://localhost:${port}`;
  return {
    endpoint,
    environment: {
      // The CDK caches the account of an access key in the home directory, so each account needs another key.
      ...localAwsEnvironment(endpoint, region, `local-${account}`),
      CDK_DISABLE_VERSION_CHECK: '1',
    },
    stop,
  };
}
