/** CEL for what a write asks for, with the variables `annotations` and `before`. */
import { celText } from './admission-policy.ts';

/** Not there, or as it was: taking it back is free. */
export function asksNothing(annotation: string, emptyIsNothing: boolean): string {
  const key = celText(annotation);
  const before = `variables.before[?${key}].orValue('')`;
  if (emptyIsNothing) return `variables.annotations[?${key}].orValue('') in ['', ${before}]`;
  const same = `${key} in variables.before && variables.annotations[${key}] == variables.before[${key}]`;
  return `(!(${key} in variables.annotations) || (${same}))`;
}

/** @param field its path; absent is the same as empty */
export function isAsBefore(field: string): string {
  const valueIn = (object: string): string => `${object}.?${field.replaceAll('.', '.?')}.orValue('')`;
  return `${valueIn('object')} == (oldObject == null ? '' : ${valueIn('oldObject')})`;
}
