import { z } from 'zod';
import { manifestTextField } from '../fields';

const filePathField = z
  .string()
  .max(200, 'a path of at most 200 characters')
  .regex(
    /^(?:\/(?!\.{1,2}(?:\/|$))[A-Za-z0-9_.-]+)+$/,
    'an absolute path of letters, digits, "_", "." and "-", such as /etc/app/config.yaml',
  );

/** Configuration files by path. */
export const filesSchema = z
  .record(filePathField, manifestTextField('the content of the file as text, such as a block that begins with |'))
  .prefault({})
  .describe(
    'Configuration files that the service reads, as text by path, such as { /etc/app/config.yaml: "…" }. They are read-only. A change is rolled out like a release.',
  );
