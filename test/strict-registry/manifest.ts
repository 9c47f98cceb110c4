import { z } from 'zod';
import { digestOf } from '../../lib/values';

const descriptorSchema = z.looseObject({
  mediaType: z.string(),
  digest: z.string(),
  artifactType: z.string().optional(),
});
type Descriptor = z.infer<typeof descriptorSchema>;

const manifestSchema = z.looseObject({
  mediaType: z.string().optional(),
  artifactType: z.string().optional(),
  config: descriptorSchema.optional(),
  layers: z.array(descriptorSchema).default([]),
  manifests: z.array(descriptorSchema).default([]),
  subject: descriptorSchema.optional(),
  annotations: z.record(z.string(), z.string()).optional(),
});

/** What a registry has to know of a manifest. */
export interface PushedManifest {
  readonly digest: string;
  readonly mediaType: string;
  readonly bytes: number;
  /** The type that the list of referrers gives (OCI distribution specification, "Listing Referrers"). */
  readonly artifactType: string | undefined;
  readonly annotations: Readonly<Record<string, string>> | undefined;
  readonly subject: string | undefined;
  /** Digests of the images of an index. */
  readonly images: readonly string[];
  /** Digests of the configuration and the layers of an image. */
  readonly blobs: readonly string[];
  readonly mediaTypes: readonly string[];
}

export function readManifest(body: Buffer, contentType: string): PushedManifest {
  const manifest = manifestSchema.parse(JSON.parse(body.toString('utf8')));
  const descriptors: readonly Descriptor[] = [
    ...(manifest.config === undefined ? [] : [manifest.config]),
    ...manifest.layers,
    ...manifest.manifests,
  ];
  return {
    digest: digestOf(body.toString('utf8')),
    mediaType: contentType,
    bytes: body.length,
    artifactType: manifest.artifactType ?? manifest.config?.mediaType,
    annotations: manifest.annotations,
    subject: manifest.subject?.digest,
    images: manifest.manifests.map(({ digest }) => digest),
    blobs: [
      ...(manifest.config === undefined ? [] : [manifest.config.digest]),
      ...manifest.layers.map((l) => l.digest),
    ],
    mediaTypes: [
      contentType,
      ...(manifest.artifactType === undefined ? [] : [manifest.artifactType]),
      ...descriptors.map(({ mediaType }) => mediaType),
    ],
  };
}
