/**
 * Many Rollouts under the production controllers, on the API server of the sandbox and on a clock that stands still until
 * everything has come to rest. Health checks answer at once, targets are Flux objects that nobody else touches.
 */

import { crdObjects } from '../../src/api/crds.ts';
import { HealthCheck } from '../../src/api/health-check.ts';
import { momentAfter } from '../../src/api/instant.ts';
import type { KubeObject } from '../../src/api/meta.ts';
import type { ResourceType } from '../../src/api/resource-type.ts';
import { addControllers } from '../../src/controllers/production.ts';
import { bareManifest } from '../../src/integrations/flux/testing/scripted-registry.ts';
import type { Clock } from '../../src/kube/clock.ts';
import { openCluster } from '../../src/kube/cluster.ts';
import { isConflict } from '../../src/kube/errors.ts';
import { createKubeClient, type HttpKubeClient } from '../../src/kube/http-client.ts';
import { silentLogger } from '../../src/kube/logger.ts';
import { Manager } from '../../src/kube/manager.ts';
import { createFakeClock } from '../../src/kube/testing/fake-clock.ts';
import type { Registry } from '../../src/oci/registry.ts';
import { startApiServer } from '../../src/sandbox/apiserver/start.ts';
import { fluxDefinitions } from '../../src/sandbox/crds/flux-definitions.ts';

/** Of any kind: the tests write objects of Flux and of Kuberik alike. */
export const anyOf = (apiVersion: string, kind: string, plural: string, namespaced = true): ResourceType => {
  return { apiVersion, kind, plural, namespaced, parse: (object) => object as KubeObject };
};

export interface Reality extends AsyncDisposable {
  readonly client: HttpKubeClient;
  readonly manager: Manager;
  readonly registry: Registry;
  /**
   * In whole minutes: what takes seconds, such as trying again after a conflict, belongs to its moment. Only a deployment
   * right behind another one is seconds later.
   */
  readonly clock: Clock;
  /** Tags of an image, oldest first. */
  push(image: string, ...tags: string[]): void;
  /** What a check of this namespace says whenever it is asked. Default: Healthy. */
  readonly verdicts: Map<string, 'Healthy' | 'Unhealthy'>;
  start(): void;
  /** Until nothing is asked or due any more. */
  rest(): Promise<void>;
  advanceTo(instant: Temporal.Instant): Promise<void>;
}

function memoryRegistry(): { registry: Registry; tags: Map<string, string[]> } {
  const tags = new Map<string, string[]>();
  const registry: Registry = {
    listTags: async (repository) => tags.get(repository) ?? [],
    readManifest: async (_repository, reference) => bareManifest(reference, '2026-03-01T00:00:00Z'),
  };
  return { registry, tags };
}

/**
 * Everything here is one process, so that turns of its event loop say more than time, which others may take from it: what
 * is on its way through a socket arrives within a few of them.
 */
async function pause(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await new Promise<void>((resolve) => void setImmediate(resolve));
  await new Promise<void>((resolve) => void setTimeout(resolve, 2));
}
const QUIET_PAUSES = 6;
/** What is due so soon is part of the present minute. */
const moment = { seconds: 55 } as const;
const mostRounds = 500;
/** After which a reflector takes a watch for dead. */
const silence = 180_000;

/** Nobody waits for a second by chance: it is where a deployment begins. */
function isSecondBehind(due: Temporal.Instant, now: Temporal.Instant): boolean {
  const milliseconds = due.epochMilliseconds - now.epochMilliseconds;
  return milliseconds === 1000 || milliseconds === 2000;
}

export async function startReality(start: Temporal.Instant): Promise<Reality> {
  await using parts = new AsyncDisposableStack();
  let asked = 0;
  let open = 0;
  // Between the two time stands still, so that no watch ever ends by it.
  const still = createFakeClock(start);
  const api = await startApiServer({
    clock: still,
    crds: [...crdObjects(), ...fluxDefinitions],
    intercept: ({ url }) => {
      asked += 1;
      if (!url.includes('watch=')) open += 1;
      return undefined;
    },
    requestLog: ({ url }) => {
      if (!url.includes('watch=')) open -= 1;
    },
  });
  parts.defer(() => api.close());
  const clock = createFakeClock(start);
  let shownNow = start;
  const shown: Clock = {
    ...clock,
    now: () => shownNow,
    // Half an hour passes in a moment: a watch that heard nothing in it is not dead.
    after: (milliseconds, callback) =>
      milliseconds === silence ? { [Symbol.dispose]: () => undefined } : clock.after(milliseconds, callback),
  };
  const client = createKubeClient({ cluster: openCluster(api.url), clock: still, userAgent: 'reality' });
  parts.defer(() => client.close());
  const { registry, tags } = memoryRegistry();
  const manager = new Manager({ client, clock: shown, logger: silentLogger });
  addControllers(manager, { client, registry });
  const stop = new AbortController();
  const verdicts = new Map<string, 'Healthy' | 'Unhealthy'>();

  const quiet = async (): Promise<void> => {
    for (let calm = 0; calm < QUIET_PAUSES; ) {
      const before = asked;
      await clock.advanceTo(clock.now());
      await pause();
      calm = before === asked && open === 0 ? calm + 1 : 0;
    }
  };
  /** Checks that were reset, or were never asked, answer. False when none does. */
  const answer = async (): Promise<boolean> => {
    const waiting = (await manager.reader.list(HealthCheck)).filter(
      ({ status }) => (status?.status ?? 'Pending') === 'Pending',
    );
    let answered = 0;
    for (const check of waiting) {
      const verdict = verdicts.get(check.metadata.namespace ?? '') ?? 'Healthy';
      const lastChangeTime = momentAfter(shown.now());
      const failure = verdict === 'Unhealthy' ? { lastErrorTime: lastChangeTime } : {};
      const status = { ...check.status, status: verdict, lastChangeTime, ...failure };
      try {
        await client.replace(HealthCheck, { ...check, status }, { subresource: 'status' });
        answered += 1;
      } catch (error) {
        // Written since: the cache will say so.
        if (!isConflict(error)) throw error;
      }
    }
    return answered > 0;
  };
  const rest = async (): Promise<void> => {
    const end = shown.now().add(moment);
    for (let rounds = 0; rounds < mostRounds; rounds += 1) {
      await quiet();
      if (await answer()) continue;
      const due = clock.nextDue();
      if (due === undefined || Temporal.Instant.compare(due, end) > 0) return;
      if (isSecondBehind(due, shownNow)) {
        shownNow = due;
        await clock.advanceTo(due);
        continue;
      }
      await clock.advanceTo(end);
    }
    throw new Error(`no rest at ${shown.now().toString()}`);
  };
  const owned = parts.move();
  return {
    client,
    manager,
    registry,
    clock: shown,
    verdicts,
    push: (image, ...pushed) => void tags.set(image, [...(tags.get(image) ?? []), ...pushed]),
    start() {
      const ended = manager.run(stop.signal);
      owned.defer(async () => {
        stop.abort(new Error('the test ends'));
        await ended;
      });
    },
    rest,
    async advanceTo(instant) {
      shownNow = instant;
      await clock.advanceTo(instant);
      await rest();
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
