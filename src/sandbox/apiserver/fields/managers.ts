/**
 * `metadata.managedFields` read into sets, and written back in Kubernetes' order.
 * https://kubernetes.io/docs/reference/using-api/server-side-apply/#field-management
 */
import type { ManagedFieldsEntry } from '../../../api/meta.ts';
import { isArray, isObject, type Json, optionalText, own, text } from '../json.ts';
import { FieldSet } from './field-set.ts';

export interface Manager {
  readonly name: string;
  readonly operation: 'Apply' | 'Update';
  readonly subresource: string;
  readonly apiVersion: string;
  /** RFC 3339; undefined when the entry has none. */
  readonly time: string | undefined;
  readonly fields: FieldSet;
}

/** Managers by identity: who, how, through which subresource, and for updates in which version. */
export type Managers = ReadonlyMap<string, Manager>;

export function managerKey(manager: Omit<Manager, 'time' | 'fields'>): string {
  const version = manager.operation === 'Apply' ? '' : manager.apiVersion;
  return JSON.stringify([manager.name, manager.operation, version, manager.subresource]);
}

/** Undefined when an entry is malformed: the API server then does as if there were none. */
export function readManagers(managedFields: unknown): Managers | undefined {
  const result = new Map<string, Manager>();
  for (const entry of isArray(managedFields) ? managedFields : []) {
    const manager = readManager(entry);
    if (manager === undefined) return undefined;
    result.set(managerKey(manager), manager);
  }
  return result;
}

function readManager(entry: unknown): Manager | undefined {
  if (!isObject(entry)) return undefined;
  const { operation } = entry;
  if (operation !== 'Apply' && operation !== 'Update') return undefined;
  if (text(entry.apiVersion) === '' || text(entry.fieldsType) !== 'FieldsV1') return undefined;
  return {
    name: text(entry.manager),
    operation,
    subresource: text(entry.subresource),
    apiVersion: text(entry.apiVersion),
    time: optionalText(entry.time),
    fields: FieldSet.parse(entry.fieldsV1),
  };
}

/** The entries, those without fields left out, sorted by operation, time in seconds, name, version and subresource. */
export function printManagers(managers: Managers): ManagedFieldsEntry[] {
  return [...managers.values()]
    .filter((manager) => !manager.fields.isEmpty)
    .sort(compareManagers)
    .map(printManager);
}

function printManager(manager: Manager): ManagedFieldsEntry {
  return {
    manager: manager.name,
    operation: manager.operation,
    apiVersion: manager.apiVersion,
    ...(manager.time === undefined ? {} : { time: manager.time }),
    fieldsType: 'FieldsV1',
    fieldsV1: manager.fields.print(),
    ...(manager.subresource === '' ? {} : { subresource: manager.subresource }),
  };
}

function compareManagers(a: Manager, b: Manager): number {
  const keys = (m: Manager) => [m.operation, seconds(m.time), m.name, m.apiVersion, m.subresource];
  const other = keys(b);
  for (const [index, key] of keys(a).entries()) {
    const against = other[index];
    if (against !== undefined && key !== against) return key < against ? -1 : 1;
  }
  return 0;
}

/** Times are whole seconds in UTC, so their texts sort as they do; none is the earliest. */
function seconds(time: string | undefined): string {
  return (time ?? '').slice(0, 19);
}

export function managedFieldsOf(object: unknown): unknown {
  return own(own(object, 'metadata'), 'managedFields');
}

/** An object with other managed fields; none at all when the list is empty. */
export function withManagedFields(object: Json, entries: readonly ManagedFieldsEntry[]): Json {
  const metadata = isObject(object.metadata) ? object.metadata : {};
  const rest = Object.fromEntries(Object.entries(metadata).filter(([key]) => key !== 'managedFields'));
  return { ...object, metadata: entries.length === 0 ? rest : { ...rest, managedFields: [...entries] } };
}
