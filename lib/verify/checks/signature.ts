import { classAnnotation, serviceAnnotation } from '../annotations';
import { type Check, failed, passed, skipped, unknown, verdictCheck } from '../check';

/** A signature of this digest by the key, for the environment class. */
export const signatureCheck: Check = {
  id: 'signature',
  title: 'The key of the environment class signed this digest',
  codes: ['no-signature', 'key-mismatch'],
  run: ({ facts: { signatures, key }, expected }) => {
    if (signatures.kind === 'unknown') {
      return unknown('evidence-unreadable', signatures.message);
    }
    if (signatures.kind === 'not-signed') {
      return signatures.failure === 'other-key'
        ? failed('key-mismatch', 'the image is signed, but not by this key')
        : failed('no-signature', 'the image has no signature by this key');
    }
    const classes = signatures.values.flatMap((annotations) => annotations[classAnnotation] ?? []);
    if (expected.class === undefined ? classes.length === 0 : !classes.includes(expected.class)) {
      return failed(
        'no-signature',
        `the image has no signature for the class ${expected.class ?? 'of any environment'} by this key, only for ${classes.join(', ') || 'none'}`,
      );
    }
    return passed(`signed for ${expected.class ?? classes.join(', ')} by ${key}`);
  },
};

/** The signature is for the service: one that was copied from another service does not count. */
export const serviceCheck: Check = {
  id: 'service',
  title: 'The signature is for this service',
  codes: ['no-signature'],
  run: ({ facts: { signatures }, expected, verdict }) => {
    const service = expected.service ?? verdict?.service;
    if (signatures.kind !== 'signed' || service === undefined) {
      return skipped('there is no signature, or no service to compare it with');
    }
    const services = signatures.values
      .filter((annotations) => expected.class === undefined || annotations[classAnnotation] === expected.class)
      .map((annotations) => annotations[serviceAnnotation] ?? 'no service');
    return services.includes(service)
      ? passed(`signed for ${service}`)
      : failed('no-signature', `the image has no signature for ${service}, only for ${services.join(', ') || 'none'}`);
  },
};

/** The verdict names the service. */
export const verdictServiceCheck: Check = verdictCheck(
  'verdict-subject',
  'The verdict is about this digest, in this repository, of this service',
  ['verdict-subject-mismatch', 'other-service'],
  ({ image, service }, { location, expected }) => {
    if (image.digest !== location.digest || image.repository !== location.repository) {
      return failed(
        'verdict-subject-mismatch',
        `the verdict is about ${image.repository}@${image.digest}, not about ${location.repository}@${location.digest}`,
      );
    }
    return expected.service === undefined || service === expected.service
      ? passed(`about ${service}`)
      : failed('other-service', `the verdict is about the service ${service}, not about ${expected.service}`);
  },
);
