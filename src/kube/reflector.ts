/**
 * Mirrors a collection of the API server into a store: a paged list, then a watch that is renewed for ever. After
 * https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes
 */
import { isRecord } from '../api/json.ts';
import type { KubeObject } from '../api/meta.ts';
import type { ResourceType } from '../api/resource-type.ts';
import { backoffDelay, type Random } from './backoff.ts';
import type { KubeClient, WatchEvent } from './client.ts';
import type { Clock } from './clock.ts';
import { dispositionOf } from './disposition.ts';
import { type Disposition, isExpired, isForbidden, isNotFound, KubeError } from './errors.ts';
import { pagesOf } from './pages.ts';
import type { Store } from './store.ts';

export interface ReflectorOptions<T extends KubeObject> {
  readonly client: KubeClient;
  readonly type: ResourceType<T>;
  /** Empty: all of them. */
  readonly namespace: string;
  readonly labelSelector?: string;
  readonly store: Store<T>;
  readonly clock: Clock;
  readonly random: Random;
  /** The store holds a complete list. */
  readonly onListed: () => void;
  /** Why the store may be out of date; undefined: it is well again. */
  readonly onFault: (fault: Error | undefined) => void;
}

// client-go begins with as much (https://pkg.go.dev/k8s.io/client-go/tools/cache#Reflector) and goes on to 30 seconds; here
// nothing is decided meanwhile.
const retry = { base: 800, max: 10_000 };
// A store that has heard nothing for longer, and may have missed something, is not decided on before it is listed anew.
const longestGap = 2000;
// A kind that we may not read, or that is not installed, is asked for at this pace.
const denied = { base: 30_000, max: 30_000 };
// API servers send a bookmark about every minute.
const longestSilence = 180_000;
// A watch that ends sooner than this without an event counts as a failure.
const shortestWatch = 1000;

export class Reflector<T extends KubeObject> {
  readonly #options: ReflectorOptions<T>;
  /** Where the watch goes on; undefined: a list is due. */
  #version: string | undefined;
  #failures = 0;
  #faulty = false;

  constructor(options: ReflectorOptions<T>) {
    this.#options = options;
  }

  /** Runs until the signal is aborted. Never rejects. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        if (this.#version === undefined) await this.#list(signal);
        else await this.#watch(this.#version, signal);
      } catch (error) {
        // The reader may have aborted in the meantime, in any of the calls above.
        if (isAborted(signal)) return;
        const delay = this.#failed(error);
        if (delay > 0) await this.#options.clock.sleep(delay, signal).catch(() => undefined);
      }
    }
  }

  async #list(signal: AbortSignal): Promise<void> {
    const { client, type, namespace, labelSelector, store } = this.#options;
    const scope = { namespace, ...(labelSelector === undefined ? {} : { labelSelector }), signal };
    const begun = store.beginList();
    const items: unknown[] = [];
    let version: string | undefined;
    for await (const page of pagesOf(client, type, scope)) {
      for (const item of page.items) items.push(item);
      version = page.resourceVersion;
    }
    store.replace(items, begun, namespace);
    this.#version = version;
    this.#options.onListed();
    this.#healthy();
  }

  async #watch(resourceVersion: string, signal: AbortSignal): Promise<void> {
    const { client, type, namespace, labelSelector, clock, random } = this.#options;
    const started = clock.now().epochMilliseconds;
    const cut = new AbortController();
    using silence = new Silence(clock, longestSilence, cut);
    const stop = (): void => {
      cut.abort(signal.reason);
    };
    signal.addEventListener('abort', stop, { once: true });
    let events = 0;
    try {
      const watch = client.watch(type, {
        namespace,
        ...(labelSelector === undefined ? {} : { labelSelector }),
        resourceVersion,
        // Between five and ten minutes, so that watches do not end together.
        timeoutSeconds: Math.round(300 + random() * 300),
        signal: cut.signal,
      });
      for await (const event of watch) {
        silence.heard();
        events++;
        this.#take(event);
        this.#healthy();
      }
    } finally {
      signal.removeEventListener('abort', stop);
    }
    if (events === 0 && clock.now().epochMilliseconds - started < shortestWatch) {
      throw new KubeError('KBK_KUBE_CONNECTION', `watch ${type.kind}: ended at once`, { kind: 'retryable' });
    }
    this.#healthy();
  }

  #take(event: WatchEvent): void {
    if (event.type === 'ADDED' || event.type === 'MODIFIED' || event.type === 'DELETED') {
      this.#options.store.apply(event.type, event.object);
    }
    const metadata = isRecord(event.object) ? event.object.metadata : undefined;
    if (isRecord(metadata) && typeof metadata.resourceVersion === 'string') this.#version = metadata.resourceVersion;
  }

  #healthy(): void {
    this.#failures = 0;
    if (this.#faulty) this.#options.onFault(undefined);
    this.#faulty = false;
  }

  /** Milliseconds to wait before the next try. */
  #failed(error: unknown): number {
    const { clock, random, onFault } = this.#options;
    const watching = this.#version !== undefined;
    const disposition = dispositionOf(error);
    const passing = error instanceof KubeError && error.code !== 'KBK_KUBE_STATUS';
    this.#failures++;
    const pace = isForbidden(error) || isNotFound(error) ? denied : retry;
    const delay = Math.max(backoffDelay(pace, this.#failures, random), millisecondsUntil(disposition, clock));
    const isCut = watching && this.#failures === 1 && delay <= longestGap;
    // A watch that was cut or turned away goes on where it was; anything else makes a new list due. So does silence: an
    // API server whose etcd was restored says nothing until it comes to the revision that it is asked for.
    const goesOn = isCut && !(error instanceof SilenceError) && (passing || disposition.kind === 'waitUntil');
    if (!goesOn) this.#version = undefined;
    if (isExpired(error) && this.#failures === 1) return 0;
    if (!isCut || isForbidden(error) || isNotFound(error)) {
      this.#faulty = true;
      onFault(error instanceof Error ? error : new Error(String(error)));
    }
    return delay;
  }
}

function millisecondsUntil(disposition: Disposition, clock: Clock): number {
  return disposition.kind === 'waitUntil' ? disposition.until.epochMilliseconds - clock.now().epochMilliseconds : 0;
}

class SilenceError extends KubeError {
  constructor() {
    super('KBK_KUBE_CONNECTION', 'the watch fell silent', { kind: 'retryable' });
  }
}

/** Cuts a watch on which nothing was heard for too long: a connection can die without a word. */
class Silence implements Disposable {
  readonly #clock: Clock;
  readonly #limit: number;
  readonly #cut: AbortController;
  #last: number;
  #timer: Disposable;

  constructor(clock: Clock, limit: number, cut: AbortController) {
    this.#clock = clock;
    this.#limit = limit;
    this.#cut = cut;
    this.#last = clock.now().epochMilliseconds;
    this.#timer = this.#arm(limit);
  }

  heard(): void {
    this.#last = this.#clock.now().epochMilliseconds;
  }

  #arm(milliseconds: number): Disposable {
    return this.#clock.after(milliseconds, () => {
      const left = this.#limit - (this.#clock.now().epochMilliseconds - this.#last);
      if (left > 0) this.#timer = this.#arm(left);
      else this.#cut.abort(new SilenceError());
    });
  }

  [Symbol.dispose](): void {
    this.#timer[Symbol.dispose]();
  }
}

function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}
