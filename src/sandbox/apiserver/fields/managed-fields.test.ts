import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../schema/json.ts';
import { applyObject, trackUpdate } from './managed-fields.ts';
import { mergeSchemaOf } from './merge-schema.ts';
import { TypedObjectError } from './typed-object.ts';

const configMap = mergeSchemaOf(undefined, { group: '', kind: 'ConfigMap' });
const deployment = mergeSchemaOf(undefined, { group: 'apps', kind: 'Deployment' });
const custom = mergeSchemaOf({
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

const t1 = '2026-01-01T00:00:01Z';
const t2 = '2026-01-01T00:00:02Z';
const identity = { apiVersion: 'example.com/v1', kind: 'Thing' };

interface Applied {
  readonly live?: JsonObject | undefined;
  readonly spec: JsonObject;
  readonly manager?: string;
  readonly force?: boolean;
  readonly time?: string;
}

function apply({ live, spec, manager = 'one', force = false, time = t1 }: Applied) {
  const applied = { ...identity, metadata: { name: 'x' }, spec };
  return applyObject({ live, applied, manager, force, time, schema: custom, apiVersion: 'example.com/v1' });
}

function update(live: JsonObject | undefined, next: JsonObject, manager = 'editor', time = t2): JsonObject {
  const entries = trackUpdate({
    live,
    next,
    manager,
    operation: 'Update',
    time,
    schema: custom,
    apiVersion: 'example.com/v1',
  });
  return { ...next, metadata: { ...(next.metadata as JsonObject), managedFields: entries } };
}

/** As the API server shows them: the cause and its field. */
function textsOf(conflicts: readonly { message: string; field: string }[]): string[] {
  return conflicts.map((conflict) => `${conflict.message}: ${conflict.field}`);
}

function entriesOf(object: JsonObject): { manager: string; operation: string; time: string; fieldsV1: unknown }[] {
  return ((object.metadata as JsonObject).managedFields ?? []) as never;
}

function ownedBy(object: JsonObject, manager: string): unknown {
  return entriesOf(object).find((entry) => entry.manager === manager)?.fieldsV1;
}

describe('applyObject', () => {
  it('creates, and owns what it applied, but not what the server owns', () => {
    const { object, conflicts } = apply({ spec: { replicas: 1 } });
    expect(conflicts).toEqual([]);
    expect(object).toEqual({
      ...identity,
      metadata: {
        name: 'x',
        managedFields: [
          {
            manager: 'one',
            operation: 'Apply',
            apiVersion: 'example.com/v1',
            time: t1,
            fieldsType: 'FieldsV1',
            fieldsV1: { 'f:spec': { 'f:replicas': {} } },
          },
        ],
      },
      spec: { replicas: 1 },
    });
  });

  it('refuses to change what another manager owns', () => {
    const live = apply({ spec: { replicas: 1, image: 'a' } }).object;
    const { conflicts } = apply({ live, spec: { replicas: 2, image: 'a' }, manager: 'two' });
    expect(textsOf(conflicts)).toEqual(['conflict with "one": .spec.replicas']);
  });

  it('names the version of a manager that updated, as kubectl shows it', () => {
    const next = { metadata: { name: 'd' }, spec: { replicas: 3 } };
    const write = { schema: deployment, apiVersion: 'apps/v1', time: t1 };
    const managedFields = trackUpdate({ ...write, next, manager: 'kubectl-client-side-apply', operation: 'Update' });
    const live = { ...next, metadata: { name: 'd', managedFields } };
    const applied = { metadata: { name: 'd' }, spec: { replicas: 5 } };
    const { conflicts } = applyObject({ ...write, live, applied, manager: 'kubectl', force: false });
    expect(textsOf(conflicts)).toEqual(['conflict with "kubectl-client-side-apply" using apps/v1: .spec.replicas']);
  });

  it('lists every conflict', () => {
    const first = apply({ spec: { replicas: 1 } }).object;
    const live = apply({ live: first, spec: { image: 'a' }, manager: 'two' }).object;
    const { conflicts } = apply({ live, spec: { replicas: 2, image: 'b' }, manager: 'three' });
    expect(textsOf(conflicts)).toEqual(['conflict with "one": .spec.replicas', 'conflict with "two": .spec.image']);
  });

  it('takes over by force', () => {
    const live = apply({ spec: { replicas: 1, image: 'a' } }).object;
    const { object, conflicts } = apply({ live, spec: { replicas: 2 }, manager: 'two', force: true });
    expect(conflicts).toEqual([]);
    expect(object.spec).toEqual({ replicas: 2, image: 'a' });
    expect(ownedBy(object, 'one')).toEqual({ 'f:spec': { 'f:image': {} } });
    expect(ownedBy(object, 'two')).toEqual({ 'f:spec': { 'f:replicas': {} } });
  });

  it('shares what has the same value, and then leaves it to the other', () => {
    const live = apply({ spec: { replicas: 1 } }).object;
    const shared = apply({ live, spec: { replicas: 1 }, manager: 'two' });
    expect(shared.conflicts).toEqual([]);
    expect(ownedBy(shared.object, 'one')).toEqual(ownedBy(shared.object, 'two'));
    const left = apply({ live: shared.object, spec: {}, manager: 'one' }).object;
    expect(left.spec).toEqual({ replicas: 1 });
    expect(ownedBy(left, 'one')).toEqual({ 'f:spec': {} });
    const gone = apply({ live: left, spec: {}, manager: 'two' }).object;
    // As on a cluster: a container goes with the last field that was removed from it.
    expect(gone.spec).toBeUndefined();
  });

  it('removes what it applies no more', () => {
    const live = apply({ spec: { substitute: { A: '1', B: '2' }, image: 'a' } }).object;
    const { object } = apply({ live, spec: { substitute: { A: '1' } } });
    expect(object.spec).toEqual({ substitute: { A: '1' } });
  });

  it('keeps what nobody applied', () => {
    const live = update(undefined, { metadata: { name: 'x' }, spec: { image: 'a' } });
    const one = apply({ live, spec: { replicas: 1 } }).object;
    const { object } = apply({ live: one, spec: {} });
    expect(object.spec).toEqual({ image: 'a' });
  });

  it('merges list items by key, in the applied order, and removes its own', () => {
    const live = apply({ spec: { items: [{ name: 'a', a: '1' }, { name: 'c' }] } }).object;
    const both = apply({ live, spec: { items: [{ name: 'b' }, { name: 'a', b: '2' }] }, manager: 'two' }).object;
    expect(both.spec).toEqual({ items: [{ name: 'b' }, { name: 'a', a: '1', b: '2' }, { name: 'c' }] });
    const { object } = apply({ live: both, spec: { items: [{ name: 'c' }] } });
    expect(object.spec).toEqual({ items: [{ name: 'b' }, { name: 'a', b: '2' }, { name: 'c' }] });
  });

  it('owns an atomic list as a whole', () => {
    const live = apply({ spec: { list: ['a'], set: ['a'] } }).object;
    const set = apply({ live, spec: { set: ['b'] }, manager: 'two' });
    expect(set.object.spec).toEqual({ list: ['a'], set: ['a', 'b'] });
    const { conflicts } = apply({ live, spec: { list: ['a', 'b'] }, manager: 'two' });
    expect(conflicts.map((conflict) => conflict.field)).toEqual(['.spec.list']);
  });

  it('leaves everything as it was, times too, when nothing changes', () => {
    const live = apply({ spec: { replicas: 1 } }).object;
    expect(apply({ live, spec: { replicas: 1 }, time: t2 }).object).toEqual(live);
  });

  it('finds an object without books owned by who was there before', () => {
    const live = { ...identity, metadata: { name: 'x' }, spec: { replicas: 1 } };
    const { conflicts } = apply({ live, spec: { replicas: 2 } });
    expect(textsOf(conflicts)).toEqual(['conflict with "before-first-apply" using example.com/v1: .spec.replicas']);
  });

  it('does not own the status through the main resource, nor the spec through the status', () => {
    const applied = { metadata: { name: 'x' }, spec: { replicas: 1 }, status: { ready: true } };
    const write = { applied, manager: 'one', force: false, time: t1, schema: custom, apiVersion: 'v1' };
    expect(ownedBy(applyObject(write).object, 'one')).toEqual({ 'f:spec': { 'f:replicas': {} } });
    const status = applyObject({ ...write, subresource: 'status' }).object;
    expect(ownedBy(status, 'one')).toEqual({ 'f:status': { 'f:ready': {} } });
    const all = applyObject({ ...write, hasStatusSubresource: false }).object;
    expect(ownedBy(all, 'one')).toEqual({ 'f:spec': { 'f:replicas': {} }, 'f:status': { 'f:ready': {} } });
  });

  it('takes keys that JavaScript treats specially as any other', () => {
    const substitute = JSON.parse('{"__proto__":"x","constructor":"y"}') as JsonObject;
    const live = apply({ spec: { substitute: { A: '1' } } }).object;
    const { object } = apply({ live, spec: { substitute }, manager: 'two' });
    expect(JSON.stringify(object.spec)).toBe('{"substitute":{"A":"1","__proto__":"x","constructor":"y"}}');
    expect(Object.getPrototypeOf((object.spec as JsonObject).substitute)).toBe(Object.prototype);
  });

  it.each<[string, JsonObject, string[]]>([
    ['a field that the schema has not', { foo: 1 }, ['.spec.foo: field not declared in schema']],
    [
      'two items with one key',
      { items: [{ name: 'a' }, { name: 'a' }] },
      ['.spec.items: duplicate entries for key [name="a"]'],
    ],
    [
      'an item without its key',
      { items: [{ a: '1' }] },
      [
        `.spec.items: element 0: associative list with keys has an element that omits key field "name" (and doesn't have default value)`,
      ],
    ],
  ])('refuses %s', (_name, spec, faults) => {
    expect(() => apply({ spec })).toThrow(TypedObjectError);
    expect(() => apply({ spec })).toThrow(
      `failed to create typed patch object (/x; example.com/v1, Kind=Thing): ${faults.join('')}`,
    );
  });

  it('keeps two rollouts on one Kustomization apart', () => {
    const one = apply({ spec: { substitute: { A: '1' } }, manager: 'kuberik-rollout/a' }).object;
    const two = apply({ live: one, spec: { substitute: { B: '1' } }, manager: 'kuberik-rollout/b' }).object;
    const next = apply({ live: two, spec: { substitute: { A: '2' } }, manager: 'kuberik-rollout/a' });
    expect(next.conflicts).toEqual([]);
    expect(next.object.spec).toEqual({ substitute: { A: '2', B: '1' } });
  });
});

describe('trackUpdate', () => {
  it('owns what a create brought, as the documentation shows it', () => {
    const next = { metadata: { name: 'cm', labels: { 'test-label': 'test' } }, data: { key: 'some value' } };
    const write = {
      next,
      manager: 'kubectl',
      operation: 'Update',
      time: t1,
      schema: configMap,
      apiVersion: 'v1',
    } as const;
    expect(trackUpdate(write)).toEqual([
      {
        manager: 'kubectl',
        operation: 'Update',
        apiVersion: 'v1',
        time: t1,
        fieldsType: 'FieldsV1',
        fieldsV1: {
          'f:data': { '.': {}, 'f:key': {} },
          'f:metadata': { 'f:labels': { '.': {}, 'f:test-label': {} } },
        },
      },
    ]);
  });

  it('does not own structs that are always there', () => {
    const next = { metadata: { name: 'd' }, spec: { replicas: 1, strategy: { type: 'Recreate' } } };
    const write = {
      next,
      manager: 'kubectl',
      operation: 'Update',
      time: t1,
      schema: deployment,
      apiVersion: 'apps/v1',
    } as const;
    expect(trackUpdate(write)[0]?.fieldsV1).toEqual({ 'f:spec': { 'f:replicas': {}, 'f:strategy': { 'f:type': {} } } });
  });

  it('owns an empty struct in an item that is new', () => {
    const container = { name: 'app', resources: {} };
    const next = { metadata: { name: 'd' }, spec: { template: { spec: { containers: [container] } } } };
    const write = {
      next,
      manager: 'kubectl',
      operation: 'Update',
      time: t1,
      schema: deployment,
      apiVersion: 'apps/v1',
    } as const;
    const item = { '.': {}, 'f:name': {}, 'f:resources': {} };
    expect(trackUpdate(write)[0]?.fieldsV1).toEqual({
      'f:spec': { 'f:template': { 'f:spec': { 'f:containers': { '.': {}, 'k:{"name":"app"}': item } } } },
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
    let live: JsonObject | undefined;
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

const name = fc.constantFrom('a', 'b', 'c', 'd');
const text = fc.constantFrom('1', '2', '3');
const spec = fc.record(
  {
    replicas: fc.integer({ min: 0, max: 2 }),
    image: text,
    substitute: fc.dictionary(name, text, { noNullPrototype: true }),
    set: fc.uniqueArray(name, { minLength: 1 }),
    list: fc.array(name, { minLength: 1, maxLength: 2 }),
    items: fc.uniqueArray(fc.record({ name, a: text }), { selector: (item) => item.name, minLength: 1 }),
  },
  { requiredKeys: [], noNullPrototype: true },
) as fc.Arbitrary<JsonObject>;

describe('properties', () => {
  it('applying the same again changes nothing', () => {
    fc.assert(
      fc.property(spec, spec, (before, applied) => {
        const live = apply({ spec: before, manager: 'other' }).object;
        const { object } = apply({ live, spec: applied, force: true });
        expect(apply({ live: object, spec: applied, time: t2 })).toEqual({ object, conflicts: [] });
      }),
    );
  });

  it('an applier alone gets exactly what it applied, whatever it applied before', () => {
    fc.assert(
      fc.property(spec, spec, (before, applied) => {
        const live = apply({ spec: before }).object;
        const { object } = apply({ live, spec: applied });
        const alone = apply({ spec: applied }).object;
        expect(withoutEmpty(object.spec)).toEqual(withoutEmpty(alone.spec));
      }),
    );
  });

  it('two managers of different keys never disturb one another', () => {
    const values = fc.array(fc.option(text, { nil: undefined }), { maxLength: 4 });
    fc.assert(
      fc.property(values, values, (ones, twos) => {
        let live: JsonObject | undefined;
        const current: Record<string, string | undefined> = {};
        for (let step = 0; step < Math.max(ones.length, twos.length); step += 1) {
          for (const [manager, key, value] of [
            ['one', 'A', ones[step]],
            ['two', 'B', twos[step]],
          ] as const) {
            const spec = value === undefined ? { image: 'x' } : { image: 'x', substitute: { [key]: value } };
            const result = apply({ live, spec, manager });
            expect(result.conflicts).toEqual([]);
            live = result.object;
            current[key] = value;
            const shown = (live.spec as JsonObject | undefined)?.substitute as JsonObject | undefined;
            expect([shown?.A, shown?.B]).toEqual([current.A, current.B]);
          }
        }
      }),
    );
  });

  it('no argument is changed', () => {
    fc.assert(
      fc.property(spec, spec, (before, applied) => {
        const live = apply({ spec: before, manager: 'other' }).object;
        const texts = JSON.stringify([live, applied]);
        apply({ live, spec: applied, force: true });
        update(live, { ...live, spec: applied });
        expect(JSON.stringify([live, applied])).toBe(texts);
      }),
    );
  });
});

function withoutEmpty(value: unknown): unknown {
  const entries = Object.entries((value ?? {}) as JsonObject).filter(([, child]) => JSON.stringify(child) !== '{}');
  return Object.fromEntries(
    entries.map(([key, child]) => [key, Array.isArray(child) && key !== 'list' ? sortJson(child) : child]),
  );
}

function sortJson(list: unknown[]): unknown[] {
  return list.map((item) => JSON.stringify(item)).sort();
}
