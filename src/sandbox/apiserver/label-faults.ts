/**
 * What labels must look like.
 * https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set
 */
import { cause, type FieldCause } from './field-cause.ts';
import { type Json, text } from './json.ts';
import { isSubdomain } from './names.ts';

const qualifiedName = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;
const labelValue = /^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/;

export function labelFaults(labels: Json, path: string): FieldCause[] {
  return Object.entries(labels).flatMap(([key, value]) => [...keyFaults(key, path), ...valueFaults(text(value), path)]);
}

export function valueFaults(value: string, path: string): FieldCause[] {
  const found: FieldCause[] = [];
  if (value.length > 63) found.push(cause.invalid(path, value, 'must be no more than 63 bytes'));
  if (!labelValue.test(value)) {
    const why =
      "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";
    found.push(cause.invalid(path, value, why));
  }
  return found;
}

/** Of the key of a label or an annotation. */
export function keyFaults(key: string, path: string): FieldCause[] {
  const slash = key.lastIndexOf('/');
  const name = key.slice(slash + 1);
  const fits =
    name.length <= 63 && qualifiedName.test(name) && (slash === -1 || isSubdomain(key.slice(0, slash).toLowerCase()));
  if (fits) return [];
  const why =
    "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
  return [cause.invalid(path, key, why)];
}
