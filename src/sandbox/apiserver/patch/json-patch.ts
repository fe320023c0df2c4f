/**
 * RFC 6902, `application/json-patch+json`, with RFC 6901 pointers, as the API server's library takes them: an absent member
 * is a null to `copy` and `test`, a missing value too, and indices may count from the end.
 * https://github.com/evanphx/json-patch/blob/v4.13.0/patch.go
 */
import { clone, equal, isArray, isObject, type Json } from '../json.ts';
import { checkedKey, PatchError } from './errors.ts';

/** The API server refuses longer patches: https://github.com/kubernetes/kubernetes/pull/74000. */
const MAX_OPERATIONS = 10_000;

/**
 * Applies the operations in order to a copy of the document: all or nothing.
 * @param operations a JSON patch as it was received; its form is checked here.
 * @throws PatchError `test-failed` when a `test` does not hold, `invalid` for anything else.
 */
export function applyJsonPatch(document: unknown, operations: unknown): unknown {
  if (!isArray(operations)) throw new PatchError('invalid', 'a JSON patch must be an array of operations');
  if (operations.length > MAX_OPERATIONS) {
    throw new PatchError(
      'invalid',
      `The allowed maximum operations in a JSON patch is ${MAX_OPERATIONS}, got ${operations.length}`,
    );
  }
  let result = clone(document);
  for (const operation of operations) result = applyOperation(result, operation);
  return result;
}

function applyOperation(document: unknown, operation: unknown): unknown {
  if (!isObject(operation)) throw new PatchError('invalid', 'an operation of a JSON patch must be an object');
  const path = pointerOf(operation, 'path');
  switch (operation.op) {
    case 'add':
      return add(document, path, valueOf(operation));
    case 'remove':
      return remove(document, path);
    case 'replace':
      return path.length === 0 ? valueOf(operation) : replace(document, path, valueOf(operation));
    case 'test':
      return test(document, path, operation);
    case 'copy':
      return add(document, path, clone(member(document, pointerOf(operation, 'from'), 'copy')));
    case 'move':
      return move(document, pointerOf(operation, 'from'), path);
    default:
      // Not as a text: an object may bring a `toString` of its own.
      throw new PatchError('invalid', `Unexpected kind: ${kindOf(operation.op)}`);
  }
}

function kindOf(op: unknown): string {
  return typeof op === 'string' ? op : typeof op;
}

function pointerOf(operation: Json, member: 'path' | 'from'): string[] {
  const pointer = operation[member];
  if (typeof pointer !== 'string') throw new PatchError('invalid', `the operation has no "${member}"`);
  if (pointer === '') return [];
  if (!pointer.startsWith('/'))
    throw new PatchError('invalid', `"${pointer}" is not a JSON pointer: it must start with /`);
  return pointer
    .slice(1)
    .split('/')
    .map((token) => checkedKey(token.replaceAll('~1', '/').replaceAll('~0', '~')));
}

function valueOf(operation: Json): unknown {
  return clone(operation.value ?? null);
}

function missing(kind: string, path: readonly string[]): PatchError {
  return new PatchError(
    'invalid',
    `${kind} operation does not apply: doc is missing path: "/${path.join('/')}": missing value`,
  );
}

/** @param limit the greatest index; -1 is the same */
function indexIn(list: readonly unknown[], token: string, limit: number, path: readonly string[]): number {
  if (!/^[+-]?\d+$/.test(token)) {
    throw new PatchError('invalid', `"${token}" in "/${path.join('/')}" is not an index of a list`);
  }
  const number = Number(token);
  const index = number < 0 ? number + limit + 1 : number;
  if (index < 0 || index > limit) {
    throw new PatchError(
      'invalid',
      `index ${token} in "/${path.join('/')}" is beyond the list of ${list.length} items`,
    );
  }
  return index;
}

function read(document: unknown, path: readonly string[], kind: string): unknown {
  let value = document;
  for (const token of path) {
    if (isArray(value)) value = value[indexIn(value, token, value.length - 1, path)];
    else if (isObject(value) && Object.hasOwn(value, token)) value = value[token];
    else throw missing(kind, path);
  }
  return value;
}

/** What an object does not have is null; only lists have to have it. */
function member(document: unknown, path: readonly string[], kind: string): unknown {
  const { parent, token } = parentOf(document, path, kind);
  if (isArray(parent)) return parent[indexIn(parent, token, parent.length - 1, path)];
  if (!isObject(parent)) throw missing(kind, path);
  return Object.hasOwn(parent, token) ? parent[token] : null;
}

/** The container of the path's last token, and that token. */
function parentOf(document: unknown, path: readonly string[], kind: string): { parent: unknown; token: string } {
  if (path.length === 0) throw missing(kind, path);
  return { parent: read(document, path.slice(0, -1), kind), token: path.at(-1) ?? '' };
}

function add(document: unknown, path: readonly string[], value: unknown): unknown {
  const { parent, token } = parentOf(document, path, 'add');
  if (isArray(parent))
    parent.splice(token === '-' ? parent.length : indexIn(parent, token, parent.length, path), 0, value);
  else if (isObject(parent)) parent[token] = value;
  else throw missing('add', path);
  return document;
}

function replace(document: unknown, path: readonly string[], value: unknown): unknown {
  const { parent, token } = parentOf(document, path, 'replace');
  if (isArray(parent)) parent[indexIn(parent, token, parent.length - 1, path)] = value;
  // kube-apiserver does not mind that nothing was there.
  else if (isObject(parent)) parent[token] = value;
  else throw missing('replace', path);
  return document;
}

function remove(document: unknown, path: readonly string[]): unknown {
  read(document, path, 'remove');
  const { parent, token } = parentOf(document, path, 'remove');
  if (isArray(parent)) parent.splice(indexIn(parent, token, parent.length - 1, path), 1);
  else if (isObject(parent)) Reflect.deleteProperty(parent, token);
  return document;
}

function move(document: unknown, from: readonly string[], path: readonly string[]): unknown {
  const value = read(document, from, 'move');
  if (from.length < path.length && from.every((token, index) => token === path[index])) {
    throw new PatchError('invalid', `cannot move "/${from.join('/')}" into itself`);
  }
  return add(remove(document, from), path, value);
}

function test(document: unknown, path: readonly string[], operation: Json): unknown {
  const expected = valueOf(operation);
  const holds = equal(path.length === 0 ? document : member(document, path, 'test'), expected);
  if (!holds) throw new PatchError('test-failed', `testing value /${path.join('/')} failed: test failed`);
  return document;
}
