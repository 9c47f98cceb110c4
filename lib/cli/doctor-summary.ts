import type { ToolState } from '../tools';
import { counted } from './terminal';

/** How to install the missing tools: prerequisites first, then what `bowline doctor --install` installs. */
export function doctorSummary(missing: readonly ToolState[]): string {
  if (missing.length === 0) {
    return 'Every tool of the release pipeline is installed.\n';
  }
  const prerequisites = missing.filter(({ installable }) => !installable).map(({ source }) => `${source}.\n`);
  const installable = missing.filter((state) => state.installable).length;
  const rest =
    installable === 0
      ? ''
      : `${counted(installable, 'tool')} of the release pipeline ${installable === 1 ? 'is' : 'are'} missing: ${prerequisites.length === 0 ? 'run' : 'then run'} bowline doctor --install.\n`;
  return `${prerequisites.join('')}${rest}`;
}
