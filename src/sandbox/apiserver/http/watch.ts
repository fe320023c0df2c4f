/**
 * WATCH: the state, or the events since a revision, and then whatever comes, one JSON document per line.
 * https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes
 */
import type { ServerResponse } from 'node:http';
import type { Clock } from '../../../kube/clock.ts';
import { zeroBodies } from '../builtin/zeros.ts';
import { ApiFailure } from '../errors.ts';
import { type Json, objectOf, text } from '../json.ts';
import { integerOf, isTrue } from '../options.ts';
import type { Store, Stored, StoreEvent } from '../store.ts';
import { type IncludeObject, includeObject, tableOf } from '../table.ts';
import { parseRevision, type Selection } from './list.ts';
import type { Form } from './representation.ts';
import { objectText, partial } from './texts.ts';

type EventType = 'ADDED' | 'MODIFIED' | 'DELETED';

const bookmarkEvery = 60_000;
/** How long before its end a watch says once more how far it came. */
const lastBookmark = 2_000;
const longestWatch = 3_600;
// A reader that takes nothing for this many bytes is cut off; it will list again.
const largestBacklog = 64 * 1024 * 1024;

export interface WatchRequest {
  readonly store: Store;
  readonly clock: Clock;
  readonly selection: Selection;
  readonly query: URLSearchParams;
  readonly form: Form;
  readonly response: ServerResponse;
}

interface Start {
  readonly initial: readonly Stored[];
  readonly events: readonly StoreEvent[];
  readonly announceEnd: boolean;
  /** Events up to this revision are not sent. */
  readonly after: number;
}

/** Answers a watch and keeps it until its time is over or the client goes. @throws ApiFailure before the first byte */
export function serveWatch(request: WatchRequest): Disposable {
  const start = startOf(request);
  return new Watch(request, start);
}

function startOf({ store, selection, query }: WatchRequest): Start {
  const { key } = selection.target.type;
  const source = query.get('resourceVersion') ?? '';
  const revision = parseRevision(source, (why) => new ApiFailure(500, '', why));
  const state = (): readonly Stored[] => store.list(key, selection.namespace).filter(selection.matches);
  if (isTrue(query, 'sendInitialEvents')) {
    return { initial: state(), events: [], announceEnd: isTrue(query, 'allowWatchBookmarks'), after: revision ?? 0 };
  }
  if (revision === undefined || revision === 0) {
    const skip = query.has('sendInitialEvents');
    const announceEnd = !skip && isTrue(query, 'allowWatchBookmarks');
    return { initial: skip ? [] : state(), events: [], announceEnd, after: 0 };
  }
  return { initial: [], events: store.since(key, revision), announceEnd: false, after: revision };
}

class Watch implements Disposable {
  readonly #request: WatchRequest;
  readonly #include: IncludeObject;
  readonly #subscription: Disposable;
  readonly #after: number;
  #timers: Disposable[] = [];
  #columnsSent = false;
  #ended = false;

