import type { CheckedFile } from '../parse/check-file';
import { valueAt } from '../parse/field-path';
import type { Service } from '../schema/service';
import type { Finding } from './finding';

/** Finds settings that YAML parses as a number or a boolean and that would reach the service as a different text: `1.10` as `1.1`. */
export function validateSettings({ partial, document }: CheckedFile<Service>): readonly Finding[] {
  return Object.entries(partial?.environments ?? {}).flatMap(([environment, size]) =>
    Object.entries(size?.settings ?? {}).flatMap(([variable, value]) => {
      const path = ['environments', environment, 'settings', variable];
      const written = document.sourceAt(path);
      return typeof valueAt(document.value, path) === 'string' || value === undefined || value === written
        ? []
        : [
            {
              code: 'setting-changed',
              path,
              expected: `${JSON.stringify(written)} in quotation marks: without them the service receives ${value}`,
            },
          ];
    }),
  );
}
