import type { ClusterDriver } from './driver';
import { HostCluster, type Progress } from './host-cluster';
import type { Layout } from './layout';

/** The way in which this machine has its cluster. There is one so far: processes of the machine itself. */
export function driverOf(layout: Layout, progress: Progress): ClusterDriver {
  return new HostCluster(layout, progress);
}
