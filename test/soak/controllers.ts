/** The built `kuberik controller` as the Deployment runs it, alone or as two replicas with a lease; killed, and started again. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { usageOf } from '../../bench/process-usage.ts';
import type { ControlPlane } from '../cluster/control-plane/control-plane.ts';
import { writeKubeconfig } from '../cluster/control-plane/credentials.ts';
import { NAMESPACE, shipped } from '../cluster/support/controller.ts';
import type { Arrangement, End } from './oracles/ends.ts';

interface Slot {
  /** Of all its processes. */
  readonly log: string;
  child: ChildProcess | undefined;
  /** Milliseconds until the next one is started; undefined: it ended by itself. */
  downFor: number | undefined;
}

/** What the kubelet waits before it starts a container again that has ended by itself. */
const backOff = 1000;

export class Controllers implements AsyncDisposable {
  readonly #program: string;
  readonly #kubeconfig: string;
  readonly #slots: readonly Slot[];
  readonly #kept: Promise<void>[];
  #arrangement: Arrangement = 'alone';
  #ending = false;
  starts = 0;
  /** Of the process that held most. */
  peakBytes = 0;
  /** Those that ended by themselves. */
  readonly ends: End[] = [];

  /** @param program the bundle @param token of the ServiceAccount */
  constructor(plane: ControlPlane, program: string, token: string) {
    this.#program = program;
    const tokenFile = join(plane.run.directory, 'controller.token');
    writeFileSync(tokenFile, token, { mode: 0o600 });
    const path = join(plane.run.directory, 'controller.kubeconfig');
    this.#kubeconfig = writeKubeconfig(path, plane.server, plane.caFile, { tokenFile }, NAMESPACE);
    this.#slots = [0, 1].map((index) => {
      return { log: join(plane.run.logs, `controller-${index}.log`), child: undefined, downFor: undefined };
    });
    this.#kept = this.#slots.map((slot, index) => this.#keep(slot, index));
  }

  /** Whoever runs is killed first. */
  async arrange(arrangement: Arrangement): Promise<void> {
    this.#arrangement = arrangement;
    await Promise.all(this.#running.map((slot) => end(slot, 0)));
  }

  /** One that runs, without warning. @param choice in [0, 1) @returns whether one ran */
  async kill(choice: number, downFor: number): Promise<boolean> {
    const slot = this.#running[Math.floor(choice * this.#running.length)];
    if (slot === undefined) return false;
    await end(slot, downFor);
    return true;
  }

  async sample(): Promise<void> {
    for (const { child } of this.#running) {
      const usage = await usageOf(child?.pid ?? 0).catch(() => undefined);
      // One that is just going says nothing of its memory.
      const bytes = usage?.peakBytes ?? Number.NaN;
      if (bytes > this.peakBytes) this.peakBytes = bytes;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ending = true;
    await Promise.all(this.#running.map((slot) => end(slot, 0)));
    await Promise.all(this.#kept);
  }

  get #running(): readonly Slot[] {
    return this.#slots.filter(({ child }) => child !== undefined);
  }

  async #keep(slot: Slot, index: number): Promise<void> {
    while (!this.#isEnding) {
      const arrangement = this.#arrangement;
      if (index > 0 && arrangement === 'alone') {
        await sleep(200);
        continue;
      }
      slot.downFor = undefined;
      slot.child = this.#spawn(slot.log, arrangement);
      const [code] = (await once(slot.child, 'exit')) as [number | null];
      slot.child = undefined;
      const downFor = plannedFor(slot);
      if (downFor === undefined)
        this.ends.push({ arrangement, code, said: readFileSync(slot.log, 'utf8').slice(-500) });
      await sleep(downFor ?? backOff);
    }
  }

  /** It changes while something is waited for. */
  get #isEnding(): boolean {
    return this.#ending;
  }

  #spawn(path: string, arrangement: Arrangement): ChildProcess {
    this.starts += 1;
    const log = openSync(path, 'a');
    const parameters = [
      ...shipped().parameters,
      `--kubeconfig=${this.#kubeconfig}`,
      '--metrics-bind-address=0',
      '--health-probe-bind-address=0',
      ...(arrangement === 'alone' ? ['--leader-elect=false'] : []),
    ];
    const command = ['--pdeathsig', 'KILL', '--', process.execPath, this.#program, ...parameters];
    const child = spawn('setpriv', command, { stdio: ['ignore', log, log] });
    closeSync(log);
    return child;
  }
}

async function end(slot: Slot, downFor: number): Promise<void> {
  const { child } = slot;
  if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
  slot.downFor = downFor;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

/** It changes while something is waited for. */
const plannedFor = ({ downFor }: Slot): number | undefined => downFor;
