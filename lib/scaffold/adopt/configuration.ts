import { isMap, isScalar, LineCounter, parseDocument, visit } from 'yaml';
import type { FoundAddress } from './reading';

/** A configuration file that the arguments of a program name. */
export interface ConfigurationFile {
  /** Relative to the checkout. */
  readonly file: string;
  readonly text: string;
}

/** An address that a configuration file sets. */
export interface ConfiguredAddress extends FoundAddress {
  /** Metrics have settings beside the address, such as `prometheus: { enabled: true }`. */
  readonly besideMetrics: boolean;
}

/** Reads the addresses of a YAML or JSON file. A file that is neither, or a template, has none. */
export function configuredAddresses({ file, text }: ConfigurationFile): readonly ConfiguredAddress[] {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, logLevel: 'silent' });
  if (document.errors.length > 0) {
    return [];
  }
  const found: ConfiguredAddress[] = [];
  visit(document, {
    Pair: (_, pair, ancestors) => {
      if (!isScalar(pair.key) || !isScalar(pair.value)) {
        return;
      }
      const keys = [...ancestors.flatMap((node) => keyOf(node)), String(pair.key.value)];
      const address = parseAddress(String(pair.value.value), /(?:^|[._-])port$/i.test(String(pair.key.value)));
      if (address === undefined || !isListenKey(keys.at(-1) ?? '', address.hasHost)) {
        return;
      }
      const parent = ancestors.at(-1);
      const offset = pair.value.range?.[0] ?? 0;
      found.push({
        package: '',
        how: 'configuration',
        name: keys.join('.'),
        value: String(pair.value.value),
        host: address.host,
        port: address.port,
        barePort: !address.hasHost,
        file,
        line: lines.linePos(offset).line,
        besideMetrics:
          isMap(parent) &&
          parent.items.some(({ key }) => isScalar(key) && /^(?:prometheus|metrics)$/.test(String(key.value))),
      });
    },
  });
  return found;
}

/**
 * Whether a configuration is a template that something else than the program fills: its values are actions such as `{{ getenv "PORT" }}`, and it is
 * no YAML, or another program starts this one. A program may have its own templates in quoted texts.
 */
export function isTemplate({ text }: ConfigurationFile, isStartedByAnother: boolean): boolean {
  return (
    /^\s*(?:[\w.-]+:\s*|-\s+)?\{\{/m.test(text) &&
    (isStartedByAnother || parseDocument(text, { prettyErrors: false, logLevel: 'silent' }).errors.length > 0)
  );
}

function keyOf(node: unknown): readonly string[] {
  return node !== null && typeof node === 'object' && 'key' in node && isScalar(node.key)
    ? [String(node.key.value)]
    : [];
}

/** An address without a port in its key, such as `smarthost: smtp:25`, is a peer. `http: 0.0.0.0:5556` is one that the program listens on. */
function isListenKey(key: string, hasHost: boolean): boolean {
  return hasHost
    ? /^(?:.*[._-])?(?:addr|address|listen|listener|bind|http|web|metrics|telemetry|server|listen[_-]?addr(?:ess)?)$/i.test(
        key,
      )
    : true;
}

function parseAddress(
  text: string,
  acceptBare: boolean,
): { readonly host: string; readonly port: number; readonly hasHost: boolean } | undefined {
  const bare = acceptBare ? /^([0-9]{2,5})$/.exec(text)?.[1] : undefined;
  if (bare !== undefined) {
    return { host: '', port: Number(bare), hasHost: false };
  }
  const [, host = '', port] = /^(|localhost|[0-9.]+|\[::1?\]):([0-9]{2,5})$/.exec(text) ?? [];
  return port === undefined ? undefined : { host: host.replaceAll(/[[\]]/g, ''), port: Number(port), hasHost: true };
}
