/** What the schedule controllers are given: readers, writers and the clock. */
import type { KubeClient } from '../../kube/client.ts';
import type { Clock } from '../../kube/clock.ts';
import type { EventRecorder } from '../../kube/events.ts';
import type { Reader } from '../../kube/reader.ts';

export interface ScheduleControllerOptions {
  readonly client: KubeClient;
  /** The informers' stores inside a manager; live reads in tests and tools. */
  readonly reader: Reader;
  readonly clock: Clock;
  readonly events: EventRecorder;
}
