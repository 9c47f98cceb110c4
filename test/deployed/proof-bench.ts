import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LocalDeployment } from '../../lib/local';
import type { JobEnvironment } from '../../lib/local/run/run-pipeline';
import { type RecordingProxy, startRecordingProxy } from '../proof/proxy/recording-proxy';
import type { Principal } from '../proof/proxy/sessions';

/** The proxies of a deployment, and what gives each job its keys. */
export interface Proof {
  readonly proxy: RecordingProxy;
  readonly jobEnvironment: JobEnvironment;
  /** Environment of the CDK command line, which calls as the owner of the account. */
  readonly ownerEnvironment: Readonly<Record<string, string>>;
  /** Runs something while a role lacks an action. */
  without<T>(role: string, action: string, run: () => Promise<T>): Promise<T>;
  stop(): Promise<void>;
}

/**
 * Puts the proxies before the local AWS and its registry. The catalog of the deployment then names the proxy as its registry, so that all images
 * pass it.
 */
export async function openProof({ aws, machine }: LocalDeployment): Promise<Proof> {
  const { account, region } = machine.catalog.platform.pipeline;
  const proxy = await startRecordingProxy({
    aws: { endpoint: aws.endpoint, account, region },
    registry: machine.registry,
  });
  const file = join(machine.directory, 'platform.yaml');
  const text = readFileSync(file, 'utf8');
  if (!text.includes(`registry: ${machine.registry}\n`)) {
    throw new Error(`${file}: expected the registry ${machine.registry}, found another one`);
  }
  writeFileSync(file, text.replace(`registry: ${machine.registry}\n`, `registry: ${proxy.registry}\n`));

  const directory = mkdtempSync(join(tmpdir(), 'bowline-proof-'));
  let jobs = 0;
  const dockerConfig = (registryToken: string): string => {
    const folder = join(directory, `docker-${++jobs}`);
    mkdirSync(folder);
    const auth = Buffer.from(`AWS:${registryToken}`).toString('base64');
    writeFileSync(join(folder, 'config.json'), JSON.stringify({ auths: { [proxy.registry]: { auth } } }));
    return folder;
  };
  const owner: Principal = { kind: 'unjudged', name: 'the owner of the account' };
  proxy.sessions.accept(aws.environment.AWS_ACCESS_KEY_ID ?? '', owner);
  // This process reads the sizes of images.
  process.env.DOCKER_CONFIG = dockerConfig(proxy.sessions.issue(owner).registryToken);

  const { policies, sessions } = proxy;
  return {
    proxy,
    jobEnvironment: async (project) => {
      policies.forget();
      const keys = sessions.issue({ kind: 'role', arn: await policies.projectRole(project) });
      return {
        AWS_ENDPOINT_URL: proxy.endpoint,
        AWS_ACCESS_KEY_ID: keys.accessKeyId,
        AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
        AWS_SESSION_TOKEN: keys.sessionToken,
        DOCKER_CONFIG: dockerConfig(keys.registryToken),
      };
    },
    ownerEnvironment: { ...aws.environment, AWS_ENDPOINT_URL: proxy.endpoint },
    without: async (role, action, run) => {
      const { identity } = await policies.role(`arn:aws:iam::${account}:role/${role}`);
      const put = async (name: string, document: unknown) => {
        const fields = { Action: 'PutRolePolicy', RoleName: role, PolicyName: name };
        await policies.query('iam', { ...fields, PolicyDocument: JSON.stringify(document) });
        policies.forget();
      };
      const changed = Object.entries(identity).filter(([, document]) =>
        JSON.stringify(document).includes(`"${action}"`),
      );
      if (changed.length === 0) {
        throw new Error(`the role ${role} has no ${action} to remove`);
      }
      for (const [name, document] of changed) {
        await put(name, withoutAction(document, action));
      }
      try {
        return await run();
      } finally {
        for (const [name, document] of changed) {
          await put(name, document);
        }
      }
    },
    stop: async () => {
      await proxy.stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

function withoutAction(document: unknown, action: string): object {
  const { Statement, ...rest } = document as {
    readonly Statement: readonly { readonly Action: string | readonly string[] }[];
  };
  return {
    ...rest,
    Statement: Statement.map((statement) => ({
      ...statement,
      Action: [statement.Action].flat().filter((one) => one !== action),
    })).filter(({ Action }) => Action.length > 0),
  };
}
