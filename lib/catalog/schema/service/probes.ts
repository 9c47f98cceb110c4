import { z } from 'zod';
import { portField, urlPathField } from '../fields';

/** The paths that Kubernetes probes. */
export const probesSchema = z
  .strictObject({
    ready: urlPathField.default('/readyz').describe('Returns 200 when the process can accept requests.'),
    live: urlPathField
      .default('/livez')
      .describe('Returns 200 while the process is healthy. Otherwise Kubernetes restarts it.'),
    port: portField.optional().describe('The port that answers the probes. Default: `port`.'),
  })
  .prefault({});
