import { chmodSync, cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { mustRun } from '../../lib/process';
import type { ServiceVersion } from './service-version';

/** podinfo 6.9.2 as the Go module proxy has it: its tags are older than its module path allows. */
const podinfo = 'github.com/stefanprodan/podinfo@v1.8.1-0.20250910200901-e86405a8674e';

/** Writes the source of podinfo with a version of its own and, for a bad release, a change that fails some of the requests. */
export async function writePodinfo(directory: string, { version, fault = {} }: ServiceVersion): Promise<void> {
  const { stdout } = await mustRun({
    program: 'go',
    arguments: ['mod', 'download', '-json', podinfo],
    timeoutSeconds: 120,
  });
  cpSync((JSON.parse(stdout) as { readonly Dir: string }).Dir, directory, { recursive: true });
  // The files of the module cache are read-only.
  makeWritable(directory);
  change(join(directory, 'pkg/version/version.go'), /VERSION = "[^"]*"/, `VERSION = "${version}"`);
  const server = join(directory, 'pkg/api/http/http.go');
  // Every twentieth request of a pod, not a random one: only then does a worst case exist.
  const every = fault.errorRate === undefined ? 0 : Math.round(1 / fault.errorRate);
  change(
    server,
    /r\.Header\.Set\("X-API-Revision", version\.REVISION\)\n/,
    `$&\t\tw.Header().Set("X-Version", version.VERSION)
\t\tif every := uint64(${every}); every > 0 && r.URL.Path == "/" && answered.Add(1)%every == 0 {
\t\t\thttp.Error(w, "failed on purpose", http.StatusInternalServerError)
\t\t\treturn
\t\t}
`,
  );
  change(server, /\nfunc versionMiddleware/, '\nvar answered atomic.Uint64\n\nfunc versionMiddleware');
  change(server, /"net\/http"\n/, '"net/http"\n\t"sync/atomic"\n');
}

function change(path: string, was: RegExp, is: string): void {
  const text = readFileSync(path, 'utf8');
  if (!was.test(text)) {
    throw new Error(`${path} does not contain ${was}: is podinfo another version?`);
  }
  writeFileSync(path, text.replace(was, is));
}

function makeWritable(directory: string): void {
  chmodSync(directory, 0o755);
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name);
    if (entry.isDirectory() && entry.name !== '.git') {
      makeWritable(path);
    } else if (entry.isFile()) {
      chmodSync(path, 0o644);
    }
  }
}
