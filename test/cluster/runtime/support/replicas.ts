/** The Deployment's two replicas: one that ends is started anew, and some unrest that moves the leadership. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { eventually } from '../../../support/eventually.ts';
import type { ControlPlane } from '../../control-plane/control-plane.ts';
import { Candidate } from './candidate.ts';

export class Replicas implements AsyncDisposable {
  /** Every process that there was: name and how it ended; null: by a signal. */
  readonly ends: { readonly name: string; readonly code: number | null }[] = [];
  readonly #plane: ControlPlane;
  readonly #present = new Map<string, Candidate>();
  readonly #kept: Promise<void>[] = [];
  #count = 0;
  #ending = false;

  constructor(plane: ControlPlane) {
    this.#plane = plane;
  }

  start(replicas: number): void {
    for (let replica = 0; replica < replicas; replica += 1) this.#kept.push(this.#keep());
  }

  async #keep(): Promise<void> {
    while (!this.#ending) {
      const candidate = await Candidate.start(this.#plane, `replica-${++this.#count}`);
      this.#present.set(candidate.name, candidate);
      const code = await candidate.ended;
      this.ends.push({ name: candidate.name, code });
      this.#present.delete(candidate.name);
    }
  }

  /** Waits until one leads. */
  leader(): Promise<Candidate> {
    return eventually(
      () => {
        const leader = [...this.#present.values()].find(({ leads }) => leads);
        if (leader === undefined) throw new Error('nobody leads');
        return leader;
      },
      60_000,
      200,
    );
  }

  /** Frozen until another one leads, as by a paused machine; then it must see by itself that it has to go. */
  async freeze(): Promise<void> {
    const leader = await this.leader();
    leader.freeze();
    await this.leader();
    leader.thaw();
    expect(await leader.ended).not.toBe(0);
    expect(leader.log).toContain('is lost');
  }

  /** Too short for anybody else to lead. */
  async hiccup(): Promise<void> {
    const leader = await this.leader();
    leader.freeze();
    await sleep(4000);
    leader.thaw();
  }

  async kill(): Promise<void> {
    await (await this.leader()).end('SIGKILL');
  }

  /** As a rollout of the Deployment does. */
  async stop(): Promise<void> {
    expect(await (await this.leader()).end('SIGTERM')).toBe(0);
  }

  /** Ends all of them in order. */
  async end(): Promise<void> {
    this.#ending = true;
    await Promise.all([...this.#present.values()].map((candidate) => candidate.end('SIGTERM')));
    await Promise.all(this.#kept);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ending = true;
    await Promise.all([...this.#present.values()].map((candidate) => candidate.end('SIGKILL')));
    await Promise.all(this.#kept);
  }
}
