/** One of the two servers that a sequence is put to. */
import type { Dispatcher } from 'undici';
import { request } from 'undici';
import { type Json, objectOf, objects } from '../../../src/sandbox/apiserver/json.ts';
import { applyMergePatch } from '../../../src/sandbox/apiserver/patch/merge-patch.ts';
import { type Answer, parsed, type Server, warningsOf } from '../session.ts';
import { keyOf } from './draft.ts';
import { type KindName, kindOf } from './kinds.ts';
import { Memory } from './memory.ts';
import { OpenWatch } from './open-watch.ts';
import { isWatch, type Step } from './step.ts';

/** As it goes over the wire. */
export interface Asked {
  readonly method: string;
  readonly url: string;
  readonly type?: string;
  readonly accept?: string;
  readonly body?: string;
}

export interface Told {
  readonly asked: Asked;
  readonly answer: Answer;
  readonly watch?: OpenWatch;
}

export class Side {
  readonly #server: Server;
  readonly #run: string;
  readonly memory: Memory;

  private constructor(server: Server, run: string, start: string) {
    this.#server = server;
    this.#run = run;
    this.memory = new Memory(run, start);
  }

  /** @param run the name of the sequence and of its namespace, which is made */
  static async begin(server: Server, run: string): Promise<Side> {
    const body = JSON.stringify({ metadata: { name: run } });
    const made = await ask(server, { method: 'POST', url: '/api/v1/namespaces', body, type: 'application/json' });
    const object = objectOf(parsed(await made.body.text()));
    if (made.statusCode !== 201) throw new Error(`no namespace ${run}: ${JSON.stringify(object)}`);
    return new Side(server, run, String(objectOf(object.metadata).resourceVersion));
  }

  async ask(step: Step): Promise<Told> {
    if (readsCache(step)) await this.#list(step.kind);
    const asked = this.#asked(step);
    const response = await ask(this.#server, asked);
    const warnings = warningsOf(response.headers.warning).map((one) => this.memory.told(one));
    const answer = {
      code: response.statusCode,
      type: String(response.headers['content-type'] ?? ''),
      warnings: warnings.map(String),
    };
    if (isWatch(step) && response.statusCode === 200) return { asked, answer, watch: new OpenWatch(response.body) };
    const body = parsed(await response.body.text());
    // What a dry run says of revisions and names holds for nothing.
    if (!isDryRun(step)) this.memory.hear(step.kind, body);
    return { asked, answer: { ...answer, body: this.memory.told(body) } };
  }

  /** What is there of some kinds: names and who holds them, without what a write changes by itself. */
  async state(kinds: readonly KindName[]): Promise<unknown> {
    const lists = await Promise.all(kinds.map((kind) => this.#list(kind)));
    return lists.map((list) => objects(objectOf(list).items).map(({ metadata }) => holders(objectOf(metadata))));
  }

  async #list(kind: KindName): Promise<unknown> {
    const selector = kindOf(kind).namespaced === false ? `?labelSelector=run%3D${this.#run}` : '';
    const response = await ask(this.#server, { method: 'GET', url: this.#path({ kind }) + selector });
    return parsed(await response.body.text());
  }

  #path({ kind, name, subresource }: Pick<Step, 'kind' | 'name' | 'subresource'>): string {
    const { apiVersion, plural, namespaced = true } = kindOf(kind);
    const root = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
    const place = namespaced ? `${root}/namespaces/${this.#run}/${plural}` : `${root}/${plural}`;
    return [place, name, subresource].filter((part) => part !== undefined).join('/');
  }

  #asked(step: Step): Asked {
    const { method, query = {}, type, accept } = step;
    const place = { ...step, ...(step.name !== undefined && { name: this.memory.filled(step.name) }) };
    const body = step.seen === undefined ? this.memory.filled(step.body) : this.#seen(step);
    const parameters = new URLSearchParams(this.memory.filled(query)).toString();
    return {
      method,
      url: `${this.#path(place)}${parameters === '' ? '' : `?${parameters}`}`,
      ...(body !== undefined && {
        body: typeof body === 'string' ? body : JSON.stringify(body),
        type: type ?? 'application/json',
      }),
      ...(accept !== undefined && { accept }),
    };
  }

  /** The object as this side saw it last, changed. */
  #seen({ kind, name = '', seen }: Step): unknown {
    const { apiVersion, kind: called, base } = kindOf(kind);
    const filled = this.memory.filled(name);
    const last = this.memory.seen(keyOf({ kind, name: filled })) ?? {
      apiVersion,
      kind: called,
      metadata: { name: filled },
      ...base,
    };
    return applyMergePatch(last, this.memory.filled(seen));
  }
}

const isDryRun = ({ query = {}, body }: Step): boolean =>
  query.dryRun !== undefined || objectOf(body).dryRun !== undefined;

/** A cache may lag behind until somebody asks for what is newest. */
function readsCache({ method, query = {} }: Step): boolean {
  if (method !== 'GET') return false;
  return query.resourceVersion !== undefined || query.watch !== undefined;
}

function holders(metadata: Json): unknown {
  const { name, finalizers, ownerReferences, deletionTimestamp } = metadata;
  const owners = objects(ownerReferences).map((owner) => `${String(owner.kind)}/${String(owner.name)}`);
  return { name, finalizers, owners, goes: deletionTimestamp !== undefined };
}

/** One request. */
export function ask({ url, token, dispatcher }: Server, asked: Asked): Promise<Dispatcher.ResponseData> {
  const { method, type, accept, body } = asked;
  return request(url + asked.url, {
    method,
    headers: {
      'user-agent': 'random/1',
      ...(accept !== undefined && { accept }),
      ...(type !== undefined && { 'content-type': type }),
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    },
    ...(body !== undefined && { body }),
    ...(dispatcher !== undefined && { dispatcher }),
  });
}
