/** JSON pointers (RFC 6901) into the manifest of a Deployment. */
export const podSpecPointer = '/spec/template/spec';

/** Points to the only container of the pod. */
export const containerPointer = `${podSpecPointer}/containers/0`;

/** Fields of the probes of a container. */
export const probeFields = ['startupProbe', 'readinessProbe', 'livenessProbe'] as const;
