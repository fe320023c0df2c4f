/** The replicas of a custom resource with a scale are checked whatever its schema says. */
import { cause, type FieldCause } from '../field-cause.ts';
import { goType } from '../fields/typed-object.ts';
import { at, goText, isObject, type Json } from '../json.ts';
import type { Operation } from './operation.ts';

const most = 2_147_483_647;

/** What is wrong with the replicas that a scale shows; a write to the status is about its own alone. */
export function scaleFaults({ target, subresource }: Operation, object: Json): FieldCause[] {
  const { scale } = target.version;
  if (scale === undefined || target.type.definition === undefined) return [];
  const paths = subresource === 'status' ? [scale.status] : [scale.spec, scale.status];
  return paths.flatMap((path) => misplaced(path, object) ?? countFaults(`.${path.join('.')}`, at(object, path)));
}

/** Something on the way is no map. */
function misplaced(path: readonly string[], object: Json): FieldCause[] | undefined {
  const onTheWay = path.slice(0, -1).map((_, index) => at(object, path.slice(0, index + 1)));
  const odd = onTheWay.find((value) => value !== undefined && !isObject(value));
  return odd === undefined ? undefined : [unread(`.${path.join('.')}`, odd, 'map[string]interface{}')];
}

function countFaults(path: string, value: unknown): FieldCause[] {
  if (value === undefined) return [];
  if (typeof value !== 'number' || !Number.isInteger(value)) return [unread(path, value, 'int64')];
  if (value < 0) return [cause.invalid(path, value, 'should be a non-negative integer')];
  return value > most ? [cause.invalid(path, value, `should be less than or equal to ${most}`)] : [];
}

const unread = (path: string, value: unknown, wanted: string): FieldCause =>
  cause.invalid(
    path,
    0,
    `${path} accessor error: ${goText(value)} is of the type ${goType(value)}, expected ${wanted}`,
  );
