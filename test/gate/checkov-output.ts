import type { CheckovFile } from '../../lib/gate/checkov-input';

/** What checkov 3.3 writes if it ran no check. */
export const checkovZeroCount = {
  passed: 0,
  failed: 0,
  skipped: 0,
  parsing_errors: 0,
  resource_count: 0,
  checkov_version: '3.3.30',
};

/** What `checkov --output json --output cyclonedx_json` writes: findings, and the inventory of these files. */
export function checkovOutput(findings: unknown, files: readonly CheckovFile[]): string {
  const components = files.flatMap(({ path, framework, sha1, resources }) =>
    (framework === 'dockerfile' ? ['Dockerfile.', 'Dockerfile.FROM'] : resources).map((name) => ({
      type: 'application',
      name,
      purl: `pkg:${framework}/cli_repo/files/${path}/${name}@sha1:${sha1}`,
    })),
  );
  const inventory = { bomFormat: 'CycloneDX', specVersion: '1.4', ...(components.length > 0 ? { components } : {}) };
  return `${JSON.stringify(findings, undefined, 4)}\n\n--- OUTPUT DELIMITER ---\n\n${JSON.stringify(inventory)}\n`;
}
