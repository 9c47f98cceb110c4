import { LineCounter, parseAllDocuments } from 'yaml';
import { z } from 'zod';
import type { ConfigurationFile } from './configuration';
import type { Dockerfile, FoundPath } from './reading';

/** A probe path that a deployment of the service uses today. */
export interface DeployedProbe extends FoundPath {
  /** The port that it asks. Absent where it is not known. */
  readonly port?: number;
}

/** Reads the URL of HEALTHCHECK, such as `wget -q http://localhost:8080/status`. */
export function healthcheckProbes(dockerfiles: readonly Dockerfile[]): readonly DeployedProbe[] {
  return dockerfiles.flatMap(({ health }) => {
    const [, port, path] =
      /https?:\/\/(?:localhost|127\.0\.0\.1|0\.0\.0\.0)(?::([0-9]+))?(\/[A-Za-z0-9/_.-]+)/.exec(
        health?.arguments.join(' ') ?? '',
      ) ?? [];
    return health === undefined || path === undefined
      ? []
      : [
          {
            ...{ package: '', path, registered: false, router: '', probe: 'health' as const },
            ...{ file: health.file, line: health.line },
            ...(port === undefined ? {} : { port: Number(port) }),
          },
        ];
  });
}

const httpGet = z.object({ httpGet: z.object({ path: z.string(), port: z.union([z.int(), z.string()]) }) });
const containerSchema = z.object({
  name: z.string(),
  image: z.string(),
  ports: z.array(z.object({ name: z.string().optional(), containerPort: z.int() })).default([]),
  readinessProbe: httpGet.optional().catch(undefined),
  livenessProbe: httpGet.optional().catch(undefined),
});

/**
 * Reads the probes of the containers that run a service, from Kubernetes manifests of its checkout.
 * @param names the names that the image of the service may have
 */
export function manifestProbes(
  manifests: readonly ConfigurationFile[],
  names: readonly string[],
): readonly DeployedProbe[] {
  return manifests.flatMap(({ file, text }) => {
    const lines = new LineCounter();
    const documents = parseAllDocuments(text, { lineCounter: lines, prettyErrors: false, logLevel: 'silent' });
    return documents.flatMap((document) => {
      const offset = document.contents?.range?.[0] ?? 0;
      const line = lines.linePos(offset).line;
      return document.errors.length > 0
        ? []
        : containersIn(document.toJS())
            .filter(({ image }) => names.includes(imageName(image)))
            .flatMap(({ ports, readinessProbe, livenessProbe }) =>
              (
                [
                  ['ready', readinessProbe],
                  ['live', livenessProbe],
                ] as const
              ).flatMap(([probe, asked]): readonly DeployedProbe[] => {
                if (asked === undefined || !/^\/[A-Za-z0-9/_.-]*$/.test(asked.httpGet.path)) {
                  return [];
                }
                const { path, port } = asked.httpGet;
                const number = typeof port === 'number' ? port : ports.find(({ name }) => name === port)?.containerPort;
                return [
                  {
                    ...{ package: '', path, registered: false, router: '', probe, file, line },
                    ...(number === undefined ? {} : { port: number }),
                  },
                ];
              }),
            );
    });
  });
}

function containersIn(value: unknown): readonly z.output<typeof containerSchema>[] {
  if (value === null || typeof value !== 'object') {
    return [];
  }
  const found = Object.entries(value).flatMap(([key, inner]) => {
    const here = key === 'containers' && Array.isArray(inner) ? inner : [];
    return [
      ...here.flatMap((container) => {
        const parsed = containerSchema.safeParse(container);
        return parsed.success ? [parsed.data] : [];
      }),
      ...containersIn(inner),
    ];
  });
  return found;
}

/** `ghcr.io/acme/shop:v1@sha256:…` → shop */
function imageName(image: string): string {
  return (image.split('@')[0]?.split('/').at(-1) ?? '').split(':')[0] ?? '';
}
