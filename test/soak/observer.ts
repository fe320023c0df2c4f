/**
 * Sees every version of every object, whatever is killed: it watches etcd itself, through its gRPC gateway, and goes on from
 * the revision after the last one that it saw. A watch of the API server could not: a restarted one forgets what was before.
 * https://etcd.io/docs/v3.6/dev-guide/api_grpc_gateway/
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { request } from 'undici';
import type { Change, Stored } from './history.ts';

/** The resources that are looked at, below the API server's prefix. */
const prefixes = [
  'kuberik.com/',
  'kustomize.toolkit.fluxcd.io/',
  'image.toolkit.fluxcd.io/imagepolicies/',
  'events/',
].map((prefix) => `/registry/${prefix}`);
const [everything, afterEverything] = ['/registry/', '/registry0'];

interface WatchLine {
  readonly error?: { readonly message?: string };
  readonly result?: {
    readonly canceled?: boolean;
    readonly compact_revision?: string;
    readonly cancel_reason?: string;
    readonly events?: readonly {
      readonly type?: 'DELETE';
      readonly kv: { readonly key: string; readonly value?: string; readonly mod_revision: string };
    }[];
  };
}

const encode = (text: string): string => Buffer.from(text).toString('base64');
const decode = (text: string): string => Buffer.from(text, 'base64').toString();

export class Observer implements AsyncDisposable {
  readonly #etcdUrl: string;
  readonly #see: (change: Change) => void;
  readonly #stop = new AbortController();
  readonly #running: Promise<void>;
  #revision = 0;
  /** How often a watch began. */
  watches = 0;
  /** Why nothing can be said any more. */
  failure: string | undefined;

  constructor(etcdUrl: string, see: (change: Change) => void) {
    this.#etcdUrl = etcdUrl;
    this.#see = see;
    this.#running = this.#run();
  }

  /** Resolves when it has seen everything that is there by now. @throws when that takes longer than a minute */
  async caughtUp(): Promise<void> {
    const newest = await this.#newest();
    for (let look = 0; this.#revision < newest; look += 1) {
      if (look === 600 || this.failure !== undefined)
        throw new Error(`the observer is at revision ${this.#revision} of ${newest}: ${this.failure ?? 'too slow'}`);
      await sleep(100);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  async #newest(): Promise<number> {
    const body = { key: encode(everything), range_end: encode(afterEverything), sort_target: 'MOD' };
    const last = { ...body, sort_order: 'DESCEND', limit: 1, keys_only: true };
    const answer = await request(`${this.#etcdUrl}/v3/kv/range`, { method: 'POST', body: JSON.stringify(last) });
    const { kvs } = (await answer.body.json()) as { kvs?: readonly { mod_revision: string }[] };
    return Number(kvs?.[0]?.mod_revision);
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop;
    while (!isAborted(signal) && this.failure === undefined) {
      // It ends with etcd, and begins again with it.
      await this.#follow(signal).catch(() => undefined);
      await sleep(100, undefined, { signal }).catch(() => undefined);
    }
  }

  async #follow(signal: AbortSignal): Promise<void> {
    const range = { key: encode(everything), range_end: encode(afterEverything) };
    const create = { create_request: { ...range, start_revision: String(this.#revision + 1), fragment: true } };
    const { body } = await request(`${this.#etcdUrl}/v3/watch`, {
      method: 'POST',
      body: JSON.stringify(create),
      signal,
      bodyTimeout: 0,
    });
    this.watches += 1;
    let rest = '';
    body.setEncoding('utf8');
    for await (const chunk of body) {
      const lines = (rest + String(chunk)).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) this.#read(JSON.parse(line) as WatchLine);
    }
  }

  #read({ result, error }: WatchLine): void {
    if (error !== undefined) throw new Error(error.message);
    if (result?.canceled === true) {
      if (result.compact_revision !== undefined)
        this.failure = `etcd has thrown away what came after revision ${this.#revision}`;
      throw new Error(result.cancel_reason);
    }
    const at = Date.now();
    for (const { type, kv } of result?.events ?? []) {
      const revision = Number(kv.mod_revision);
      if (revision <= this.#revision) continue;
      const key = decode(kv.key);
      const prefix = prefixes.find((one) => key.startsWith(one));
      if (prefix !== undefined) this.#see({ revision, at, ...placeOf(key), object: objectOf(type, kv.value) });
      this.#revision = revision;
    }
  }
}

/** `/registry/kuberik.com/rollouts/soak-1/app-1`, `/registry/kuberik.com/freezes/app-1`, `/registry/events/soak-1/app-1.7`. */
function placeOf(key: string): Pick<Change, 'resource' | 'namespace' | 'name'> {
  const [, , ...parts] = key.split('/');
  const [resource = '', ...rest] = parts[0]?.includes('.') ? parts.slice(1) : parts;
  const [name = '', namespace = ''] = rest.toReversed();
  return { resource, namespace, name };
}

function objectOf(type: 'DELETE' | undefined, value = ''): Stored | undefined {
  return type === 'DELETE' ? undefined : (JSON.parse(decode(value)) as Stored);
}

/** It changes while something is waited for. */
const isAborted = (signal: AbortSignal): boolean => signal.aborted;
