/** What a command needs from the process, so that a test can be the process. Made in `main.ts`. */
import type { Clock } from '../kube/clock.ts';
import type { Paint } from './paint.ts';

export interface CliContext {
  readonly clock: Clock;
  /** IANA name of the reader's time zone. */
  readonly zone: string;
  readonly paint: Paint;
  /** Columns of the terminal; 100 when there is none. */
  readonly width: number;
  /** Whether `out` is a terminal on which a line can be drawn over. */
  readonly live: boolean;
  readonly out: (text: string) => void;
  /** For what is said beside the result. */
  readonly note: (text: string) => void;
  /** Whether the person says yes. Absent: there is nobody to ask. */
  readonly ask?: (question: string) => Promise<boolean>;
  /** Aborted when the person or the system asks to stop. */
  readonly signal: AbortSignal;
}
