import type { Rule } from '../rule';
import { validateObject } from '../schemas/validate-object';

export const schemaMismatch: Rule = {
  id: 'PD018',
  title: 'An object matches the schema of its kind',
  why: 'A misspelled field is dropped or rejected by the API server, and its default applies: `intervall: 10s` means a check every 60 s. Objects of Flagger, Argo CD, Prometheus Operator and the Gateway API, and the workloads, autoscalers, Services and Ingresses of Kubernetes, are validated against the definitions at the versions that `tools/go/manifest-schemas` pins. Rules that compute times from an analysis skip one that does not match. A field of a newer version is reported too: accept it with its reason.',
  level: 'error',
  validatesSchema: true,
  check: (objects) =>
    objects.flatMap((object) => validateObject(object).map((violation) => ({ object, ...violation }))),
};
