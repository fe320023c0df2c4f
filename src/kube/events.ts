/** core/v1 Events: one per fact; the recorder aggregates repeats and never holds up a reconcile. */
import type { KubeObject } from '../api/meta.ts';

export interface EventRecord {
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
}

export interface EventRecorder {
  /** Queued and sent in the background; lost when the queue (1,000) is full, which a metric counts. */
  record(regarding: KubeObject, event: EventRecord): void;
}
