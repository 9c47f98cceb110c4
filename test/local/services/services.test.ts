import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { createHash, verify } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type StartedProcess, writePidFile } from '../../../lib/local/services/pid-file';
import { type LocalServices, startLocalServices } from '../../../lib/local/services/services';
import { isRunning } from '../../../lib/process';
import { toolPath } from '../../../lib/tools';
import { kms, publicKeyOf } from './kms';

const alias = 'alias/acme-production';
const states: string[] = [];

function newState(): string {
  const stateDirectory = mkdtempSync(join(tmpdir(), 'bowline-services-'));
  states.push(stateDirectory);
  return stateDirectory;
}

const start = (stateDirectory: string, keys: readonly string[] = [alias]) =>
  startLocalServices({ stateDirectory, region: 'eu-west-1', keys });

const processes = (stateDirectory: string) =>
  readdirSync(join(stateDirectory, 'pids')).map(
    (file) => JSON.parse(readFileSync(join(stateDirectory, 'pids', file), 'utf8')) as StartedProcess,
  );

const ending = (child: ChildProcess) =>
  new Promise<unknown>((resolve) => child.once('exit', (code, signal) => resolve(signal ?? code)));

afterAll(() => {
  for (const stateDirectory of states) {
    rmSync(stateDirectory, { recursive: true, force: true });
  }
});

