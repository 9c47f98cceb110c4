/** Where things are in the manifest of a Deployment (JSON pointers, RFC 6901). */
export const pod = '/spec/template/spec';

/** Its one container. */
export const container = `${pod}/containers/0`;

/** The container's probes. */
export const probes = ['startupProbe', 'readinessProbe', 'livenessProbe'] as const;
