/**
 * What names must look like.
 * https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#names
 */
import { cause, type FieldCause } from './field-cause.ts';

const subdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const label = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const service = /^[a-z]([-a-z0-9]*[a-z0-9])?$/;

const patterns = {
  subdomain: {
    pattern: subdomain,
    longest: 253,
    message:
      "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
  },
  label: {
    pattern: label,
    longest: 63,
    message:
      "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')",
  },
  service: {
    pattern: service,
    longest: 63,
    message:
      "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')",
  },
  path: { pattern: /^(?!\.{1,2}$)[^/%]+$/, longest: 253, message: "may not contain '/'" },
} as const;

export type NamePattern = keyof typeof patterns;

/** Whether a text is the subdomain that stands before the slash of a label's key. */
export function isSubdomain(value: string): boolean {
  return subdomain.test(value);
}

/** What is wrong with a name, in the API server's words. */
export function nameProblems(name: string, wanted: NamePattern): string[] {
  const { pattern, longest, message } = patterns[wanted];
  const tooLong = name.length > longest ? [`must be no more than ${longest} characters`] : [];
  return pattern.test(name) ? tooLong : [...tooLong, message];
}

/** The refusals of a name. @param wanted default `subdomain` */
export function nameFaults(field: string, name: string, wanted: NamePattern = 'subdomain'): FieldCause[] {
  return nameProblems(name, wanted).map((problem) => cause.invalid(field, name, problem));
}
