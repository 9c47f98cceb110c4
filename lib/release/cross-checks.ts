/** The facts of a record that must agree with each other. */
interface RecordFacts {
  readonly service: string;
  readonly image: { readonly platforms: Readonly<Record<string, unknown>> };
  readonly binaries: readonly { readonly platform: string; readonly file: string }[];
  readonly sboms?: Readonly<Record<string, unknown>>;
  readonly binarySboms?: Readonly<Record<string, unknown>>;
}

/** What a schema cannot say. @returns what is wrong, if anything */
export function contradiction(release: RecordFacts): string | undefined {
  const files = release.binaries.map(({ file }) => file);
  const misnamed = release.binaries.find(({ file, platform }) => file !== binaryFile(release.service, platform));
  if (misnamed !== undefined) {
    return `binaries: ${misnamed.file} is not the name of ${release.service} for ${misnamed.platform}`;
  }
  if (new Set(files).size !== files.length) {
    return 'binaries: a platform stands there twice';
  }
  if (release.sboms === undefined) {
    return undefined;
  }
  const platforms = Object.keys(release.image.platforms).sort().join(', ');
  const described = Object.keys(release.sboms).sort().join(', ');
  if (platforms !== described) {
    return `sboms: they are of ${described || 'no platform'}, and the image is for ${platforms}`;
  }
  const foreign = Object.keys(release.binarySboms ?? {}).find((file) => !files.includes(file));
  return foreign === undefined ? undefined : `binarySboms: ${foreign} is no binary of this release`;
}

/** As `binaryFileName` of lib/image. */
function binaryFile(service: string, platform: string): string {
  return `${service}-${platform.replace('/', '-')}${platform.startsWith('windows/') ? '.exe' : ''}`;
}
