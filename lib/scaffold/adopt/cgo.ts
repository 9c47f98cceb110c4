import type { Finding } from './finding';
import { at, type Reading } from './reading';

/** Modules that do not work without cgo, although some compile without it. */
const cgoModules = [
  'github.com/mattn/go-sqlite3',
  'github.com/confluentinc/confluent-kafka-go',
  'github.com/DataDog/zstd',
  'github.com/h2non/bimg',
  'github.com/davidbyttow/govips',
  'github.com/libgit2/git2go',
  'github.com/linxGnu/grocksdb',
  'github.com/marcboeker/go-duckdb',
  'gopkg.in/gographics/imagick.v3',
];

/** Finds what needs cgo. A Dockerfile that builds the program without it wins over modules that only may need it. */
export function findCgo({ packages, dockerfiles }: Reading): Finding<true> | undefined {
  const own = packages.find(({ cgo }) => cgo !== undefined)?.cgo;
  if (own !== undefined) {
    return { value: true, where: `${at(own)} (import "C")` };
  }
  const imported = packages
    .flatMap(({ imports }) => imports)
    .find(({ path }) => cgoModules.some((module) => path === module || path.startsWith(`${module}/`)));
  const withoutCgo = dockerfiles.some(({ cgoEnabled }) => cgoEnabled?.enabled === false);
  return imported === undefined || withoutCgo
    ? undefined
    : { value: true, where: `${at(imported)} (${imported.path} needs cgo)` };
}
