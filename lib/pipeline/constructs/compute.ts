import { aws_codebuild as codebuild } from 'aws-cdk-lib';
import type { Service } from '../../catalog';

/** Sizes of build machines, ascending. */
const sizeOf = {
  small: codebuild.ComputeType.SMALL,
  medium: codebuild.ComputeType.MEDIUM,
  large: codebuild.ComputeType.LARGE,
} as const;

/** The machine that builds a service: `compute` of the catalog. */
export function buildCompute({ compute }: Pick<Service, 'compute'>): codebuild.ComputeType {
  return sizeOf[compute];
}

/** The machine that scans: scanning two target platforms and analyzing the call graph need memory. */
export const scanCompute = codebuild.ComputeType.MEDIUM;

/** The machine for a job that builds and scans: the larger one of both. */
export function buildAndScanCompute(service: Pick<Service, 'compute'>): codebuild.ComputeType {
  const needed = [buildCompute(service), scanCompute];
  return Object.values(sizeOf).findLast((size) => needed.includes(size)) ?? scanCompute;
}
