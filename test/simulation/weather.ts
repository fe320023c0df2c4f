/**
 * What services outside of the cluster are like: registry, Prometheus, what HTTP gates and checks ask, Datadog. Whoever
 * plays a service asks `fateOfService` for each request; faults make the weather, see `faults.ts`.
 */
import type { Clock } from '../../src/kube/clock.ts';

export const serviceNames = ['registry', 'prometheus', 'http', 'datadog'] as const;
export type ServiceName = (typeof serviceNames)[number];

export type ServiceFate =
  | { readonly is: 'served' }
  /** The right answer, this many milliseconds later than it would be. */
  | { readonly is: 'slow'; readonly by: number }
  /** No connection, or 503: whichever suits the service. */
  | { readonly is: 'down' }
  /** 200, and what it says makes no sense. */
  | { readonly is: 'lying' };

export interface ServiceWeather {
  /** Asked once for each request: it counts. @param host or whatever says which one of its kind */
  fateOfService(name: ServiceName, host: string): ServiceFate;
}

export type BadWeather = Exclude<ServiceFate, { is: 'served' }>;

interface Front {
  readonly name: ServiceName;
  readonly fate: BadWeather;
  /** Milliseconds since the epoch. */
  readonly until: number;
  /** Called for the first request that meets it. */
  readonly met: (host: string) => void;
  isMet: boolean;
}

/** The weather over all services of one world. */
export class Sky implements ServiceWeather {
  readonly #clock: Clock;
  readonly #fronts = new Map<ServiceName, Front>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Until then, all of this service are so. A new one takes the place of the one before. */
  bring(front: Omit<Front, 'isMet'>): void {
    this.#fronts.set(front.name, { ...front, isMet: false });
  }

  fateOfService(name: ServiceName, host: string): ServiceFate {
    const front = this.#fronts.get(name);
    if (front === undefined || this.#clock.now().epochMilliseconds > front.until) return { is: 'served' };
    if (!front.isMet) front.met(host);
    front.isMet = true;
    return front.fate;
  }
}
