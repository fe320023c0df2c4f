/** Equal questions that are asked at the same time share one answer. */
import { abandonOnAbort } from './deadline.ts';

export interface SharedFlight<T> {
  /**
   * Joins the work that runs under this key, or starts it. A caller whose signal is aborted leaves at once; the work
   * itself is aborted when the last caller has left.
   */
  join(key: string, signal: AbortSignal, start: (signal: AbortSignal) => Promise<T>): Promise<T>;
}

interface Flight<T> {
  readonly work: Promise<T>;
  readonly abort: AbortController;
  callers: number;
}

export function createSharedFlight<T>(): SharedFlight<T> {
  const flights = new Map<string, Flight<T>>();

  function launch(key: string, start: (signal: AbortSignal) => Promise<T>): Flight<T> {
    const abort = new AbortController();
    const work = start(abort.signal);
    const flight: Flight<T> = { work, abort, callers: 0 };
    flights.set(key, flight);
    const land = () => {
      if (flights.get(key) === flight) flights.delete(key);
    };
    work.then(land, land);
    return flight;
  }

  return {
    async join(key, signal, start) {
      signal.throwIfAborted();
      const flight = flights.get(key) ?? launch(key, start);
      flight.callers += 1;
      try {
        return await abandonOnAbort(flight.work, signal);
      } finally {
        flight.callers -= 1;
        if (flight.callers === 0) {
          // Nobody may join work that is being aborted.
          if (flights.get(key) === flight) flights.delete(key);
          flight.abort.abort(new Error('nobody waits for the answer any more'));
        }
      }
    },
  };
}
