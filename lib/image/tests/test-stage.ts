import type { Service } from '../../catalog';
import { compileCacheSeed } from '../compile-cache';
import { goVariables } from '../dockerfile';
import { runArgv } from '../run-argv';
import type { BuildLayout } from '../source/layout';

/** The named build context with the probe program and its plan. */
export const testProbeContext = 'bowline-test-probe';

/** The build target with the report of the tests. */
export const testTarget = 'test-report';

const folder = '/.bowline-test';

/**
 * Renders the stages that run the tests of a service, for the end of its Dockerfile: on the machine's own platform, in the stage with the modules, before
 * anything is compiled for the image. They have no network, and no secret is mounted. Their compile cache is not that of the image, because code of a test
 * can write to it. The source can be written, and what is written is discarded.
 */
export function renderTestStages(service: Service, layout: BuildLayout, race: boolean): string {
  const mounts = [
    '--network=none',
    '--mount=type=bind,target=/source,rw',
    `--mount=type=cache,id=go-test-${service.name},from=${compileCacheSeed},target=/cache`,
    `--mount=type=bind,from=${testProbeContext},target=${folder}/probe`,
  ];
  const probe = [`${folder}/probe/start-probe`, 'test', `${folder}/probe/plan.json`, `${folder}/result`];
  return `${[
    '',
    'FROM dependencies AS test',
    // The race detector is linked with cgo.
    `ENV ${goVariables(service, layout, service.build.cgo || race)}`,
    runArgv(mounts, probe),
    '',
    `FROM scratch AS ${testTarget}`,
    `COPY --from=test ${folder}/result/ /`,
  ].join('\n')}\n`;
}
