/**
 * One refused field, as the API server reports it in `details.causes`.
 * https://github.com/kubernetes/kubernetes/blob/master/staging/src/k8s.io/apimachinery/pkg/util/validation/field/errors.go
 */
import { goJson } from './json.ts';

type FieldErrorType =
  | 'FieldValueRequired'
  | 'FieldValueInvalid'
  | 'FieldValueNotSupported'
  | 'FieldValueTypeInvalid'
  | 'FieldValueTooLong'
  | 'FieldValueTooMany'
  | 'FieldValueForbidden'
  | 'FieldValueDuplicate';

export interface FieldError {
  /** `spec.template.containers[0].name`; `<nil>` for the object as a whole. */
  readonly field: string;
  readonly type: FieldErrorType;
  /** With the field in front: `spec.name: Required value`. */
  readonly message: string;
}

const titles: Readonly<Record<FieldErrorType, string>> = {
  FieldValueRequired: 'Required value',
  FieldValueInvalid: 'Invalid value',
  FieldValueNotSupported: 'Unsupported value',
  FieldValueTypeInvalid: 'Invalid value',
  FieldValueTooLong: 'Too long',
  FieldValueTooMany: 'Too many',
  FieldValueForbidden: 'Forbidden',
  FieldValueDuplicate: 'Duplicate value',
};

function build(type: FieldErrorType, path: string, value: string | undefined, detail: string): FieldError {
  const field = path === '' ? '<nil>' : path;
  const parts = [field, titles[type], value, detail].filter((part) => part !== undefined && part !== '');
  return { field, type, message: parts.join(': ') };
}

/** A value as Go prints it here: a quoted string, null as the string it is not. */
function valueText(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  return value === null ? '"null"' : goJson(value);
}

/** The part of an error that needs no value, or shows one that is wrong. */
export const fieldError = {
  required: (path: string, detail = '') => build('FieldValueRequired', path, undefined, detail),
  forbidden: (path: string, detail: string) => build('FieldValueForbidden', path, undefined, detail),
  invalid: (path: string, value: unknown, detail: string) => build('FieldValueInvalid', path, valueText(value), detail),
  typeInvalid: (path: string, value: unknown, detail: string) =>
    build('FieldValueTypeInvalid', path, valueText(value), detail),
  notSupported: (path: string, value: unknown, supported: readonly unknown[]) => {
    const texts = supported.map((item) => JSON.stringify(typeof item === 'string' ? item : goJson(item)));
    return build('FieldValueNotSupported', path, valueText(value), `supported values: ${texts.join(', ')}`);
  },
  tooLong: (path: string, maximum: number) =>
    build('FieldValueTooLong', path, undefined, `may not be more than ${maximum} bytes`),
  tooMany: (path: string, actual: number, maximum: number) =>
    build('FieldValueTooMany', path, String(actual), `must have at most ${maximum} items`),
  duplicate: (path: string, value: unknown) => build('FieldValueDuplicate', path, valueText(value), ''),
};
