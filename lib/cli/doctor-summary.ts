import type { ToolState } from '../tools';
import { counted } from './terminal';

/** What to do about what a purpose lacks: what is got by a command, and what has to be there before. */
export function doctorSummary(lacking: readonly ToolState[]): string {
  if (lacking.length === 0) {
    return 'Everything that the road needs is there.\n';
  }
  const own = lacking.filter(({ installable }) => !installable).map(({ source }) => `${source}.\n`);
  const installable = lacking.filter((state) => state.installable).length;
  const rest =
    installable === 0
      ? ''
      : `${counted(installable, 'tool')} of the road ${installable === 1 ? 'is' : 'are'} missing: bowline doctor --install gets ${installable === 1 ? 'it' : 'them'}${own.length === 0 ? '' : ' then'}.\n`;
  return `${own.join('')}${rest}`;
}
