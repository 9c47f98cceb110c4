import { z } from 'zod';
import { durationBetween, settingField } from '../fields';

/** The first start of an image, in the build. */
export const startSchema = z
  .strictObject({
    settings: z
      .record(
        z.string().regex(/^[A-Z_][A-Z0-9_]*$/, 'an environment variable in upper case, such as LOG_LEVEL'),
        settingField,
      )
      .prefault({})
      .describe(
        'Environment variables for the first start only, in addition to the settings of the first environment. A value for the variable of a secret stands in for the secret.',
      ),
    requests: z
      .array(z.string().regex(/^\/[!-~]*$/, 'a URL path, with its query if it needs one, such as /orders?limit=1'))
      .max(20, 'at most 20 requests')
      .optional()
      .describe(
        'Paths that the first start requests once each (GET), so that metrics which appear with the first request exist. Default: traffic.path.',
      ),
    timeout: durationBetween('1s', '5m')
      .default('30s')
      .describe('How long the service may take to become ready in the first start.'),
    skip: z
      .string()
      .min(10, 'the reason, in at least 10 characters')
      .max(200, 'the reason, in at most 200 characters')
      .optional()
      .describe('Do not start the image in the build, for this reason. The release record shows the reason.'),
  })
  .prefault({})
  .describe('How the build starts the image once before it is shipped.');
