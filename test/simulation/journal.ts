/** What happened, in order: the log that a person reads, whose bytes are the same for the same seed. */
import { createHash } from 'node:crypto';
import { keyText } from '../../src/api/meta.ts';
import { type Call, isWrite } from './call.ts';
import type { VirtualClock } from './virtual-clock.ts';

interface Line {
  readonly at: number;
  readonly actor: string;
  readonly text: string;
  /** Reads and the like, which a person hardly wants to see. */
  readonly isDetail: boolean;
}

export type RequestListener = (actor: string, call: Call, status: number) => void;
/** @param revision of the state that somebody now knows of a kind */
export type HearingListener = (actor: string, kind: string, revision: number) => void;
export type NoteListener = (actor: string, text: string) => void;

export class Journal {
  readonly #clock: VirtualClock;
  readonly #lines: Line[] = [];
  readonly #listeners: RequestListener[] = [];
  readonly #hearers: HearingListener[] = [];
  readonly #readers: NoteListener[] = [];

  constructor(clock: VirtualClock) {
    this.#clock = clock;
  }

  onRequest(listener: RequestListener): void {
    this.#listeners.push(listener);
  }

  onHeard(listener: HearingListener): void {
    this.#hearers.push(listener);
  }

  onNote(listener: NoteListener): void {
    this.#readers.push(listener);
  }

  /** A list or a line of a watch has arrived. Not in the log. */
  heard(actor: string, kind: string, revision: number): void {
    for (const listener of this.#hearers) listener(actor, kind, revision);
  }

  note(actor: string, text: string): void {
    for (const listener of this.#readers) listener(actor, text);
    this.#lines.push({ at: this.#clock.milliseconds, actor, text, isDetail: false });
  }

  request(actor: string, call: Call, status: number): void {
    const { verb, kind, key, subresource } = call;
    const text = `${verb} ${kind} ${keyText(key)}${subresource === undefined ? '' : `/${subresource}`}: ${status}`;
    // A lease is renewed every other second.
    const isDetail = (!isWrite(call) || call.kind === 'Lease') && status < 300;
    this.#lines.push({ at: this.#clock.milliseconds, actor, text, isDetail });
    for (const listener of this.#listeners) listener(actor, call, status);
  }

  get length(): number {
    return this.#lines.length;
  }

  /** Of every line, details too. */
  digest(): string {
    return createHash('sha256').update(this.text(true)).digest('hex').slice(0, 16);
  }

  text(details = false): string {
    return this.#lines
      .filter(({ isDetail }) => details || !isDetail)
      .map(({ at, actor, text }) => `${instantText(at)} ${actor.padEnd(14)} ${text}`)
      .join('\n');
  }
}

function instantText(at: number): string {
  const text = Temporal.Instant.fromEpochMilliseconds(at).toString({ smallestUnit: 'millisecond' });
  return text.slice(5, -1).replace('T', ' ');
}
