import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { InvalidObjectError } from '../api/errors.ts';
import { Store, type StoreChange, type Writing } from './store.ts';
import { Widget, widget } from './testing/widget.ts';

const key = { namespace: 'default', name: 'a' };

function newStore(options: { selected?: boolean } = {}) {
  const changes: StoreChange<Widget>[] = [];
  const doubts: string[] = [];
  const store = new Store<Widget>({
    type: Widget,
    freeze: true,
    onChange: (change) => changes.push(change),
    onDoubt: (doubted) => doubts.push(doubted.name),
    ...options,
  });
  return { store, changes, doubts };
}

function synced(...objects: Widget[]) {
  const all = newStore();
  all.store.replace(objects, all.store.beginList());
  all.changes.length = 0;
  return all;
}

function rv(store: Store<Widget>): string | undefined {
  return store.get(key)?.metadata.resourceVersion;
}

function write(store: Store<Widget>, response: Widget): void {
  const writing = store.writing(key);
  writing.wrote(response);
  writing.end();
}

describe('store', () => {
  it('lists by namespace and name, without managedFields, frozen', () => {
    const managed = {
      ...widget('c', '1'),
      metadata: { ...widget('c', '1').metadata, managedFields: [{ manager: 'x' }] },
    };
    const { store } = synced(managed, widget('a', '1', { namespace: 'z' }), widget('b', '1'));
    expect(store.index.list().map((each) => `${each.metadata.namespace}/${each.metadata.name}`)).toEqual([
      'default/b',
      'default/c',
      'z/a',
    ]);
    expect(store.index.list('default')).toHaveLength(2);
    const stored = store.get({ namespace: 'default', name: 'c' });
    expect(stored?.metadata).not.toHaveProperty('managedFields');
    expect(Object.isFrozen(stored?.metadata)).toBe(true);
  });

  it('finds by an index, and keeps it up to date', () => {
    const { store } = synced(widget('a', '1', { spec: { owner: 'x' } }), widget('b', '1', { spec: { owner: 'y' } }));
    const byOwner = {
      name: 'owner',
      valuesOf: (object: Widget) => (object.spec?.owner === undefined ? [] : [object.spec.owner]),
    };
    const names = (owner: string) => store.index.by(byOwner, owner).map((each) => each.metadata.name);
    expect(names('x')).toEqual(['a']);
    store.apply('MODIFIED', widget('b', '2', { spec: { owner: 'x' } }));
    expect(names('x')).toEqual(['a', 'b']);
    expect(names('y')).toEqual([]);
    store.apply('DELETED', widget('a', '3'));
    expect(names('x')).toEqual(['b']);
  });

  it('keeps an object that does not parse aside: get throws, list leaves it out', () => {
    const { store, changes } = synced(widget('a', '1'));
    store.apply('MODIFIED', { ...widget('a', '2'), spec: { size: 'big' } });
    expect(() => store.get(key)).toThrow(/Widget default\/a does not fit/);
    expect(store.index.list()).toEqual([]);
    expect([...store.invalid()].map(([each]) => each)).toEqual([key]);
    expect(changes).toMatchObject([{ current: undefined, previous: { metadata: { resourceVersion: '1' } } }]);
    expect((changes[0]?.invalid as InvalidObjectError).code).toBe('KBK_API_INVALID_OBJECT');
    store.apply('MODIFIED', widget('a', '3'));
    expect(rv(store)).toBe('3');
  });

  it('tells the first list from later ones, and a relist only what differs', () => {
    const { store, changes } = newStore();
    store.replace([widget('a', '1'), widget('b', '1')], store.beginList());
    expect(changes.map((change) => change.isInitial)).toEqual([true, true]);
    changes.length = 0;
    store.replace([widget('a', '1'), widget('c', '2')], store.beginList());
    expect(changes.map(({ key: { name }, current, isInitial }) => [name, current !== undefined, isInitial])).toEqual([
      ['b', false, false],
      ['c', true, false],
    ]);
  });

  it('a list of one namespace leaves the others alone', () => {
    const { store } = synced(widget('a', '1'), widget('a', '1', { namespace: 'other' }));
    store.replace([], store.beginList(), 'other');
    expect(store.index.list()).toHaveLength(1);
  });
});

