import type { ImagePlatform } from '../../values';
import { runtimeUser } from '../dockerfile';
import { startFolder } from './start-plan';

/** The named build context with the probe program, its plan and the files of the catalog. */
export const startProbeContext = 'bowline-start-probe';

/** The build target with the reports of all platforms. */
export const startTarget = 'start-report';

export interface StartStageInputs {
  readonly platforms: readonly ImagePlatform[];
  /** The platform that the builder runs without emulation. */
  readonly native: string;
  /** The paths that the cluster mounts from the catalog, in the order of their files `files/0`, `files/1`, … in the context. */
  readonly files: readonly string[];
  /** Size of /tmp, in bytes. */
  readonly tmpBytes: number;
}

/**
 * Renders the stages that start the image, for the end of its Dockerfile. The image's own user starts the probe program, which starts the image's
 * program: without network, with an empty /tmp as in the cluster. Everything else stays writable where the user may write, because a write that
 * succeeds is found, while a write to a read-only root only changes what the program does. The program of another platform is read, not run.
 */
export function renderStartStages({ platforms, native, files, tmpBytes }: StartStageInputs): string {
  const probe = `${startFolder}/probe/start-probe`;
  const plan = `${startFolder}/probe/plan.json`;
  const result = `${startFolder}/result`;
  const copyResult = `COPY --from=${startProbeContext} --chown=${runtimeUser}:${runtimeUser} result ${result}`;
  const mountProbe = `--mount=type=bind,from=${startProbeContext},target=${startFolder}/probe`;
  const stages = platforms.flatMap((platform) => {
    const architecture = platform.split('/')[1] ?? '';
    return platform === native
      ? [
          '',
          `FROM image AS start-${architecture}`,
          copyResult,
          [
            `RUN --network=none ${mountProbe} --mount=type=tmpfs,target=/tmp,size=${tmpBytes}`,
            ...files.map(
              (path, index) => `--mount=type=bind,from=${startProbeContext},source=files/${index},target=${path}`,
            ),
            JSON.stringify([probe, 'start', plan, result]),
          ].join(' '),
        ]
      : [
          '',
          `FROM --platform=$BUILDPLATFORM scratch AS start-${architecture}`,
          copyResult,
          `USER ${runtimeUser}:${runtimeUser}`,
          `RUN --network=none ${mountProbe} --mount=type=bind,from=image,target=/image ${JSON.stringify([probe, 'check', '/image', plan, result])}`,
        ];
  });
  const last = [
    '',
    'FROM start-$TARGETARCH AS started',
    '',
    `FROM scratch AS ${startTarget}`,
    `COPY --from=started ${result}/ /`,
  ];
  return `${[...stages, ...last].join('\n')}\n`;
}
