import { type Check, failed, passed, unknown } from '../check';

/** The registry has the image, with one image per platform, and returns what the digests name. */
export const imageCheck: Check = {
  id: 'image',
  title: 'The registry has this digest: an image for each platform, once, and nothing else',
  codes: ['image-missing', 'image-malformed', 'platform-unnamed', 'platform-unknown', 'platform-twice'],
  run: ({ image }) => {
    if (image.kind === 'image') {
      return passed(`an image for ${Object.keys(image.platforms).sort().join(', ')}`);
    }
    switch (image.code) {
      case 'registry-mismatch':
      case 'registry-unreachable':
        return unknown(image.code, image.message);
      default:
        return failed(image.code, image.message);
    }
  },
};