describe('our own write', () => {
  it('is seen at once, survives older events, and gives way to the watch', () => {
    const { store, changes } = synced(widget('a', '1'));
    write(store, widget('a', '3'));
    expect(rv(store)).toBe('3');
    store.apply('MODIFIED', widget('a', '2'));
    expect(rv(store)).toBe('3');
    store.apply('MODIFIED', widget('a', '3'));
    store.apply('MODIFIED', widget('a', '4'));
    expect(rv(store)).toBe('4');
    expect(changes.map((change) => change.current?.metadata.resourceVersion)).toEqual(['3', '4']);
  });

  it('does not come back when the watch was faster than the answer', () => {
    const { store } = synced(widget('a', '1'));
    const writing = store.writing(key);
    store.apply('MODIFIED', widget('a', '2'));
    store.apply('MODIFIED', widget('a', '3'));
    writing.wrote(widget('a', '2'));
    writing.end();
    expect(rv(store)).toBe('3');
  });

  it('that changed nothing lays nothing over', () => {
    const { store } = synced(widget('a', '1'));
    write(store, widget('a', '1'));
    store.apply('MODIFIED', widget('a', '2'));
    expect(rv(store)).toBe('2');
  });

  it('gives way to a list that started after it, not to one that started before', () => {
    const { store, doubts } = synced(widget('a', '1'));
    const before = store.beginList();
    write(store, widget('a', '3'));
    store.replace([widget('a', '2')], before);
    expect(rv(store)).toBe('3');
    expect(doubts).toEqual(['a']);
    store.replace([widget('a', '4')], store.beginList());
    expect(rv(store)).toBe('4');
  });

  it('is in doubt when a list came and went while it ran', () => {
    const { store, doubts } = synced(widget('a', '1'));
    const writing = store.writing(key);
    store.replace([widget('a', '5')], store.beginList());
    writing.wrote(widget('a', '2'));
    writing.end();
    expect(doubts).toEqual(['a']);
    write(store, widget('a', '5'));
    expect(rv(store)).toBe('5');
  });

  it('of a new object is there before the watch knows it, also after an older one of that name', () => {
    const { store } = synced(widget('a', '1', { uid: 'old' }));
    const writing = store.writing(key);
    writing.wrote(widget('a', '5', { uid: 'new' }));
    writing.end();
    store.apply('MODIFIED', widget('a', '3', { uid: 'old' }));
    store.apply('DELETED', widget('a', '4', { uid: 'old' }));
    expect(store.get(key)?.metadata.uid).toBe('new');
    store.apply('ADDED', widget('a', '5', { uid: 'new' }));
    store.apply('DELETED', widget('a', '6', { uid: 'new' }));
    expect(store.get(key)).toBeUndefined();
  });

  it('does not bring an object into a store of selected objects', () => {
    const { store } = newStore({ selected: true });
    store.replace([], store.beginList());
    write(store, widget('a', '2'));
    expect(store.get(key)).toBeUndefined();
  });
});

describe('our own deletion', () => {
  function remove(store: Store<Widget>): void {
    const writing = store.writing(key);
    writing.removed();
    writing.end();
  }

  it('hides the object at once, from older events too', () => {
    const { store, changes } = synced(widget('a', '1'));
    remove(store);
    store.apply('MODIFIED', widget('a', '2'));
    expect(store.get(key)).toBeUndefined();
    store.apply('DELETED', widget('a', '3'));
    store.apply('ADDED', widget('a', '4', { uid: 'next' }));
    expect(store.get(key)?.metadata.uid).toBe('next');
    expect(changes.map((change) => change.current?.metadata.uid)).toEqual([undefined, 'next']);
  });

  it('shows the object again while finalizers hold it', () => {
    const { store } = synced(widget('a', '1'));
    remove(store);
    const held = widget('a', '2');
    store.apply('MODIFIED', { ...held, metadata: { ...held.metadata, deletionTimestamp: '2026-01-01T00:00:00Z' } });
    expect(rv(store)).toBe('2');
    remove(store);
    expect(rv(store)).toBe('2');
  });

  it('that the watch brought first hides nothing that came after it', () => {
    const { store } = synced(widget('a', '1'));
    const writing = store.writing(key);
    store.apply('DELETED', widget('a', '2'));
    store.apply('ADDED', widget('a', '3', { uid: 'next' }));
    writing.removed();
    writing.end();
    expect(store.get(key)?.metadata.uid).toBe('next');
  });
});

const refused = -1;

/**
 * One object on a server that others write too, a watch that lags, lists that overlap with our writes. Numbers give the
 * order of versions; the store sees them as opaque text.
 */