  constructor(request: WatchRequest, start: Start) {
    this.#request = request;
    this.#include = includeObject(request.query);
    this.#after = start.after;
    const { response, store, selection, query, clock } = request;
    const seconds = integerOf(query, 'timeoutSeconds') ?? 0;
    response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-cache, private' });
    response.flushHeaders();
    for (const object of start.initial) this.#send('ADDED', object);
    if (start.announceEnd) this.#bookmark({ 'k8s.io/initial-events-end': 'true' });
    for (const event of start.events) this.#relay(event);
    this.#subscription = store.subscribe((event) => {
      this.#relay(event);
    }, selection.target.type.key);
    const longest = (seconds > 0 ? seconds : longestWatch) * 1000;
    this.#timers.push(
      clock.after(longest, () => {
        this[Symbol.dispose]();
      }),
    );
    response.on('close', () => {
      this[Symbol.dispose]();
    });
    if (!isTrue(query, 'allowWatchBookmarks')) return;
    this.#scheduleBookmark();
    this.#scheduleLastBookmark(longest);
  }

  [Symbol.dispose](): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#subscription[Symbol.dispose]();
    for (const timer of this.#timers) timer[Symbol.dispose]();
    this.#request.response.end();
  }

  #scheduleBookmark(): void {
    const timer = this.#request.clock.after(bookmarkEvery, () => {
      this.#bookmark(undefined);
      this.#timers = this.#timers.filter((one) => one !== timer);
      this.#scheduleBookmark();
    });
    this.#timers.push(timer);
  }

  #scheduleLastBookmark(longest: number): void {
    if (longest <= lastBookmark) return;
    const { clock } = this.#request;
    this.#timers.push(
      clock.after(longest - lastBookmark, () => {
        this.#bookmark(undefined);
      }),
    );
  }

  /** An object that begins or ceases to match comes and goes for this client. */
  #relay(event: StoreEvent): void {
    const { namespace, matches } = this.#request.selection;
    if (event.revision <= this.#after) return;
    if (namespace !== '' && event.namespace !== namespace) return;
    const before = event.previous !== undefined && matches(event.previous);
    const now = event.type !== 'DELETED' && matches(event.object);
    if (now) this.#send(before ? 'MODIFIED' : 'ADDED', event.object);
    else if (before) this.#send('DELETED', event.type === 'DELETED' ? event.object : leaving(event));
  }

  #send(type: EventType, object: Stored): void {
    this.#write(`{"type":"${type}","object":${this.#text(object)}}\n`);
  }

  #text(object: Stored): string {
    const { form, selection, clock } = this.#request;
    if (form === 'object') return objectText(selection.target, object);
    if (form === 'metadata') return JSON.stringify(partial(object));
    const metadata = { resourceVersion: text(objectOf(object.metadata).resourceVersion) };
    const options = { include: this.#include, now: clock.now(), withColumns: !this.#columnsSent };
    this.#columnsSent = true;
    return JSON.stringify(tableOf(selection.target, [object], metadata, options));
  }

  #bookmark(annotations: Json | undefined): void {
    const { store } = this.#request;
    // Of a revision that is still to come nothing is told, as if the past had come back.
    if (store.revision < this.#after) return;
    const metadata = {
      resourceVersion: String(store.revision),
      ...(annotations === undefined ? {} : { annotations }),
    };
    this.#write(`${JSON.stringify({ type: 'BOOKMARK', object: this.#blank(metadata) })}\n`);
  }

  /** An object that has nothing but its metadata. */
  #blank(metadata: Json): Json {
    const { form, selection, clock } = this.#request;
    const { type, apiVersion, version } = selection.target;
    const known = { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata };
    if (form === 'metadata') return known;
    const object = { kind: type.kind, apiVersion, metadata, ...zeroBodies[type.key] };
    if (form === 'object') return object;
    const cells = version.columns.map((column) => column.value({ ...object, metadata: {} }, clock.now()));
    const { resourceVersion } = metadata;
    const options = { include: this.#include, now: clock.now(), withColumns: !this.#columnsSent };
    this.#columnsSent = true;
    return { ...tableOf(selection.target, [], { resourceVersion }, options), rows: [{ cells, object: known }] };
  }

  #write(line: string): void {
    if (this.#ended) return;
    const { response } = this.#request;
    response.write(line);
    if (response.writableLength > largestBacklog) response.destroy();
  }
}

/** The last state that matched, with the revision of the change that ended it. */
function leaving(event: StoreEvent): Stored {
  const previous = event.previous ?? event.object;
  return { ...previous, metadata: { ...objectOf(previous.metadata), resourceVersion: String(event.revision) } };
}

/** A watch that cannot be served any more says so as its one event. */
export function expiredEvent(failure: ApiFailure): string {
  return `${JSON.stringify({ type: 'ERROR', object: failure.status() })}\n`;
}
