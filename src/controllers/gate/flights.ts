/**
 * Questions on their way, and answers that are not written down yet. A reconcile never waits for a service: it starts
 * questions, and is woken by the answers. What is asked for a gate that is another one by then is dropped.
 */
import { keyOf, keyText, type ObjectKey } from '../../api/meta.ts';
import type { VersionInfo } from '../../api/rollout.ts';
import type { RolloutGate } from '../../api/rollout-gate.ts';
import type { GateAnswer } from '../../core/http-gate.ts';

export type AskAbout = (version: VersionInfo, signal: AbortSignal) => Promise<GateAnswer>;

interface Flight {
  readonly abort: AbortController;
  answer?: GateAnswer;
}

interface GateFlights {
  /** Of the gate with this very spec. */
  readonly identity: string;
  /** By version. */
  readonly flights: Map<string, Flight>;
}

export class Flights {
  readonly #gates = new Map<string, GateFlights>();
  /** Wakes the gate whose answer is there. */
  wake: (key: ObjectKey) => void = () => undefined;

  /** Answers that are not settled. */
  answers(gate: RolloutGate): readonly GateAnswer[] {
    return [...this.#of(gate).values()].flatMap(({ answer }) => answer ?? []);
  }

  /** Drops what is asked about any other version. */
  keep(gate: RolloutGate, versions: readonly VersionInfo[]): void {
    const flights = this.#of(gate);
    const wanted = new Set(versions.map(versionId));
    for (const [id, flight] of flights) {
      if (wanted.has(id)) continue;
      flight.abort.abort(new Error('the version is no candidate any more'));
      flights.delete(id);
    }
  }

  /** Unless it is asked already. @param ask rejects only when it is aborted */
  start(gate: RolloutGate, version: VersionInfo, ask: AskAbout): void {
    const flights = this.#of(gate);
    const id = versionId(version);
    if (flights.has(id)) return;
    const flight: Flight = { abort: new AbortController() };
    flights.set(id, flight);
    const key = keyOf(gate);
    ask(version, flight.abort.signal).then(
      (answer) => {
        if (flight.abort.signal.aborted) return;
        flight.answer = answer;
        this.wake(key);
      },
      // Nobody waits for what was aborted; were it anything else, the next look asks again.
      () => {
        if (flights.get(id) === flight) flights.delete(id);
      },
    );
  }

  /** They are written down. */
  settle(gate: RolloutGate, answers: readonly GateAnswer[]): void {
    const flights = this.#of(gate);
    for (const [id, { answer }] of flights) if (answer !== undefined && answers.includes(answer)) flights.delete(id);
  }

  forget(key: ObjectKey): void {
    this.#abort(this.#gates.get(keyText(key)));
    this.#gates.delete(keyText(key));
  }

  stop(): void {
    for (const gate of this.#gates.values()) this.#abort(gate);
    this.#gates.clear();
  }

  #of(gate: RolloutGate): Map<string, Flight> {
    const key = keyText(keyOf(gate));
    const { uid = '', generation = 0 } = gate.metadata;
    const identity = `${uid} ${generation}`;
    const present = this.#gates.get(key);
    if (present?.identity === identity) return present.flights;
    this.#abort(present);
    const flights = new Map<string, Flight>();
    this.#gates.set(key, { identity, flights });
    return flights;
  }

  #abort(gate: GateFlights | undefined): void {
    for (const { abort } of gate?.flights.values() ?? []) abort.abort(new Error('the gate asks no more'));
  }
}

function versionId({ tag, digest }: VersionInfo): string {
  return digest === undefined ? tag : `${tag}@${digest}`;
}
