/** Two replicas through ten minutes of releases, while the leadership moves: exactly one acts at any time. */
import { rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { Rollout } from '../../../src/api/rollout.ts';
import type { KubeClient } from '../../../src/kube/client.ts';
import { systemClock } from '../../../src/kube/clock.ts';
import { Informers } from '../../../src/kube/informers.ts';
import { eventually } from '../../support/eventually.ts';
import { connectionTo } from '../control-plane/control-plane.ts';
import { openClusterAt } from '../support/cluster.ts';
import { Audit, usurpations } from './support/audit.ts';
import { ownPlane } from './support/plane.ts';
import { Replicas } from './support/replicas.ts';

/** Milliseconds of releases. */
const duration = 600_000;
/** Between two releases, and at most between two things that go wrong. */
const [releaseEvery, unrestEvery] = [3000, 24_000];
const audit = new Audit();
const plane = ownPlane('runtime-replicas', { flux: true, install: true, apiServerFlags: audit.flags });

afterAll(() => {
  rmSync(audit.folder, { recursive: true, force: true });
});

/** Every tag that any version of the history had, by id. */
class Recorded implements AsyncDisposable {
  readonly tags = new Map<number, Set<string>>();
  readonly #informers: Informers;

  constructor(client: KubeClient, namespace: string) {
    this.#informers = new Informers({ client, clock: systemClock, namespaces: [namespace] });
    this.#informers.acquire(Rollout).informer.subscribe(({ current }) => {
      for (const { id = 0, version } of current?.status?.history ?? [])
        this.tags.set(id, (this.tags.get(id) ?? new Set()).add(version.tag));
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#informers.stop();
  }
}

test(
  'each release is recorded once and in order, and nobody writes but the holder of the lease',
  async () => {
    await using replicas = new Replicas(plane());
    replicas.start(2);
    await replicas.leader();
    await using cluster = openClusterAt(connectionTo(plane()));
    const space = await cluster.space('replicas');
    await using recorded = new Recorded(cluster.client, space.namespace);
    await space.application({ bakeTime: '1s', versionHistoryLimit: 5 });
    const end = performance.now() + duration;

    const unrest = (async () => {
      const ways = ['freeze', 'kill', 'hiccup', 'stop'] as const;
      for (let turn = 0; performance.now() < end; turn += 1) {
        await sleep(Math.random() * unrestEvery);
        if (performance.now() < end) await replicas[ways[turn % ways.length] ?? 'kill']();
      }
    })();
    const tags = ['v1.0.0'];
    const releases = (async () => {
      while (performance.now() < end) {
        await eventually(
          async () => {
            expect((await space.history())[0]).toBe(`${tags.at(-1) ?? ''} Succeeded Automatic`);
          },
          120_000,
          500,
        );
        tags.push(`v1.${tags.length}.0`);
        await space.push(tags.at(-1) ?? '');
        await sleep(releaseEvery);
      }
    })();
    await Promise.all([unrest, releases]);
    await eventually(
      async () => {
        expect((await space.history())[0]).toBe(`${tags.at(-1) ?? ''} Succeeded Automatic`);
      },
      120_000,
      500,
    );
    await replicas.end();

    const history = [...recorded.tags].toSorted(([a], [b]) => a - b);
    expect(history.map(([id, all]) => [id, [...all]])).toEqual(tags.map((tag, index) => [index + 1, [tag]]));
    expect(await space.carried()).toEqual(tags);
    const { terms, faults } = usurpations(audit.writes());
    expect(faults).toEqual([]);
    expect(terms.length).toBeGreaterThan((duration / unrestEvery) * 0.4);
    expect(new Set(terms.map(({ credential }) => credential)).size).toBe(
      new Set(terms.map(({ holder }) => holder)).size,
    );
    process.stdout.write(`${tags.length} releases, ${terms.length} terms, ${replicas.ends.length} processes\n`);
  },
  duration + 300_000,
);
