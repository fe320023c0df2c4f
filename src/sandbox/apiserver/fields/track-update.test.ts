import { describe, expect, it } from 'vitest';
import type { Json } from '../json.ts';
import { trackUpdate } from './managed-fields.ts';
import { type MergeSchema, mergeSchemaOf } from './merge-schema.ts';
import { apply, custom, entriesOf, ownedBy, t1, t2, update } from './things.fixture.ts';

const configMap = mergeSchemaOf(undefined, { group: '', kind: 'ConfigMap' });
const deployment = mergeSchemaOf(undefined, { group: 'apps', kind: 'Deployment' });

/** What the creator of an object owns. */
function created(next: Json, schema: MergeSchema): unknown {
  const write = { next, manager: 'kubectl', operation: 'Update', time: t1, schema, apiVersion: 'v1' } as const;
  return trackUpdate(write)[0]?.fieldsV1;
}

describe('trackUpdate', () => {
  it('owns what a create brought, as the documentation shows it', () => {
    const next = { metadata: { name: 'cm', labels: { 'test-label': 'test' } }, data: { key: 'some value' } };
    expect(created(next, configMap)).toEqual({
      'f:data': { '.': {}, 'f:key': {} },
      'f:metadata': { 'f:labels': { '.': {}, 'f:test-label': {} } },
    });
  });

  it('does not own structs that are always there', () => {
    const next = { metadata: { name: 'd' }, spec: { replicas: 1, strategy: { type: 'Recreate' } } };
    expect(created(next, deployment)).toEqual({ 'f:spec': { 'f:replicas': {}, 'f:strategy': { 'f:type': {} } } });
  });

  it('owns an empty struct in an item that is new', () => {
    const container = { name: 'app', resources: {} };
    const next = { metadata: { name: 'd' }, spec: { template: { spec: { containers: [container] } } } };
    const item = { '.': {}, 'f:name': {}, 'f:resources': {} };
    expect(created(next, deployment)).toEqual({
      'f:spec': { 'f:template': { 'f:spec': { 'f:containers': { 'k:{"name":"app"}': item } } } },
    });
  });

  it('takes changed fields from everybody else', () => {
    const live = apply({ spec: { replicas: 1, image: 'a' } }).object;
    const next = update(live, { ...live, spec: { replicas: 2, image: 'a' } });
    expect(ownedBy(next, 'one')).toEqual({ 'f:spec': { 'f:image': {} } });
    expect(ownedBy(next, 'editor')).toEqual({ 'f:spec': { 'f:replicas': {} } });
  });

  it('takes removed fields from everybody', () => {
    const live = apply({ spec: { replicas: 1, image: 'a' } }).object;
    const next = update(live, { ...live, spec: { image: 'a' } });
    expect(entriesOf(next).map((entry) => entry.manager)).toEqual(['one']);
    expect(ownedBy(next, 'one')).toEqual({ 'f:spec': { 'f:image': {} } });
  });

  it('keeps the times when nothing changes', () => {
    const live = update(undefined, { metadata: { name: 'x' }, spec: { replicas: 1 } }, 'editor', t1);
    expect(update(live, live, 'editor', t2)).toEqual(live);
  });

  it('adds to the entry of the same manager', () => {
    const live = update(undefined, { metadata: { name: 'x' }, spec: { replicas: 1 } }, 'editor', t1);
    const next = update(live, { ...live, spec: { replicas: 1, image: 'a' } }, 'editor', t2);
    expect(entriesOf(next)).toHaveLength(1);
    expect(entriesOf(next)[0]?.time).toBe(t2);
    expect(ownedBy(next, 'editor')).toEqual({ 'f:spec': { '.': {}, 'f:image': {}, 'f:replicas': {} } });
  });

  it.each([[[]], [[{}]]])('empties the books for %j, and keeps them empty', (managedFields) => {
    const live = apply({ spec: { replicas: 1 } }).object;
    const reset = update(live, { ...live, metadata: { name: 'x', managedFields } });
    expect(entriesOf(reset)).toEqual([]);
    const later = update(reset, { metadata: { name: 'x' }, spec: { replicas: 5 } });
    expect(entriesOf(later)).toEqual([]);
  });

  it('takes the books that a client sends, but not through a subresource', () => {
    const live = apply({ spec: { replicas: 1 } }).object;
    const sent = entriesOf(live).map((entry) => ({ ...entry, manager: 'renamed' }));
    const next = { ...live, metadata: { name: 'x', managedFields: sent } };
    expect(entriesOf(update(live, next)).map((entry) => entry.manager)).toEqual(['renamed']);
    const write = {
      live,
      next,
      manager: 'm',
      operation: 'Update',
      time: t2,
      schema: custom,
      apiVersion: 'v1',
    } as const;
    expect(trackUpdate({ ...write, subresource: 'status' }).map((entry) => entry.manager)).toEqual(['one']);
  });

  it('puts the oldest of more than ten updaters together', () => {
    let live: Json | undefined;
    for (let index = 0; index < 12; index += 1) {
      const substitute = Object.fromEntries(Array.from({ length: index + 1 }, (_, key) => [`k${key}`, '1']));
      const next = { ...live, metadata: live?.metadata ?? { name: 'x' }, spec: { substitute } };
      live = update(live, next, `m${index}`, `2026-01-01T00:00:${String(10 + index)}Z`);
    }
    const names = entriesOf(live ?? {}).map((entry) => entry.manager);
    expect(names).toEqual(['ancient-changes', 'm3', 'm4', 'm5', 'm6', 'm7', 'm8', 'm9', 'm10', 'm11']);
    expect(ownedBy(live ?? {}, 'ancient-changes')).toEqual({
      'f:spec': { '.': {}, 'f:substitute': { '.': {}, 'f:k0': {}, 'f:k1': {}, 'f:k2': {} } },
    });
  });

  it('sorts by operation, then time, then name', () => {
    const a = update(undefined, { metadata: { name: 'x' }, spec: { replicas: 1 } }, 'z', t1);
    const b = update(a, { ...a, spec: { replicas: 1, image: 'a' } }, 'b', t2);
    const c = update(b, { ...b, spec: { replicas: 1, image: 'a', list: ['a'] } }, 'a', t2);
    const d = apply({ live: c, spec: { set: ['x'] }, manager: 'y', time: t2 }).object;
    expect(entriesOf(d).map((entry) => entry.manager)).toEqual(['y', 'z', 'a', 'b']);
  });
});
