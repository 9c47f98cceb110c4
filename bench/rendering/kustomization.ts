import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parseAllDocuments, stringify } from 'yaml';
import type { RenderedFiles } from '../../lib/ledger';

interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace: string };
}

interface Operation {
  readonly op: 'add' | 'remove' | 'replace';
  readonly path: string;
  readonly value?: unknown;
}

/** Writes a base: the manifests of one environment. */
export function writeBase(folder: string, files: RenderedFiles): void {
  const names = [...files].map(([path, text]) => {
    const file = path.startsWith('apps/') ? 'application.yaml' : basename(path);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, file), text);
    return file;
  });
  writeFileSync(join(folder, 'kustomization.yaml'), stringify({ resources: names }));
}

/** Writes an overlay: patches from the base to the manifests of another environment. */
export function writeOverlay(folder: string, base: string, from: RenderedFiles, to: RenderedFiles): void {
  const before = objectsIn(from);
  const patches = objectsIn(to).flatMap((after, index) => {
    const object = before[index] as KubernetesObject;
    const operations = diffToPatch(object, after, '');
    return operations.length === 0
      ? []
      : [
          {
            target: { kind: object.kind, name: object.metadata.name, namespace: object.metadata.namespace },
            options: { allowNameChange: true },
            patch: JSON.stringify(operations),
          },
        ];
  });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'kustomization.yaml'), stringify({ resources: [base], patches }, { lineWidth: 0 }));
}

export function objectsIn(files: RenderedFiles): readonly KubernetesObject[] {
  return [...files.values()].flatMap((text) =>
    parseAllDocuments(text).map((document) => document.toJS() as KubernetesObject),
  );
}

/** JSON Patch (RFC 6902) from one value to another. */
function diffToPatch(from: unknown, to: unknown, path: string): readonly Operation[] {
  if (JSON.stringify(from) === JSON.stringify(to)) {
    return [];
  }
  if (!isRecord(from) || !isRecord(to) || (Array.isArray(from) && from.length !== (to as unknown as []).length)) {
    return [{ op: 'replace', path, value: to }];
  }
  const at = (key: string) => `${path}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
  return [
    ...Object.keys(from).flatMap((key): readonly Operation[] =>
      key in to ? diffToPatch(from[key], to[key], at(key)) : [{ op: 'remove', path: at(key) }],
    ),
    ...Object.keys(to).flatMap((key): readonly Operation[] =>
      key in from ? [] : [{ op: 'add', path: at(key), value: to[key] }],
    ),
  ];
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
