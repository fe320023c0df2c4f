import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json } from '../json.ts';
import { applyObject, trackUpdate } from './managed-fields.ts';
import { mergeSchemaOf } from './merge-schema.ts';
import { apply, custom, identity, ownedBy, t1, t2, update } from './things.fixture.ts';

const deployment = mergeSchemaOf(undefined, { group: 'apps', kind: 'Deployment' });

/** As the API server shows them: the cause and its field. */
function textsOf(conflicts: readonly { message: string; field: string }[]): string[] {
  return conflicts.map((conflict) => `${conflict.message}: ${conflict.field}`);
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
    // As on a cluster: of a container that somebody still owns nothing is left.
    expect(gone.spec).toBeNull();
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
    const substitute = JSON.parse('{"__proto__":"x","constructor":"y"}') as Json;
    const live = apply({ spec: { substitute: { A: '1' } } }).object;
    const { object } = apply({ live, spec: { substitute }, manager: 'two' });
    expect(JSON.stringify(object.spec)).toBe('{"substitute":{"A":"1","__proto__":"x","constructor":"y"}}');
    expect(Object.getPrototypeOf((object.spec as Json).substitute)).toBe(Object.prototype);
  });

  it('keeps two rollouts on one Kustomization apart', () => {
    const one = apply({ spec: { substitute: { A: '1' } }, manager: 'kuberik-rollout/a' }).object;
    const two = apply({ live: one, spec: { substitute: { B: '1' } }, manager: 'kuberik-rollout/b' }).object;
    const next = apply({ live: two, spec: { substitute: { A: '2' } }, manager: 'kuberik-rollout/a' });
    expect(next.conflicts).toEqual([]);
    expect(next.object.spec).toEqual({ substitute: { A: '2', B: '1' } });
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
) as fc.Arbitrary<Json>;

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
        let live: Json | undefined;
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
            const shown = (live.spec as Json | undefined)?.substitute as Json | undefined;
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
  const isEmpty = (child: unknown): boolean => child === null || JSON.stringify(child) === '{}';
  const entries = Object.entries((value ?? {}) as Json).filter(([, child]) => !isEmpty(child));
  return Object.fromEntries(
    entries.map(([key, child]) => [key, Array.isArray(child) && key !== 'list' ? sortJson(child) : child]),
  );
}

function sortJson(list: unknown[]): unknown[] {
  return list.map((item) => JSON.stringify(item)).sort();
}
