/**
 * One refused field, as the API server reports it in `details.causes`.
 * https://github.com/kubernetes/kubernetes/blob/master/staging/src/k8s.io/apimachinery/pkg/util/validation/field/errors.go
 */
import { goJson } from './json.ts';

const titles = {
  FieldValueRequired: 'Required value',
  FieldValueInvalid: 'Invalid value',
  FieldValueNotSupported: 'Unsupported value',
  FieldValueTypeInvalid: 'Invalid value',
  FieldValueTooLong: 'Too long',
  FieldValueTooMany: 'Too many',
  FieldValueForbidden: 'Forbidden',
  FieldValueDuplicate: 'Duplicate value',
} as const;

export interface FieldCause {
  readonly reason: string;
  /** Without the field: `Required value`. */
  readonly message: string;
  /** `spec.template.containers[0].name`; `<nil>` for the object as a whole. */
  readonly field: string;
}

/** `spec.name: Required value` */
export function causeText({ field, message }: FieldCause): string {
  return `${field}: ${message}`;
}

/** In place of a value that is not to be shown. */
export const omitted = Symbol('omitted');

function build(reason: keyof typeof titles, field: string, value: unknown, detail: string): FieldCause {
  const parts = [titles[reason], valueText(value), detail].filter((part) => part !== '');
  return { reason, message: parts.join(': '), field: field === '' ? '<nil>' : field };
}

/** A value as Go prints it here: a string only quoted, all else as JSON. */
function valueText(value: unknown): string {
  if (value === omitted) return '';
  return typeof value === 'string' ? JSON.stringify(value) : goJson(value ?? null);
}

/** Refusals by their reason. An empty `field` stands for the object as a whole. */
export const cause = {
  required: (field: string, detail = '') => build('FieldValueRequired', field, omitted, detail),
  forbidden: (field: string, detail: string) => build('FieldValueForbidden', field, omitted, detail),
  invalid: (field: string, value: unknown, detail: string) => build('FieldValueInvalid', field, value, detail),
  typeInvalid: (field: string, value: unknown, detail: string) => build('FieldValueTypeInvalid', field, value, detail),
  notSupported: (field: string, value: unknown, supported: readonly unknown[]) => {
    const texts = supported.map((item) => JSON.stringify(typeof item === 'string' ? item : goJson(item)));
    return build('FieldValueNotSupported', field, value, `supported values: ${texts.join(', ')}`);
  },
  tooLong: (field: string, maximum: number) =>
    build('FieldValueTooLong', field, omitted, `may not be more than ${maximum} bytes`),
  tooMany: (field: string, actual: number, maximum: number) =>
    build('FieldValueTooMany', field, actual, `must have at most ${maximum} items`),
  duplicate: (field: string, value: unknown) => build('FieldValueDuplicate', field, value, ''),
};