class Model {
  history: { uid: string; version: number; present: boolean }[] = [{ uid: 'u1', version: 1, present: true }];
  delivered = 1;
  completed = 0;
  list: { begun: number; upTo: number } | undefined;
  request:
    | { writing: Writing; uid: string | undefined; commit: number | undefined; kind: 'write' | 'remove' | 'read' }
    | undefined;
  doubt = false;
  readonly store = new Store<Widget>({
    type: Widget,
    onChange: () => undefined,
    onDoubt: () => {
      this.doubt = true;
    },
  });

  constructor() {
    this.store.replace([this.raw(0)], this.store.beginList());
  }

  get last() {
    return this.history.at(-1)!;
  }

  raw(at: number): Widget {
    const { uid, version } = this.history[at]!;
    return widget('a', `v${version}`, { uid });
  }

  commit(present: boolean): number {
    const uid = this.last.present ? this.last.uid : `u${this.history.length + 1}`;
    this.history.push({ uid, version: this.history.length + 1, present });
    return this.history.length - 1;
  }

  step(action: number): void {
    switch (action % 10) {
      case 0: // somebody else writes, or creates it anew
      case 1:
        this.commit(true);
        return;
      case 2: // somebody else deletes
        if (this.last.present) this.commit(false);
        return;
      case 3:
      case 4:
        this.deliver();
        return;
      case 5: // a request goes out: a check of a doubt first
        if (this.request !== undefined) return;
        this.request = {
          writing: this.store.writing(key),
          uid: this.store.get(key)?.metadata.uid,
          commit: undefined,
          kind: this.doubt ? 'read' : action % 20 === 5 ? 'write' : 'remove',
        };
        if (this.request.kind === 'read') this.doubt = false;
        return;
      case 6:
        this.reachServer();
        return;
      case 7:
        this.answer();
        return;
      case 8:
        this.list ??= { begun: this.store.beginList(), upTo: this.history.length };
        return;
      default:
        this.endList();
    }
  }

  deliver(): void {
    if (this.list !== undefined || this.delivered >= this.history.length) return;
    const event = this.history[this.delivered]!;
    const before = this.history[this.delivered - 1];
    const type = !event.present ? 'DELETED' : before?.present === true ? 'MODIFIED' : 'ADDED';
    this.store.apply(type, this.raw(this.delivered++));
  }

  reachServer(): void {
    const { request } = this;
    if (request === undefined || request.commit !== undefined) return;
    if (request.kind === 'write') request.commit = this.commit(true);
    else if (request.kind === 'read') request.commit = this.history.length - 1;
    else if (this.last.present && this.last.uid === request.uid) request.commit = this.commit(false);
    else request.commit = refused; // the precondition on the uid does not hold
  }

  answer(): void {
    const { request } = this;
    if (request?.commit === undefined) return;
    this.request = undefined;
    if (request.commit === refused) {
      request.writing.end();
      return;
    }
    const { present, uid } = this.history[request.commit]!;
    if (present) request.writing.wrote(this.raw(request.commit));
    else request.writing.removed(request.kind === 'remove' ? uid : undefined);
    request.writing.end();
    if (request.kind !== 'read') this.completed = Math.max(this.completed, request.commit);
  }

  endList(): void {
    if (this.list === undefined) return;
    // The snapshot was taken anywhere between the start and now.
    const upTo = Math.max(this.list.upTo, this.history.length - (this.completed % 2));
    const items = this.history[upTo - 1]!.present ? [this.raw(upTo - 1)] : [];
    this.store.replace(items, this.list.begun);
    this.delivered = upTo;
    this.list = undefined;
  }

  /** Where in the history the store is; -1 when it shows nothing. */
  shownAt(): number {
    const version = rv(this.store);
    return version === undefined ? -1 : this.history.findIndex((each) => `v${each.version}` === version);
  }
}

describe('any interleaving of writes, watch and lists', () => {
  it('never shows a state older than our last completed write, and ends at what the server has', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(99), { maxLength: 80 }), (actions) => {
        const model = new Model();
        for (const action of actions) {
          model.step(action);
          const at = model.shownAt();
          if (at !== -1) expect(at).toBeGreaterThanOrEqual(model.completed);
          // It shows nothing only if the object was gone at some time since that write.
          else expect(model.history.slice(model.completed).some((each) => !each.present)).toBe(true);
        }
        model.reachServer();
        model.answer();
        model.endList();
        for (let turn = 0; model.doubt && turn < 3; turn++) {
          model.step(5);
          model.reachServer();
          model.answer();
        }
        while (model.delivered < model.history.length) model.deliver();
        expect(model.shownAt()).toBe(model.last.present ? model.history.length - 1 : -1);
      }),
      { numRuns: 5000 },
    );
  });
});
