/** What the tests of managed fields share: a custom kind, and writes to an object of it. */
import { type Json, objectOf, objects } from '../json.ts';
import { type ApplyResult, applyObject, trackUpdate } from './managed-fields.ts';
import { mergeSchemaOf } from './merge-schema.ts';

export const custom = mergeSchemaOf({
  type: 'object',
  properties: {
    spec: {
      type: 'object',
      properties: {
        replicas: { type: 'integer' },
        image: { type: 'string' },
        substitute: { type: 'object', additionalProperties: { type: 'string' } },
        list: { type: 'array', items: { type: 'string' } },
        set: { type: 'array', items: { type: 'string' }, 'x-kubernetes-list-type': 'set' },
        items: {
          type: 'array',
          'x-kubernetes-list-type': 'map',
          'x-kubernetes-list-map-keys': ['name'],
          items: {
            type: 'object',
            properties: { name: { type: 'string' }, a: { type: 'string' }, b: { type: 'string' } },
          },
        },
      },
    },
    status: { type: 'object', properties: { ready: { type: 'boolean' } } },
  },
});

export const t1 = '2026-01-01T00:00:01Z';
export const t2 = '2026-01-01T00:00:02Z';
export const identity = { apiVersion: 'example.com/v1', kind: 'Thing' };

interface Applied {
  readonly live?: Json | undefined;
  readonly spec: Json;
  readonly manager?: string;
  readonly force?: boolean;
  readonly time?: string;
}

export function apply({ live, spec, manager = 'one', force = false, time = t1 }: Applied): ApplyResult {
  const applied = { ...identity, metadata: { name: 'x' }, spec };
  return applyObject({ live, applied, manager, force, time, schema: custom, apiVersion: 'example.com/v1' });
}

/** The object after an update, with its managed fields. */
export function update(live: Json | undefined, next: Json, manager = 'editor', time = t2): Json {
  const write = {
    live,
    next,
    manager,
    operation: 'Update',
    time,
    schema: custom,
    apiVersion: 'example.com/v1',
  } as const;
  return { ...next, metadata: { ...objectOf(next.metadata), managedFields: trackUpdate(write) } };
}

export function entriesOf(object: Json): Json[] {
  return objects(objectOf(object.metadata).managedFields);
}

export function ownedBy(object: Json, manager: string): unknown {
  return entriesOf(object).find((entry) => entry.manager === manager)?.fieldsV1;
}
