import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { metadataOf, Store } from './store.ts';

const names = fc.constantFrom('a', 'b', 'c', 'd');
const namespaces = fc.constantFrom('one', 'one-more', 'two');
const write = fc.record({ namespace: namespaces, name: names, remove: fc.boolean() });

function perform(
  store: Store,
  { namespace, name, remove }: { namespace: string; name: string; remove: boolean },
): void {
  if (remove) store.remove('/things', namespace, name);
  else store.put('/things', namespace, name, { metadata: { namespace, name } });
}

describe('store', () => {
  it('lists any past revision as it was', () => {
    fc.assert(
      fc.property(fc.array(write, { maxLength: 40 }), (writes) => {
        const store = new Store({ window: 1000 });
        const snapshots = new Map<number, unknown>();
        for (const one of writes) {
          snapshots.set(store.revision, store.list('/things'));
          perform(store, one);
        }
        for (const [revision, expected] of snapshots) {
          expect(store.listAt('/things', '', revision)).toEqual(expected);
        }
      }),
    );
  });

  it('sorts as etcd does and numbers every write', () => {
    fc.assert(
      fc.property(fc.array(write, { maxLength: 40 }), (writes) => {
        const store = new Store({ window: 1000 });
        const revisions: number[] = [];
        store.subscribe((event) => revisions.push(event.revision));
        for (const one of writes) perform(store, one);
        const keys = store.list('/things').map((object) => {
          const { namespace, name } = metadataOf(object) as { namespace: string; name: string };
          return `${namespace}/${name}`;
        });
        expect(keys).toEqual(keys.toSorted());
        expect(revisions).toEqual(revisions.toSorted((left, right) => left - right));
        expect(new Set(revisions).size).toBe(revisions.length);
      }),
    );
  });

  it('keeps at least its window of events, and says when one asks for more', () => {
    const store = new Store({ window: 5 });
    for (let index = 0; index < 23; index += 1) store.put('/things', '', `n${index}`, { metadata: {} });
    expect(store.since('/things', store.revision - 5)).toHaveLength(5);
    expect(() => store.since('/things', 1)).toThrow(/too old resource version: 1/);
    expect(() => store.listAt('/things', '', 1)).toThrow(/continue parameter is too old/);
  });
});
