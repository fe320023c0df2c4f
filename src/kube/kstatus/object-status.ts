/** The verdict on one object. */

/** `Unknown`: the object says something that cannot be judged. */
type StatusName = 'Current' | 'InProgress' | 'Failed' | 'Terminating' | 'Unknown';

export interface ObjectStatus {
  readonly status: StatusName;
  /** For people; the texts are kstatus' own. */
  readonly message: string;
  /** When the verdict changes although the object does not. */
  readonly changesAt?: Temporal.Instant;
}

export const current = (message: string): ObjectStatus => ({ status: 'Current', message });
export const inProgress = (message: string): ObjectStatus => ({ status: 'InProgress', message });
export const failed = (message: string): ObjectStatus => ({ status: 'Failed', message });
