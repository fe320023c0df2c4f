/** What one server said in a sequence, so that later requests can speak of it, and how it is told so that two servers' answers compare. */
import { createHash } from 'node:crypto';
import { isObject, type Json, objectOf, objects, optionalText, text } from '../../../src/sandbox/apiserver/json.ts';
import { normal } from '../normal.ts';
import { type KindName, kinds } from './kinds.ts';

/** The uid of an object that was never seen. */
const nobody = (key: string): string => {
  const digits = createHash('sha256').update(key.replace(/-\d+/g, '')).digest('hex');
  return digits.slice(0, 32).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
};
const uidText = /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g;
const span = /^(\d+[dhms])+$/;

export class Memory {
  readonly #run: string;
  readonly #start: string;
  /** By `kind/name`, newest last. */
  readonly #revisions = new Map<string, string[]>();
  readonly #uids = new Map<string, string>();
  readonly #bodies = new Map<string, Json>();
  readonly #lists = new Map<KindName, string[]>();
  readonly #continues = new Map<KindName, string>();
  /** Revisions and uids in the order in which they were heard of first. */
  readonly #ranks = new Map<string, number>();
  readonly #names = new Map<string, number>();

  /** @param start the revision at the beginning */
  constructor(run: string, start: string) {
    this.#run = run;
    this.#start = start;
  }

  /** The last state of an object that was seen. */
  seen(key: string): Json | undefined {
    return this.#bodies.get(key);
  }

  /** Puts what was said in the places of `$(...)`. */
  filled<T>(value: T): T;
  filled(value: unknown): unknown {
    if (typeof value === 'string')
      return value
        .replaceAll('$(run)', this.#run)
        .replaceAll(/\$\((\w+)(?: ([^)]+))?\)/g, (_, what, of) => this.#said(what, of));
    if (Array.isArray(value)) return value.map((one) => this.filled(one as unknown));
    if (!isObject(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, this.filled(one)]));
  }

  #said(what: string, of = ''): string {
    const before = (list: readonly string[] | undefined, back: number): string =>
      list?.at(-1 - back) ?? list?.at(0) ?? this.#start;
    switch (what) {
      case 'start':
        return this.#start;
      case 'uid':
        return this.#uids.get(of) ?? nobody(of);
      case 'rv':
        return before(this.#revisions.get(of), 0);
      case 'rv1':
        return before(this.#revisions.get(of), 1);
      case 'list':
        return before(this.#lists.get(of as KindName), 0);
      case 'list1':
        return before(this.#lists.get(of as KindName), 1);
      case 'continue':
        return this.#continues.get(of as KindName) ?? '';
      default:
        throw new Error(`nobody knows what $(${what}) is`);
    }
  }

  /** @param kind of the address that answered */
  hear(kind: KindName, body: unknown): void {
    if (!isObject(body)) return;
    const metadata = objectOf(body.metadata);
    if (Array.isArray(body.items)) {
      for (const item of objects(body.items)) this.#hearObject(kind, item);
      const revision = optionalText(metadata.resourceVersion);
      // Each of them: how far a server's revisions went on between two is its own business.
      if (revision !== undefined) this.#lists.set(kind, [...(this.#lists.get(kind) ?? []), revision]);
      this.#continues.set(kind, text(metadata.continue));
    } else if (body.kind === kinds[kind].kind) this.#hearObject(kind, body);
  }

  #hearObject(kind: KindName, object: Json): void {
    const { name, uid, resourceVersion } = objectOf(object.metadata);
    const key = `${kind}/${text(name)}`;
    if (optionalText(uid) === undefined || optionalText(resourceVersion) === undefined) return;
    this.#uids.set(key, text(uid));
    rankIn(this.#names, text(uid));
    remember(this.#revisions, key, text(resourceVersion));
    const { apiVersion } = kinds[kind];
    this.#bodies.set(key, { apiVersion, kind: kinds[kind].kind, ...object });
  }

  /** With ranks for revisions and uids, and without what is random or the clock's. */
  told(body: unknown): unknown {
    return normal(this.#ranked(body), new Map());
  }

  #ranked(value: unknown, inCells = false): unknown {
    if (typeof value === 'string') {
      // The spans that people write are no ages.
      return (span.test(value) && !inCells ? `span ${value}` : value)
        .replaceAll(this.#run, '<run>')
        .replaceAll(uidText, (uid) => `<uid ${rankIn(this.#names, uid)}>`);
    }
    if (Array.isArray(value)) return value.map((one) => this.#ranked(one, inCells));
    if (!isObject(value)) return value;
    const out: Json = {};
    // Objects first: the revision of a list is told by those of what is in it. And an object's own name before others'.
    for (const key of Object.keys(value).sort(byMeaning)) {
      const revision = key === 'resourceVersion' ? optionalText(value[key]) : undefined;
      const told = this.#ranked(key, false) as string;
      if (revision !== undefined) out.revision = this.#rank(revision, optionalText(value.uid) !== undefined);
      else out[told] = this.#ranked(value[key], inCells || key === 'cells');
    }
    return out;
  }

  /** An object's by the order in which they were heard of, a list's by the newest that it can know. */
  #rank(revision: string, ofObject: boolean): string {
    if (!/^\d+$/.test(revision)) return revision;
    if (ofObject) return `#${rankIn(this.#ranks, revision)}`;
    const known = [...this.#ranks].filter(([one]) => Number(one) <= Number(revision));
    const [, rank] = known.toSorted(([left], [right]) => Number(left) - Number(right)).at(-1) ?? ['', 0];
    return `from #${rank}`;
  }
}

const first = ['items', 'rows', 'object', 'uid'];

function byMeaning(left: string, right: string): number {
  const [a, b] = [first.indexOf(left), first.indexOf(right)];
  return a === b ? (left < right ? -1 : 1) : (a === -1 ? first.length : a) - (b === -1 ? first.length : b);
}

function rankIn(ranks: Map<string, number>, key: string): number {
  const rank = ranks.get(key) ?? ranks.size + 1;
  ranks.set(key, rank);
  return rank;
}

function remember<K>(lists: Map<K, string[]>, key: K, revision: string): void {
  const list = lists.get(key) ?? [];
  if (list.at(-1) !== revision) list.push(revision);
  lists.set(key, list);
}
