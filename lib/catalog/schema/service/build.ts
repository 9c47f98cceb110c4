import { z } from 'zod';
import { binaryPlatforms, imagePlatforms } from '../../../values';
import { sourceFileField, sourcePathField } from '../fields';
import { modulesSchema } from './modules';
import { testSchema } from './test';
import { toolchainFields } from './toolchain';

/** How the image and the plain binaries are built. */
export const buildSchema = z
  .strictObject({
    main: sourcePathField.default('.').describe('The main package, relative to the folder that contains go.mod.'),
    cgo: z.boolean('true or false').default(false).describe('Link C code. The base image then includes a C library.'),
    vendor: z
      .enum(['auto', 'always', 'never'], { error: '"auto", "always" or "never"' })
      .default('auto')
      .describe('Whether to build from the vendor folder. auto uses the folder if it exists.'),
    base: z
      .enum(['scratch', 'alpine', 'distroless'], { error: '"scratch", "alpine" or "distroless"' })
      .optional()
      .describe('Overrides the base image that `bowline explain service` shows.'),
    debugTools: z
      .boolean('true or false')
      .default(false)
      .describe('Include debugging tools (a shell) in the image. The base image is then alpine.'),
    certificates: z
      .boolean('true or false')
      .default(true)
      .describe('Include CA certificates in a scratch image. TLS clients need them.'),
    timeZones: z
      .boolean('true or false')
      .default(true)
      .describe('Include time zones in a scratch image. time.LoadLocation needs them.'),
    include: z
      .array(sourceFileField)
      .default([])
      .describe(
        'Additional files for the build context, which the compiler can read. They are not files of the image: see `build.files`. Embedded files are included automatically, except for keys, logs and settings, which must be listed here.',
      ),
    files: z
      .array(
        sourceFileField.refine(
          (path) => path !== '.' && path !== './',
          'the files that the program reads, not the whole source',
        ),
      )
      .default([])
      .describe(
        'Files and folders of the source that the program reads at run time. The image has them below /app, its working directory: web/templates becomes /app/web/templates.',
      ),
    tags: z
      .array(z.string().regex(/^[A-Za-z0-9_.]+$/, 'a build tag'))
      .default([])
      .describe('Go build tags.'),
    ...toolchainFields,
    linkFlags: z
      .array(
        z
          .string()
          .regex(
            /^-(?:X=[A-Za-z0-9_./-]+=[A-Za-z0-9_.:/+-]*|linkmode=external|extldflags=-static|compressdwarf=(?:true|false)|checklinkname=0)$/,
            'a linker flag, such as -X=example.com/app/version.Name=value',
          ),
      )
      .default([])
      .describe('Additional linker flags. -s -w -buildid= are always set.'),
    platforms: z
      .array(z.enum(imagePlatforms, { error: `one of ${imagePlatforms.join(', ')}` }))
      .min(1, 'at least one target platform')
      .meta({ uniqueItems: true })
      .optional()
      .describe('Target platforms of the image. Default: linux/amd64 and linux/arm64, or linux/amd64 with cgo.'),
    modules: modulesSchema.optional(),
    test: testSchema,
    binaries: z
      .array(z.enum(binaryPlatforms, { error: `one of ${binaryPlatforms.join(', ')}` }))
      .meta({ uniqueItems: true })
      .default([])
      .describe('Target platforms of plain binaries, built in addition to the image.'),
  })
  .prefault({});
