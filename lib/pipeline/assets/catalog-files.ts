import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { parse } from 'yaml';
import { readServiceName, type Service } from '../../catalog';
import { type Bundle, createBundle, filesBelow } from './bundle';

/**
 * The files of a catalog folder: platform.yaml, accepted-risks.yaml, services/*.yaml and keys/*.pub. No other file of the folder leaves this machine.
 *
 * The pipeline of a service reads only what concerns the service. The definition of a pipeline has the hash of what it reads, and a deployment that
 * changes the definition can disturb a release that waits for an approval; so a change of one service changes one pipeline.
 */
export class CatalogFiles {
  private readonly files: ReadonlyMap<string, Buffer>;
  private readonly services: ReadonlyMap<string, string>;
  /** The files that concern every service. */
  private readonly shared: ReadonlyMap<string, Buffer>;
  private readonly risks: readonly AnyRisk[];

  /** @param directory folder with platform.yaml, services/ and keys/ */
  constructor(directory: string) {
    const files = new Map<string, Buffer>();
    for (const file of filesBelow(directory)) {
      const path = relative(directory, file);
      if (/^(?:platform\.ya?ml|accepted-risks\.yaml|services\/[^/]+\.ya?ml|keys\/[^/]+\.pub)$/.test(path)) {
        files.set(path, readFileSync(file));
      }
    }
    this.files = files;
    this.services = new Map(
      [...files].flatMap(([path, bytes]) => (path.startsWith('services/') ? [[nameOf(path, bytes), path]] : [])),
    );
    this.shared = new Map([...files].filter(([path]) => /^(?:platform\.ya?ml$|keys\/)/.test(path)));
    const risks = files.get('accepted-risks.yaml');
    this.risks = risks === undefined ? [] : ((parse(risks.toString('utf8')) as { risks?: AnyRisk[] }).risks ?? []);
  }

  /** The whole catalog. */
  all(): Bundle {
    return createBundle('catalog', this.files);
  }

  /**
   * What concerns one service: the platform, the keys, the service's own file, the risks that are accepted for it, and name, team and source of the
   * services that its network names. It is a valid catalog.
   * @param service of the catalog
   * @param all services of the catalog
   */
  of(service: Service, all: ReadonlyMap<string, Service>): Bundle {
    const part = new Map(this.shared);
    const path = this.services.get(service.name);
    const own = path === undefined ? undefined : this.files.get(path);
    if (own !== undefined) {
      // By its name: its file can have the name of a peer.
      part.set(`services/${service.name}.yaml`, own);
    }
    for (const peer of peersOf(service)) {
      const described = all.get(peer);
      if (described !== undefined && peer !== service.name) {
        part.set(`services/${peer}.yaml`, describePeer(described));
      }
    }
    const risks = this.risks.filter((risk) => risk.service === undefined || risk.service === service.name);
    if (risks.length > 0) {
      part.set('accepted-risks.yaml', text({ version: 1, risks }));
    }
    return createBundle('catalog', part);
  }
}

interface AnyRisk {
  readonly service?: string;
}

/** Most files have the name on a line of its own; parsing each one would take most of the time of a synth. */
function nameOf(path: string, bytes: Buffer): string {
  const content = bytes.toString('utf8');
  return (
    /^name: *["']?([a-z0-9-]+)["']? *$/m.exec(content)?.[1] ?? readServiceName({ file: path, text: content }) ?? ''
  );
}

function peersOf({ network }: Service): readonly string[] {
  const targets = network.to.flatMap((target) => ('service' in target ? [target.service] : []));
  return [...new Set([...network.from, ...targets])].sort();
}

/** What the manifests of another service depend on, and what a service file requires. */
function describePeer({ version, name, team, source }: Service): Buffer {
  return text({ version, name, team, source: { repository: source.repository } });
}

/** JSON is YAML. */
function text(value: object): Buffer {
  return Buffer.from(`${JSON.stringify(value, undefined, 2)}\n`);
}
