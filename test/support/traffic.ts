/** What the controllers ask of the API server and of the registry, counted by kind. */
import { expect } from 'vitest';
import { CONTROLLER_AGENT } from '../../src/sandbox/sandbox.ts';
import { eventually } from './eventually.ts';
import type { World } from './world.ts';

/** Milliseconds without a request after which nothing more is expected to come. */
const longEnough = 700;

interface Traffic {
  /** By what was written, for example `rollouts/status` or `events`. */
  readonly writes: Readonly<Record<string, number>>;
  /** Single objects that were read past the watches. */
  readonly reads: readonly string[];
  readonly tagLists: number;
  readonly manifests: number;
}

/** From now on; watches and lists, which every start needs, are left out. */
export class Meter {
  readonly #world: World;
  readonly #namespace: string;
  readonly #userAgent: string;
  #requests: number;
  #registryRequests: number;

  constructor(world: World, namespace: string, userAgent = CONTROLLER_AGENT) {
    this.#world = world;
    this.#namespace = namespace;
    this.#userAgent = userAgent;
    this.#requests = world.requests.length;
    this.#registryRequests = world.registryRequests.length;
  }

  restart(): void {
    this.#requests = this.#world.requests.length;
    this.#registryRequests = this.#world.registryRequests.length;
  }

  get traffic(): Traffic {
    const writes: Record<string, number> = {};
    const reads: string[] = [];
    for (const { method, url, userAgent } of this.#world.requests.slice(this.#requests)) {
      const path = new URL(url, 'http://server').pathname;
      const [, resource] = path.split(`/namespaces/${this.#namespace}/`);
      if (userAgent !== this.#userAgent || resource === undefined) continue;
      const [plural = '', name, ...subresource] = resource.split('/');
      const what = [plural, ...subresource].join('/');
      if (method !== 'GET') writes[what] = (writes[what] ?? 0) + 1;
      else if (name !== undefined) reads.push(path);
    }
    const asked = this.#world.registryRequests
      .slice(this.#registryRequests)
      .filter(({ userAgent, path }) => userAgent === this.#userAgent && path.startsWith(`/v2/${this.#namespace}/`));
    const count = (part: string): number => asked.filter(({ path }) => path.includes(part)).length;
    return { writes, reads, tagLists: count('/tags/list'), manifests: count('/manifests/') };
  }

  /** Waits until nothing has been asked for a while, and resolves with what was until then. */
  async settled(): Promise<Traffic> {
    const { clock } = this.#world;
    let last = '';
    let since = clock.now();
    await eventually(() => {
      const now = JSON.stringify(this.traffic);
      if (now !== last) since = clock.now();
      last = now;
      expect(since.until(clock.now()).total('milliseconds')).toBeGreaterThan(longEnough);
    });
    return this.traffic;
  }
}

export const nothing: Traffic = { writes: {}, reads: [], tagLists: 0, manifests: 0 };
