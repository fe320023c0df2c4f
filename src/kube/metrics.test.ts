import { describe, expect, it } from 'vitest';
import { Metrics } from './metrics.ts';
import { createFakeClock } from './testing/fake-clock.ts';
import { priorities, WorkQueue } from './work-queue.ts';

describe('metrics', () => {
  it('counts requests as client-go does', async () => {
    const metrics = new Metrics();
    const hook = metrics.requestHook('10.0.0.1:443');
    hook('apply', 'rollouts', undefined, 200, 3);
    hook('apply', 'rollouts', undefined, 200, 3);
    hook('watch', 'rollouts', undefined, 0, 3);
    const text = await metrics.registry.metrics();
    expect(text).toContain('rest_client_requests_total{code="200",method="PATCH",host="10.0.0.1:443"} 2');
    expect(text).toContain('rest_client_requests_total{code="<error>",method="GET",host="10.0.0.1:443"} 1');
  });

  it('looks at the queues when scraped', async () => {
    const metrics = new Metrics();
    const clock = createFakeClock();
    const queue = new WorkQueue({ clock, random: () => 0, onReady: () => undefined, metrics: metrics.queue('widget') });
    metrics.observeQueue('widget', queue);
    for (const name of ['a', 'b', 'c']) queue.add({ namespace: '', name }, { priority: priorities.resync });
    const work = queue.take()!;
    queue.add({ namespace: '', name: 'd' });
    await clock.advance(3000);
    const text = await metrics.registry.metrics();
    for (const line of [
      'workqueue_depth{name="widget",controller="widget",priority="-100"} 2',
      'workqueue_depth{name="widget",controller="widget",priority="0"} 1',
      'workqueue_adds_total{name="widget",controller="widget"} 4',
      'workqueue_unfinished_work_seconds{name="widget",controller="widget"} 3',
      'workqueue_longest_running_processor_seconds{name="widget",controller="widget"} 3',
    ]) {
      expect(text).toContain(line);
    }
    queue.retry(work);
    queue.done(work.key);
    const after = await metrics.registry.metrics();
    expect(after).toContain('workqueue_retries_total{name="widget",controller="widget"} 1');
    expect(after).toContain('workqueue_work_duration_seconds_sum{name="widget",controller="widget"} 3');
    expect(after).toContain('workqueue_unfinished_work_seconds{name="widget",controller="widget"} 0');
  });
});
