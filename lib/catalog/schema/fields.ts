import { z } from 'zod';
import { durationSeconds, isCpuQuantity, isDuration, isImageReference, isMemoryQuantity } from '../../values';

/* The field types of the catalog. Each message completes the sentence "expected …" of an error: the valid form, with an example. */

const dnsLabel = /^[a-z](?:[-a-z0-9]*[a-z0-9])?$/;

/** A name that is valid in Kubernetes and AWS. 40 characters leave room for `-primary`, `-canary` and pipeline suffixes within 63. */
export const nameField = z
  .string()
  .max(40, 'a name of at most 40 characters')
  .regex(dnsLabel, 'a lowercase name that starts with a letter and contains only letters, digits and "-"');

export const memoryField = z.string().refine(isMemoryQuantity, 'memory with a binary unit Ki, Mi or Gi, such as 512Mi');

export const cpuField = z
  .union([z.string(), z.number()], { error: 'cores or millicores, such as 250m or 1.5' })
  .transform(String)
  .refine(isCpuQuantity, 'cores or millicores, such as 250m or 1.5');

export const replicasField = z
  .int('an integer number of replicas')
  .min(1, 'at least 1 replica')
  .max(100, 'at most 100 replicas');

/** By these, checkov takes a manifest for a Helm template and skips it (checkov/kubernetes/parser/k8_yaml.py); `publish` then refuses it. */
const helmExpression = /\{\{-?\s*\.(?:Release|Values)\./;

/**
 * Characters outside of YAML (https://yaml.org/spec/1.2.2/#51-character-set), halves of characters of UTF-16 among them. Line breaks, also those
 * of Unicode, and the byte order mark are none of them.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: it finds them
const controlCharacter = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]|\p{Surrogate}/u;

/** A text that reaches a manifest unchanged, and the manifest the checkers. */
export const manifestTextField = (expected: string) =>
  z
    .string(expected)
    .refine(
      (text) => !controlCharacter.test(text),
      'text without control characters, which no YAML file can contain as they are: remove them, or build the file into the image',
    )
    .refine(
      (text) => !helmExpression.test(text),
      'text without {{ .Values. and {{ .Release., by which checkov takes a manifest for a Helm template and does not check it',
    );

/** An environment variable or an argument. Numbers and booleans are accepted for convenience and converted to text. */
export const settingField = z
  .union([z.string(), z.number(), z.boolean()], { error: 'text, a number, true or false' })
  .transform(String)
  .pipe(manifestTextField('text'));

export const durationField = z.string().refine(isDuration, 'a duration with a unit ms, s, m, h or d, such as 500ms');

/** A duration between two bounds, inclusive. */
export function durationBetween(min: string, max: string) {
  const expected = `a duration from ${min} to ${max}`;
  return durationField.refine((text) => {
    if (!isDuration(text)) {
      // durationField reports this error.
      return true;
    }
    const seconds = durationSeconds(text);
    return seconds >= durationSeconds(min) && seconds <= durationSeconds(max);
  }, expected);
}

/** A duration of whole seconds between two bounds, inclusive. Kubernetes, Flagger and Prometheus take no fractions in these places. */
export function wholeSecondsBetween(min: string, max: string) {
  return durationBetween(min, max).refine(
    (text) => !isDuration(text) || Number.isInteger(durationSeconds(text)),
    'whole seconds, such as 15s',
  );
}

/** A percentage such as `1%` or `0.5%`, greater than 0% and at most 50%. */
export const percentField = z.string().refine((text) => {
  const match = /^([0-9]+(?:\.[0-9]+)?)%$/.exec(text);
  return match !== null && Number(match[1]) > 0 && Number(match[1]) <= 50;
}, 'a percentage greater than 0% and at most 50%, such as 1%');

/** Converts a percentage to a fraction: `1%` to 0.01. */
export function parsePercentage(percent: string): number {
  return Number((Number(percent.replace('%', '')) / 100).toPrecision(12));
}

/** A path relative to the root of the source. It contains no `..` and cannot be mistaken for a command-line option. */
export const sourcePathField = z
  .string()
  .regex(
    /^(?:\.|(?:\.\/)?(?!-)(?!\.\.(?:\/|$))[A-Za-z0-9_][A-Za-z0-9_.-]*(?:\/(?!\.\.(?:\/|$))[A-Za-z0-9_.][A-Za-z0-9_.-]*)*\/?)$/,
    'a relative path inside the source, such as ./cmd/hello, without ".."',
  );

/** A file or a folder of the source that the build reads as it is: names can begin with a dot. */
export const sourceFileField = z
  .string()
  .regex(
    /^(?:\.|(?:\.\/)?(?!-)(?!\.{1,2}(?:\/|$))[A-Za-z0-9_.@+=,~-]+(?:\/(?!\.{1,2}(?:\/|$))[A-Za-z0-9_.@+=,~-]+)*\/?)$/,
    'a relative path inside the source, such as web/templates, without ".."',
  );

export const urlPathField = z.string().regex(/^\/[A-Za-z0-9/_.-]*$/, 'a URL path, such as /metrics');

export const imageField = z
  .string()
  .refine(isImageReference, 'an image by digest, such as registry.example/base@sha256:<64 hexadecimal digits>');

export const accountField = z.string().regex(/^[0-9]{12}$/, 'an AWS account ID: twelve digits in quotation marks');

export const regionField = z.string().regex(/^[a-z]{2}(?:-[a-z]+)+-[0-9]$/, 'an AWS region, such as eu-west-1');

/** Stricter than git: the name must also be safe wherever it is printed. */
export const branchField = z
  .string()
  .max(100, 'a branch name of at most 100 characters')
  .regex(/^[A-Za-z0-9][A-Za-z0-9._/-]*$/, 'a branch name of letters, digits, ".", "_", "/" and "-"')
  .refine(
    (text) => !text.includes('..') && !text.endsWith('/') && !text.endsWith('.lock'),
    'a valid git branch name: no "..", and no "/" or ".lock" at the end',
  );

/** A port that the service opens. Its processes are unprivileged and have no capability to bind a lower one (capabilities(7)). */
export const portField = z
  .int({ error: 'a port number from 1024 to 65535' })
  .min(
    1024,
    'a port number of at least 1024: the service does not run as root, and only root may open lower ports. Let the service listen on another port, such as 8080; clients still reach it through the Gateway, which listens on 80 or 443',
  )
  .max(65535, 'a port number of at most 65535');

/** The name of a namespace (RFC 1123 label). */
export const namespaceField = z
  .string()
  .max(63, 'the name of a namespace, of at most 63 characters')
  .regex(/^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?$/, 'the name of a namespace, such as monitoring');

const addressRangeExpected = 'an address range in CIDR notation, such as 10.20.0.0/16 or fd00:ec2::23/128';

/** An IPv4 or IPv6 range. */
export const addressRangeField = z.union([z.cidrv4(addressRangeExpected), z.cidrv6(addressRangeExpected)], {
  error: addressRangeExpected,
});

/** Whether a program can parse a URL. Patterns also accept `https://:9090` and the ports 0 and 99999. */
export function isUrl(text: string): boolean {
  return URL.canParse(text) && new URL(text).port !== '0';
}

/**
 * A text of a pattern that is also a URL.
 * @param unparsed what is expected where only {@link isUrl} fails
 */
export function urlField(pattern: RegExp, expected: string, unparsed = expected) {
  return z.string().regex(pattern, { error: expected, abort: true }).refine(isUrl, unparsed);
}

/** The API of a GitHub App's host. */
export const githubApiField = urlField(
  /^https:\/\/[A-Za-z0-9.:/_-]*[A-Za-z0-9_-]$/,
  'the HTTPS URL of the GitHub API, without a trailing slash',
  'the HTTPS URL of the GitHub API, with a port of at most 65535',
);

export function httpUrlField(expected: string) {
  return urlField(/^https?:\/\/[A-Za-z0-9./:_-]+$/, expected);
}

/** Any HTTP URL, including one with credentials, a query or a fragment. */
export function anyHttpUrlField(expected: string) {
  return urlField(/^https?:\/\/\S+$/, expected);
}

/** Labels of a Kubernetes object (https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set). */
export const labelsField = z.record(
  z
    .string()
    .regex(
      /^(?:[a-z0-9](?:[-a-z0-9.]{0,251}[a-z0-9])?\/)?[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/,
      'the name of a Kubernetes label, such as release',
    ),
  z
    .string()
    .regex(
      /^(?:[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/,
      'the value of a Kubernetes label: at most 63 letters, digits, "-", "_" and "."',
    ),
);
