/** Fields that somebody else owns, in the API server's words. */
import { type FieldSet, pathText } from './field-set.ts';
import type { Manager } from './managers.ts';

export interface Conflict {
  readonly manager: string;
  readonly operation: 'Apply' | 'Update';
  readonly subresource: string;
  readonly apiVersion: string;
  /** `.spec.containers[name="app"].image`. */
  readonly field: string;
  /** `conflict with "kubectl" using apps/v1`: the message of a cause in the Status, where the field stands beside. */
  readonly message: string;
}

export function conflictsOf(manager: Manager, fields: FieldSet): Conflict[] {
  const { name, operation, subresource, apiVersion } = manager;
  const message = `conflict with ${whoText(manager)}`;
  return fields.paths().map((path) => {
    return { manager: name, operation, subresource, apiVersion, field: pathText(path), message };
  });
}

function whoText(manager: Manager): string {
  const name = JSON.stringify(manager.name);
  const who = manager.subresource === '' ? name : `${name} with subresource ${JSON.stringify(manager.subresource)}`;
  return manager.operation === 'Update' ? `${who} using ${manager.apiVersion}` : who;
}
