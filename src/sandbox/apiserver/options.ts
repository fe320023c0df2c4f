/** The options of writes, as they stand in a query. */
import { badRequest, invalid } from './errors.ts';
import { cause, type FieldCause } from './field-cause.ts';
import type { FieldValidation } from './write/operation.ts';

export interface WriteOptions {
  readonly manager: string;
  readonly dryRun: boolean;
  readonly force: boolean;
  readonly fieldValidation: FieldValidation;
}

const kinds: Readonly<Record<string, string>> = { POST: 'CreateOptions', PUT: 'UpdateOptions', PATCH: 'PatchOptions' };
const validations = ['', 'Ignore', 'Strict', 'Warn'];
const longestManager = 128;

/** @param apply the write is a server-side apply. @throws ApiFailure 422 */
export function writeOptions(query: URLSearchParams, method: string, apply: boolean): WriteOptions {
  const kind = kinds[method];
  const dryRun = query.getAll('dryRun').filter((value) => value !== '');
  const manager = query.get('fieldManager') ?? '';
  const force = isTrue(query, 'force');
  const validation = query.get('fieldValidation') ?? '';
  if (kind !== undefined) {
    const faults = [
      ...(apply && manager === '' ? [cause.required('fieldManager', 'is required for apply patch')] : []),
      ...(!apply && query.has('force') && kind === 'PatchOptions'
        ? [cause.forbidden('force', 'may not be specified for non-apply patch')]
        : []),
      ...managerFaults(manager),
      ...dryRunFaults(dryRun),
      ...(validations.includes(validation) ? [] : [cause.notSupported('fieldValidation', validation, validations)]),
    ];
    if (faults.length > 0) throw invalid({ group: 'meta.k8s.io', plural: '', kind }, '', faults);
  }
  const fieldValidation = validation === 'Strict' || validation === 'Ignore' ? validation : 'Warn';
  return { manager, dryRun: dryRun.length > 0, force, fieldValidation };
}

function managerFaults(manager: string): FieldCause[] {
  if (manager.length > longestManager) return [cause.tooLong('fieldManager', longestManager)];
  // Control characters are what Go does not print.
  const at = Array.from(manager).findIndex((character) => /\p{C}/u.test(character));
  if (at === -1) return [];
  const code = manager.codePointAt(at)?.toString(16).toUpperCase().padStart(4, '0') ?? '';
  return [cause.invalid('fieldManager', manager, `invalid character U+${code} (at position ${at})`)];
}

/** Options of a body and of a query have the same rule. */
export function dryRunFaults(values: readonly unknown[]): FieldCause[] {
  return values.every((value) => value === 'All') ? [] : [cause.notSupported('dryRun', values, ['All'])];
}

/** As Go reads a boolean in a query: all but `false` and `0` is true. */
export function isTrue(query: URLSearchParams, key: string): boolean {
  const value = query.get(key);
  return value !== null && value !== '0' && value.toLowerCase() !== 'false';
}

/** @throws ApiFailure 400 */
export function integerOf(query: URLSearchParams, key: string): number | undefined {
  const source = query.get(key) ?? '';
  if (source === '') return undefined;
  if (!/^-?\d+$/.test(source)) throw badRequest(`strconv.ParseInt: parsing "${source}": invalid syntax`);
  return Number(source);
}
