import type { LabServiceName } from '../lab-catalog';
import type { ScenarioContext } from './scenario-context';

/** A test case of the lab: what it does to the cluster, and what it expects. */
export interface Scenario {
  readonly number: number;
  /** Short, for tables and file names. */
  readonly name: string;
  /** One sentence. */
  readonly title: string;
  /** Whether the scenario starts from an empty cluster. The others start with a running service. */
  readonly startsEmpty?: boolean;
  /** The service that the scenario releases. @default hello */
  readonly service?: LabServiceName;
  readonly run: (context: ScenarioContext) => Promise<void>;
}
