import { freePort } from '../services/choose-ports';
import { findPortHolder } from '../services/port-holder';
import { type RunningServer, type ServerDescription, startServer } from '../services/server';
import { stacksServer } from '../services/server-descriptions';
import { localAwsEnvironment } from '../services/services';

/** How many ports are tried. */
const attempts = 3;

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
  const { port, stop } = await startOnFreePort(options.port ?? 5512, (candidate) =>
    stacksServer(stateDirectory, account, candidate),
  );
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

/** Starts a server on the preferred port, or any free one. Another process can take a port between the choice and the start: then on another one. */
async function startOnFreePort(
  preferred: number,
  describe: (port: number) => ServerDescription,
): Promise<RunningServer & { readonly port: number }> {
  for (let attempt = 1; ; attempt++) {
    const port = await freePort(attempt === 1 ? preferred : 0);
    const description = describe(port);
    try {
      return { ...(await startServer(description)), port };
    } catch (error) {
      if (attempt === attempts || findPortHolder(port) === undefined) {
        throw error;
      }
    }
  }
}
