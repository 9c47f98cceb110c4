/** A login for a host, as a netrc file has it (https://www.gnu.org/software/inetutils/manual/html_node/The-_002enetrc-file.html). */
export interface NetrcEntry {
  readonly machine: string;
  readonly login: string;
  readonly password: string;
}

/** Parses the entries with machine, login and password, as Go does (cmd/go/internal/auth/netrc.go): `default` and macros are passed over. */
export function parseNetrc(text: string): readonly NetrcEntry[] {
  const entries: NetrcEntry[] = [];
  let entry: Partial<NetrcEntry> = {};
  let isMacro = false;
  for (const line of text.split('\n')) {
    if (isMacro) {
      // A macro ends at an empty line.
      isMacro = line.trim() !== '';
      continue;
    }
    const words = line.trim().split(/\s+/);
    for (let index = 0; index < words.length - 1; index += 2) {
      const [name, value = ''] = words.slice(index, index + 2);
      if (name === 'machine') {
        entry = { machine: value };
      } else if (name === 'default') {
        // It ends the file, because it matches every host.
        return entries;
      } else if (name === 'login' || name === 'password') {
        entry = { ...entry, [name]: value };
      } else if (name === 'macdef') {
        isMacro = true;
      }
      if (entry.machine !== undefined && entry.login !== undefined && entry.password !== undefined) {
        entries.push(entry as NetrcEntry);
        entry = {};
      }
    }
  }
  return entries;
}

/** Renders a netrc file. An entry with white space cannot be written: Go and curl read words. */
export function renderNetrc(entries: readonly NetrcEntry[]): string {
  return entries
    .filter(({ machine, login, password }) => [machine, login, password].every((word) => /^\S+$/.test(word)))
    .map(({ machine, login, password }) => `machine ${machine} login ${login} password ${password}\n`)
    .join('');
}
