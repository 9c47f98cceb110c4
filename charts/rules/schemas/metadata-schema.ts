const texts = { type: 'object', additionalProperties: { type: 'string' } };

/** The metadata of every kind. CustomResourceDefinitions declare it as an object only. */
export const metadataSchema = {
  type: 'object',
  additionalProperties: false,
  properties: {
    name: { type: 'string', maxLength: 253 },
    namespace: { type: 'string', maxLength: 63 },
    generateName: { type: 'string' },
    labels: texts,
    annotations: texts,
    finalizers: { type: 'array', items: { type: 'string' } },
    ownerReferences: { type: 'array' },
    // Written by the API server; exported objects have them.
    creationTimestamp: {},
    deletionGracePeriodSeconds: {},
    deletionTimestamp: {},
    generation: {},
    managedFields: {},
    resourceVersion: {},
    selfLink: {},
    uid: {},
  },
} as const;
