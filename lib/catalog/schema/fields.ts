import { z } from 'zod';
import { durationSeconds, isCpuQuantity, isDuration, isImageReference, isMemoryQuantity } from '../../values';

/**
 * The catalog's field types. The message of each is the sentence "expected …" of an error: what would be right, with an example.
 */
const dnsLabel = /^[a-z](?:[-a-z0-9]*[a-z0-9])?$/;

/** A Kubernetes and AWS safe name. 40 characters leave room for `-primary`, `-canary` and the pipeline's own suffixes within 63. */
export const nameField = z
  .string()
  .max(40, 'a name of at most 40 characters')
  .regex(dnsLabel, 'a name in lower case: letters, digits and "-", beginning with a letter');

export const memoryField = z.string().refine(isMemoryQuantity, 'memory with a binary unit Ki, Mi or Gi, such as 512Mi');

export const cpuField = z
  .union([z.string(), z.number()], { error: 'cores or millicores, such as 250m or 1.5' })
  .transform(String)
  .refine(isCpuQuantity, 'cores or millicores, such as 250m or 1.5');

export const replicasField = z
  .int('a whole number of replicas')
  .min(1, 'at least 1 replica')
  .max(100, 'at most 100 replicas');

/** The value of an environment variable. Numbers and truths are taken for the comfort of who writes; they become text. */
export const settingField = z
  .union([z.string(), z.number(), z.boolean()], { error: 'text, a number, or true or false' })
  .transform(String);

export const durationField = z.string().refine(isDuration, 'a duration with a unit ms, s, m, h or d, such as 500ms');

/** A duration between two bounds, both included. */
export function durationBetween(least: string, most: string) {
  const expected = `a duration from ${least} to ${most}`;
  return durationField.refine((text) => {
    if (!isDuration(text)) {
      // Said by durationField already.
      return true;
    }
    const seconds = durationSeconds(text);
    return seconds >= durationSeconds(least) && seconds <= durationSeconds(most);
  }, expected);
}

/** A share such as `1%` or `0.5%`, more than none and at most half. */
export const percentField = z.string().refine((text) => {
  const match = /^([0-9]+(?:\.[0-9]+)?)%$/.exec(text);
  return match !== null && Number(match[1]) > 0 && Number(match[1]) <= 50;
}, 'a percentage above 0% and at most 50%, such as 1%');

/** The fraction of a percentage text: `1%` is 0.01. */
export function parsePercentage(percent: string): number {
  return Number((Number(percent.replace('%', '')) / 100).toPrecision(12));
}

/** A path inside the source, from its root: no `..`, no absolute path, nothing that a flag parser would take for an option. */
export const sourcePathField = z
  .string()
  .regex(
    /^(?:\.|(?:\.\/)?(?!-)(?!\.\.(?:\/|$))[A-Za-z0-9_][A-Za-z0-9_.-]*(?:\/(?!\.\.(?:\/|$))[A-Za-z0-9_.][A-Za-z0-9_.-]*)*\/?)$/,
    'a path inside the source such as ./cmd/hello, without ".."',
  );

export const urlPathField = z.string().regex(/^\/[A-Za-z0-9/_.-]*$/, 'a URL path such as /metrics');

export const imageField = z
  .string()
  .refine(isImageReference, 'an image by digest, such as registry.example/base@sha256:<64 hexadecimal digits>');

export const accountField = z.string().regex(/^[0-9]{12}$/, 'an AWS account: twelve digits in quotation marks');

export const regionField = z.string().regex(/^[a-z]{2}(?:-[a-z]+)+-[0-9]$/, 'an AWS region such as eu-west-1');

/** A branch that is also safe in every place where it is formatValue; git itself would allow much more. */
export const branchField = z
  .string()
  .max(100, 'a branch name of at most 100 characters')
  .regex(/^[A-Za-z0-9][A-Za-z0-9._/-]*$/, 'a branch name of letters, digits, ".", "_", "/" and "-"')
  .refine(
    (text) => !text.includes('..') && !text.endsWith('/') && !text.endsWith('.lock'),
    'a branch name that git takes',
  );

export const portField = z
  .int({ error: 'a port number from 1024 to 65535' })
  .min(1024, 'a port from 1024 (the service runs without root rights)')
  .max(65535, 'a port number up to 65535');