describe('registry, BuildKit and local AWS', () => {
  const stateDirectory = newState();
  let services: LocalServices;
  beforeAll(async () => {
    services = await start(stateDirectory);
  });
  afterAll(() => services.stop());

  test('answer after the start', async () => {
    expect((await fetch(`http://${services.registry}/v2/`)).status).toBe(200);
    const workers = execFileSync(toolPath('buildctl'), ['--addr', services.buildkit, 'debug', 'workers']).toString();
    expect(workers).toContain('linux/amd64');
    expect((await kms(services, 'DescribeKey', { KeyId: alias })).KeyMetadata).toMatchObject({
      KeySpec: 'ECC_NIST_P256',
      KeyUsage: 'SIGN_VERIFY',
    });
  });

  test('have the requested buckets, also when they are requested again', async () => {
    const has = async () => (await fetch(`${services.aws.endpoint}/acme-binaries`, { method: 'HEAD' })).status === 200;
    expect(await has()).toBe(false);
    for (const _ of ['first', 'second']) {
      const again = await startLocalServices({
        stateDirectory,
        region: 'eu-west-1',
        keys: [],
        buckets: ['acme-binaries'],
      });
      await again.stop();
      expect(await has()).toBe(true);
    }
  });

  test('listen on loopback only', () => {
    const { registry, aws } = JSON.parse(readFileSync(join(stateDirectory, 'ports.json'), 'utf8'));
    const listening = ['tcp', 'tcp6']
      .flatMap((file) => readFileSync(`/proc/net/${file}`, 'utf8').split('\n').slice(1))
      .map((line) => line.trim().split(/\s+/))
      .filter(([, , , state]) => state === '0A')
      .map(([, local = '']) => local.split(':'));
    for (const port of [registry, aws]) {
      const hexadecimal = port.toString(16).toUpperCase().padStart(4, '0');
      const addresses = listening.filter(([, local]) => local === hexadecimal).map(([address]) => address);
      expect(addresses).toEqual(['0100007F']);
    }
  });

  test.each(['DIGEST', 'RAW'])('a KMS signature of a %s message verifies with the public key', async (MessageType) => {
    const message = Buffer.from('an image by its digest');
    const input = MessageType === 'RAW' ? message : createHash('sha256').update(message).digest();
    const { Signature = '' } = await kms(services, 'Sign', {
      KeyId: alias,
      Message: input.toString('base64'),
      MessageType,
      SigningAlgorithm: 'ECDSA_SHA_256',
    });
    const key = await publicKeyOf(services, alias);
    const signature = Buffer.from(Signature, 'base64');
    expect(verify('sha256', message, key, signature)).toBe(true);
    expect(verify('sha256', Buffer.from('another'), key, signature)).toBe(false);
  });

  test('are shared within a process, and run until their last user stops them', async () => {
    const second = await start(stateDirectory, [alias, 'alias/acme-nonproduction']);
    expect(second.registry).toBe(services.registry);
    await second.stop();
    await second.stop();
    expect((await fetch(`http://${services.registry}/v2/`)).status).toBe(200);
  });

  test('cannot be shared with another region', async () => {
    const other = startLocalServices({ stateDirectory, region: 'us-east-1', keys: [] });
    await expect(other).rejects.toThrow('runs for eu-west-1, not for us-east-1');
  });

  test('keep ports and signing keys after a restart, and leave no process when they stop', async () => {
    const key = (await publicKeyOf(services, alias)).export({ type: 'spki', format: 'pem' });
    const { KeyMetadata } = await kms(services, 'DescribeKey', { KeyId: alias });
    const before = processes(stateDirectory);
    expect(before).toHaveLength(3);
    await services.stop();
    expect(before.filter(({ pid }) => isRunning(pid))).toEqual([]);
    expect(existsSync(join(stateDirectory, 'services.lock'))).toBe(false);

    const file = join(stateDirectory, 'kms', 'alias_acme-production.pem');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const { registry } = services;
    services = await start(stateDirectory);
    expect(services.registry).toBe(registry);
    expect((await publicKeyOf(services, alias)).export({ type: 'spki', format: 'pem' })).toBe(key);
    expect((await kms(services, 'DescribeKey', { KeyId: alias })).KeyMetadata.KeyId).toBe(KeyMetadata.KeyId);
  });

  test('remove a signing key with its alias, and keep the key that an alias is moved to', async () => {
    const { KeyMetadata } = await kms(services, 'CreateKey', { KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' });
    await kms(services, 'UpdateAlias', { AliasName: alias, TargetKeyId: KeyMetadata.KeyId });
    await kms(services, 'CreateAlias', { AliasName: 'alias/of/a-path', TargetKeyId: KeyMetadata.KeyId });
    await kms(services, 'DeleteAlias', { AliasName: 'alias/acme-nonproduction' });
    await services.stop();
    services = await start(stateDirectory, []);
    for (const name of [alias, 'alias/of/a-path']) {
      expect((await kms(services, 'DescribeKey', { KeyId: name })).KeyMetadata.KeyId).toBe(KeyMetadata.KeyId);
    }
    await expect(kms(services, 'DescribeKey', { KeyId: 'alias/acme-nonproduction' })).rejects.toThrow('NotFound');
  });
});

describe('another process', () => {
  const stateDirectory = newState();
  const children: ChildProcess[] = [];
  afterAll(() => {
    for (const child of children) {
      child.kill('SIGKILL');
    }
  });

  /** Starts a process that uses the services, and waits for its output to match. */
  function startHolder(expected: string | RegExp): Promise<ChildProcess & { output(): string }> {
    const script = join(__dirname, 'testdata', 'hold-services.ts');
    const child = spawn(process.execPath, ['--import', 'tsx', script, stateDirectory], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    children.push(child);
    let output = '';
    return new Promise((resolve, reject) => {
      child.stdout.on('data', (chunk: Buffer) => {
        output += chunk.toString('utf8');
        if (output.match(expected)) {
          resolve(Object.assign(child, { output: () => output }));
        }
      });
      child.on('exit', () => reject(new Error(`it ended: ${output}`)));
    });
  }

  async function remaining(started: readonly StartedProcess[]): Promise<readonly StartedProcess[]> {
    for (const until = Date.now() + 60_000; started.some(({ pid }) => isRunning(pid)) && Date.now() < until; ) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return started.filter(({ pid }) => isRunning(pid));
  }

  test('ends its servers when it is killed, and the next process starts normally', async () => {
    const killed = await startHolder('ready');
    const started = processes(stateDirectory);
    killed.kill('SIGKILL');
    await ending(killed);
    expect(await remaining(started)).toEqual([]);
    const ports = readFileSync(join(stateDirectory, 'ports.json'), 'utf8');

    const next = await startHolder('ready');
    expect(readFileSync(join(stateDirectory, 'ports.json'), 'utf8')).toBe(ports);

    const waiting = await startHolder(/waiting for process \d+, which uses the services of /);
    expect(waiting.output()).toContain(`process ${next.pid},`);
    const second = processes(stateDirectory);
    next.kill('SIGTERM');
    expect(await ending(next)).toBe(143);
    expect(await remaining(second)).toEqual([]);
    for (const until = Date.now() + 120_000; !waiting.output().includes('ready') && Date.now() < until; ) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect(waiting.output()).toContain('ready');
    waiting.kill('SIGINT');
    expect(await ending(waiting)).toBe(130);
  });
});

describe('a build that is interrupted', () => {
  const mounts = (stateDirectory: string) => readFileSync('/proc/mounts', 'utf8').includes(stateDirectory);
  // No other run of the suite has a sleeper of this length.
  const seconds = String(100_000 + process.pid);
  const sleepers = () =>
    readdirSync('/proc').filter((pid) => {
      try {
        return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, 'utf8') === `sleep\x00${seconds}\0`;
      } catch {
        return false;
      }
    });

  test('leaves no processes and no mounts, whether BuildKit is terminated or killed', async () => {
    const stateDirectory = newState();
    for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
      const services = await start(stateDirectory, []);
      const context = join(stateDirectory, 'context');
      mkdirSync(context, { recursive: true });
      cpSync(toolPath('busybox'), join(context, 'sleep'), { dereference: true });
      writeFileSync(
        join(context, 'Dockerfile'),
        `FROM scratch\nCOPY sleep /sleep\nENV ATTEMPT=${signal} PATH=/\nRUN ["sleep", "${seconds}"]\n`,
      );
      const local = ['context', 'dockerfile'].flatMap((name) => ['--local', `${name}=${context}`]);
      const words = ['--addr', services.buildkit, 'build', '--frontend', 'dockerfile.v0', ...local];
      const build = spawn(toolPath('buildctl'), words, { stdio: 'ignore' });
      const built = ending(build);
      for (const until = Date.now() + 60_000; sleepers().length === 0 && Date.now() < until; ) {
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      expect(sleepers()).toHaveLength(1);
      if (signal === 'SIGKILL') {
        const buildkit = processes(stateDirectory).find(({ argv }) => argv.some((word) => word.endsWith('buildkitd')));
        process.kill(buildkit?.pid as number, 'SIGKILL');
      }
      await services.stop();
      expect(await built).not.toBe(0);
      for (const until = Date.now() + 60_000; sleepers().length > 0 && Date.now() < until; ) {
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      expect(sleepers()).toEqual([]);
      expect(mounts(stateDirectory)).toBe(false);
    }
  });
});

describe('a start that fails', () => {
  test('because another program uses the port of the registry keeps the port, and leaves nothing running', async () => {
    const stateDirectory = newState();
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const { port } = taken.address() as { port: number };
    const remembered = JSON.stringify({ registry: port, aws: port + 1 });
    writeFileSync(join(stateDirectory, 'ports.json'), remembered);
    const starting = startLocalServices({ stateDirectory, region: 'eu-west-1', keys: [], portWaitSeconds: 0.5 });
    await expect(starting).rejects.toMatchObject({ code: 'port-in-use' });
    expect(readFileSync(join(stateDirectory, 'ports.json'), 'utf8')).toBe(remembered);
    expect(existsSync(join(stateDirectory, 'services.lock'))).toBe(false);
    taken.close();
  });

  test('reports the end of the log, and leaves nothing running', async () => {
    const stateDirectory = newState();
    const services = await start(stateDirectory);
    await services.stop();
    writeFileSync(join(stateDirectory, 'kms', 'alias_acme-production.pem'), 'scribble');
    await expect(start(stateDirectory)).rejects.toThrow(
      /^the local AWS ended with exit code 1\. The end of .*aws\.log:\n.*alias_acme-production\.pem cannot be used: .*Move it away to get a new key/s,
    );
    expect(readdirSync(join(stateDirectory, 'pids'))).toEqual([]);
    expect(existsSync(join(stateDirectory, 'services.lock'))).toBe(false);
  });
});

test('a start waits for the port of the registry, and ends the server of a killed run', async () => {
  const stateDirectory = newState();
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
  const { port } = taken.address() as { port: number };
  writeFileSync(join(stateDirectory, 'ports.json'), JSON.stringify({ registry: port, aws: port }));
  const argv = ['/bin/sleep', '300'];
  const leftover = spawn('/bin/sleep', ['300'], { stdio: 'ignore' });
  writePidFile(join(stateDirectory, 'pids', 'registry.json'), { pid: leftover.pid as number, argv });
  const bystander = spawn('/bin/sleep', ['301'], { stdio: 'ignore' });
  writePidFile(join(stateDirectory, 'pids', 'aws.json'), { pid: bystander.pid as number, argv });
  try {
    const lines: string[] = [];
    const progress = (line: string) => {
      lines.push(line);
      taken.close();
    };
    const services = await startLocalServices({ stateDirectory, region: 'eu-west-1', keys: [], progress });
    expect(lines).toEqual([expect.stringContaining(`port ${port}, which is part of the image names`)]);
    expect(services.registry).toBe(`127.0.0.1:${port}`);
    expect(isRunning(leftover.pid as number)).toBe(false);
    expect(isRunning(bystander.pid as number)).toBe(true);
    await services.stop();
  } finally {
    leftover.kill();
    bystander.kill();
    taken.close();
  }
});
