/** Fields of objects of any kind: what is absent or of another type is undefined, never an error. */
import { isRecord } from '../../api/json.ts';

export interface BasicCondition {
  readonly type: string;
  readonly status: string;
  readonly reason: string;
  readonly message: string;
  readonly lastTransitionTime: string;
}

export function fieldAt(object: unknown, ...path: readonly string[]): unknown {
  let value = object;
  for (const name of path) {
    if (!isRecord(value)) return undefined;
    value = value[name];
  }
  return value;
}

export function textField(object: unknown, ...path: readonly string[]): string | undefined {
  const value = fieldAt(object, ...path);
  return typeof value === 'string' ? value : undefined;
}

export function numberField(object: unknown, ...path: readonly string[]): number | undefined {
  const value = fieldAt(object, ...path);
  return typeof value === 'number' && Number.isInteger(value) ? value : undefined;
}

/** `status.conditions` in list order; absent parts are empty. */
export function conditionsOf(object: unknown): readonly BasicCondition[] {
  const conditions = fieldAt(object, 'status', 'conditions');
  if (!Array.isArray(conditions)) return [];
  return conditions.map((condition: unknown) => ({
    type: textField(condition, 'type') ?? '',
    status: textField(condition, 'status') ?? '',
    reason: textField(condition, 'reason') ?? '',
    message: textField(condition, 'message') ?? '',
    lastTransitionTime: textField(condition, 'lastTransitionTime') ?? '',
  }));
}
