import type { Stage } from './scenario-context';

/** A story that the lab can play: what is done to it, and what has to come of that. */
export interface Scenario {
  readonly number: number;
  /** Short, for tables and file names. */
  readonly name: string;
  /** A sentence. */
  readonly title: string;
  /** Whether it begins with nothing released: all others begin with a service that runs. */
  readonly beginsEmpty?: boolean;
  readonly play: (stage: Stage) => Promise<void>;
}
