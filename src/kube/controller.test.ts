import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ObjectKey } from '../api/meta.ts';
import { Controller } from './controller.ts';
import { KubeError } from './errors.ts';
import { silentLogger } from './logger.ts';
import { Metrics } from './metrics.ts';
import type { ReconcileResult } from './reconciler.ts';
import { createFakeClock, type FakeClock } from './testing/fake-clock.ts';

let clock: FakeClock;
let metrics: Metrics;
let started: string[];
let controller: Controller | undefined;

beforeEach(() => {
  clock = createFakeClock();
  metrics = new Metrics();
  started = [];
});

afterEach(async () => {
  const stopping = controller?.stop(0);
  await clock.advance(1);
  await stopping;
});

function start(
  reconcile: (name: string, signal: AbortSignal) => Promise<ReconcileResult>,
  concurrency = 2,
): Controller {
  const reconciler = {
    reconcile: async (key: ObjectKey, signal: AbortSignal): Promise<ReconcileResult> => {
      started.push(key.name);
      return reconcile(key.name, signal);
    },
  };
  const definition = { name: 'widget', watches: [], reconciler };
  const options = { definition, clock, metrics, logger: silentLogger, random: () => 1, concurrency, timeout: 60_000 };
  controller = new Controller(options);
  controller.start();
  return controller;
}

const wake = (...names: string[]): void => {
  for (const name of names) controller?.wake({ namespace: 'default', name });
};

const forever = (signal: AbortSignal): Promise<ReconcileResult> =>
  new Promise((_, reject) => {
    signal.addEventListener('abort', () => {
      reject(signal.reason as Error);
    });
  });

async function metric(name: string): Promise<readonly string[]> {
  const text = await metrics.registry.metrics();
  return text.split('\n').filter((line) => line.startsWith(name) && !line.endsWith(' 0'));
}

describe('controller', () => {
  it('has its counters at 0 before anything happened', async () => {
    start(async () => ({}));
    const text = await metrics.registry.metrics();
    for (const line of [
      'controller_runtime_reconcile_total{controller="widget",result="success"} 0',
      'controller_runtime_reconcile_total{controller="widget",result="error"} 0',
      'controller_runtime_reconcile_errors_total{controller="widget"} 0',
      'controller_runtime_max_concurrent_reconciles{controller="widget"} 2',
      'controller_runtime_active_workers{controller="widget"} 0',
      'workqueue_adds_total{name="widget",controller="widget"} 0',
      'workqueue_depth{name="widget",controller="widget",priority="0"} 0',
    ]) {
      expect(text).toContain(line);
    }
  });

  it('runs several at once, but no more than it may', async () => {
    start((_, signal) => forever(signal));
    wake('a', 'b', 'c');
    await clock.settle();
    expect(started).toEqual(['a', 'b']);
    expect(await metric('workqueue_depth')).toEqual([
      'workqueue_depth{name="widget",controller="widget",priority="0"} 1',
    ]);
  });

  it('gives the place of a slow one away', async () => {
    start((name, signal) => (name === 'fast' ? Promise.resolve({}) : forever(signal)));
    wake('slow1', 'slow2', 'fast');
    expect(started).not.toContain('fast');
    await clock.advance(1000);
    expect(started).toContain('fast');
    wake('slow1');
    await clock.advance(1000);
    expect(started.filter((name) => name === 'slow1')).toHaveLength(1);
  });

  it('aborts a reconcile at its time-out and tries again', async () => {
    start((_, signal) => forever(signal));
    wake('a');
    await clock.advance(60_000);
    await clock.advance(10);
    expect(started).toEqual(['a', 'a']);
    expect(await metric('controller_runtime_reconcile_errors_total')).toHaveLength(1);
  });

  it('comes back at the instant that the reconcile named, and not before', async () => {
    start(async () => (started.length === 1 ? { requeueAt: clock.now().add({ minutes: 5 }) } : {}));
    wake('a');
    await clock.advance(299_999);
    expect(started).toHaveLength(1);
    await clock.advance(1);
    expect(started).toHaveLength(2);
    await clock.advance(3_600_000);
    expect(started).toHaveLength(2);
    expect(await metric('controller_runtime_reconcile_total')).toEqual([
      'controller_runtime_reconcile_total{controller="widget",result="success"} 1',
      'controller_runtime_reconcile_total{controller="widget",result="requeue_after"} 1',
    ]);
  });

  it('lets the last reconcile decide about the deadline; a failure leaves it', async () => {
    const results: (() => ReconcileResult)[] = [
      () => ({ requeueAt: clock.now().add({ minutes: 5 }) }),
      () => {
        throw new KubeError('KBK_KUBE_RESPONSE', 'no', { kind: 'terminal' });
      },
      () => ({}),
    ];
    start(async () => results[started.length - 1]?.() ?? {});
    wake('a');
    await clock.advance(60_000);
    wake('a');
    await clock.advance(239_999);
    expect(started).toHaveLength(2);
    await clock.advance(1);
    expect(started).toHaveLength(3);
  });

  it('comes back when it was asked to, whatever could not be done', async () => {
    const failure = new KubeError('KBK_KUBE_STATUS', 'invalid', { kind: 'terminal' });
    start(async () => ({ failure, requeueAt: clock.now().add({ minutes: 5 }) }));
    wake('a');
    await clock.advance(299_999);
    expect(started).toHaveLength(1);
    await clock.advance(1);
    expect(started).toHaveLength(2);
  });

  it('does not spin when a reconcile names a past instant', async () => {
    start(async () => ({ requeueAt: clock.now() }));
    wake('a');
    await clock.advance(60_000);
    expect(started.length).toBeLessThan(20);
  });

  it.each([
    ['retryable', new Error('no'), 60, 10],
    ['terminal', new KubeError('KBK_KUBE_RESPONSE', 'no', { kind: 'terminal' }), 3600, 1],
    ['another room, terminal', Object.assign(new Error('no'), { retryable: false }), 3600, 1],
  ])('%s: %s', async (_, error, seconds, atLeast) => {
    start(async () => Promise.reject(error));
    wake('a');
    await clock.advance(seconds * 1000);
    expect(started.length).toBeGreaterThanOrEqual(atLeast);
    expect(started.length).toBeLessThanOrEqual(atLeast + 5);
  });

  it('waits until an error says', async () => {
    const until = clock.now().add({ seconds: 90 });
    const error = Object.assign(new Error('busy'), { retryable: true, retryAt: until });
    start(async () => (started.length === 1 ? Promise.reject(error) : {}));
    wake('a');
    await clock.advance(89_999);
    expect(started).toHaveLength(1);
    await clock.advance(1);
    expect(started).toHaveLength(2);
  });

  it('reconciles again when a change comes while it runs', async () => {
    let finish = (): void => undefined;
    start(
      () =>
        new Promise(
          (resolve) =>
            (finish = () => {
              resolve({});
            }),
        ),
    );
    wake('a');
    await clock.settle();
    wake('a', 'a');
    finish();
    await clock.settle();
    expect(started).toEqual(['a', 'a']);
  });

  it('stops in order: nothing new, a bounded wait, then an abort', async () => {
    let aborted = false;
    const running = start((_, signal) =>
      forever(signal).catch((error: unknown) => {
        aborted = true;
        throw error;
      }),
    );
    wake('a');
    let stopped = false;
    const stopping = running.stop(5000).then(() => (stopped = true));
    wake('b');
    await clock.advance(4999);
    expect([aborted, stopped]).toEqual([false, false]);
    await clock.advance(1);
    await stopping;
    expect(aborted).toBe(true);
    expect(started).toEqual(['a']);
  });
});
