import type { CheckedFile } from '../../parse/check-file';
import { type Path, valueAt } from '../../parse/field-path';
import type { Service } from '../../schema/service';
import type { Finding } from '../finding';

/**
 * Finds settings and arguments that YAML parses as a number or a boolean and that would reach the service as a different text: `1.10` as `1.1`.
 */
export function validateSettings({ partial, document }: CheckedFile<Service>): readonly Finding[] {
  return listTexts(partial ?? {}).flatMap(({ path, value }) => {
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
  });
}

interface Text {
  readonly path: Path;
  readonly value: string | undefined;
}

function listTexts({
  args = [],
  start,
  environments = {},
}: NonNullable<CheckedFile<Service>['partial']>): readonly Text[] {
  const settings = Object.entries(environments).flatMap(([environment, size]) =>
    Object.entries(size?.settings ?? {}).map(([variable, value]) => ({
      path: ['environments', environment, 'settings', variable],
      value,
    })),
  );
  const startSettings = Object.entries(start?.settings ?? {}).map(([variable, value]) => ({
    path: ['start', 'settings', variable],
    value,
  }));
  return [...args.map((value, index) => ({ path: ['args', index], value })), ...startSettings, ...settings];
}
