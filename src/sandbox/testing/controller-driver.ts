/** Runs controllers against a memory cluster one reconcile at a time, on a clock that stands still in between. */
import { type KubeObject, keyText, type ObjectKey } from '../../api/meta.ts';
import type { ControllerDefinition } from '../../kube/reconciler.ts';
import type { FakeClock } from '../../kube/testing/fake-clock.ts';
import type { MemoryCluster } from './memory-cluster.ts';

export interface ControllerDriver {
  /** Reconciles until nothing is due. */
  settle(): Promise<void>;
  /** Moves the clock on and reconciles what falls due on the way. */
  advance(milliseconds: number): Promise<void>;
  /** Reconciles so far. */
  readonly count: number;
}

interface Due {
  readonly controller: ControllerDefinition;
  readonly key: ObjectKey;
  at: Temporal.Instant;
}

/** More reconciles than this without a pause are taken for an endless loop. */
const limit = 5_000;

export function driveControllers(
  cluster: MemoryCluster,
  controllers: readonly ControllerDefinition[],
  clock: FakeClock,
): ControllerDriver {
  const queue = new Map<string, Due>();
  const changes: [KubeObject | undefined, KubeObject | undefined][] = [];
  const { signal } = new AbortController();
  let count = 0;

  cluster.onChange((current, previous) => changes.push([current, previous]));
  const wake = (controller: ControllerDefinition, key: ObjectKey, at: Temporal.Instant): void => {
    const id = `${controller.name} ${keyText(key)}`;
    const waiting = queue.get(id);
    if (waiting === undefined || Temporal.Instant.compare(at, waiting.at) < 0) queue.set(id, { controller, key, at });
  };
  const passOn = async (): Promise<void> => {
    for (let change = changes.shift(); change !== undefined; change = changes.shift()) {
      const { apiVersion, kind } = (change[0] ?? change[1])!;
      for (const controller of controllers) {
        for (const { type, wakes } of controller.watches) {
          if (type.kind !== kind || type.apiVersion !== apiVersion) continue;
          for (const key of await wakes(...change)) wake(controller, key, clock.now());
        }
      }
    }
  };
  const next = (): Due | undefined => [...queue.values()].sort((a, b) => Temporal.Instant.compare(a.at, b.at))[0];

  const runUntil = async (end: Temporal.Instant): Promise<void> => {
    await passOn();
    for (let round = 0; ; round++) {
      if (round > limit) throw new Error(`no rest after ${limit} reconciles: ${[...queue.keys()].join(', ')}`);
      const due = next();
      if (due === undefined || Temporal.Instant.compare(due.at, end) > 0) break;
      queue.delete(`${due.controller.name} ${keyText(due.key)}`);
      await clock.advanceTo(due.at);
      count += 1;
      const { requeueAt } = await due.controller.reconciler.reconcile(due.key, signal);
      if (requeueAt !== undefined) wake(due.controller, due.key, requeueAt);
      await passOn();
    }
    await clock.advanceTo(end);
  };

  return {
    settle: () => runUntil(clock.now()),
    advance: (milliseconds) => runUntil(clock.now().add({ milliseconds })),
    get count() {
      return count;
    },
  };
}
