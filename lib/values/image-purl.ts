import type { Digest } from './digest';
import type { ImageRepository } from './image-reference';

/** `pkg:oci/hello@sha256%3A…?repository_url=registry.example.com%2Facme%2Fhello` (package-url/purl-spec, types/oci). */
export function imagePurl(repository: ImageRepository, digest: Digest): string {
  const name = repository.slice(repository.lastIndexOf('/') + 1);
  return `pkg:oci/${name}@${encodeURIComponent(digest)}?repository_url=${encodeURIComponent(repository)}`;
}
