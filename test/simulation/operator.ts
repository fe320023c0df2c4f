/** Datadog's operator: now and then it asks Datadog for the state of each monitor, and writes it down. */
import type { Application } from './application.ts';
import { START } from './chance.ts';
import type { SimulatedClient } from './client.ts';
import { monitorType } from './kinds.ts';
import type { Span } from './span.ts';
import type { VirtualClock } from './virtual-clock.ts';
import type { ServiceWeather } from './weather.ts';
import type { Condition, Workloads } from './workloads.ts';

export interface OperatorOptions {
  readonly client: SimulatedClient;
  readonly clock: VirtualClock;
  readonly workloads: Workloads;
  readonly weather: ServiceWeather;
  readonly span: Span;
}

const states: Readonly<Record<Condition, string>> = {
  absent: 'No Data',
  starting: 'No Data',
  healthy: 'OK',
  unhealthy: 'Alert',
};

export class Operator {
  readonly #options: OperatorOptions;
  readonly #since = new Map<string, { readonly state: string; readonly at: string }>();

  constructor(options: OperatorOptions) {
    this.#options = options;
  }

  /** From now on, until the world ends. */
  watch(app: Application): void {
    const { clock, span } = this.#options;
    clock.after(span.operatorInterval, () => {
      if (clock.milliseconds > START.epochMilliseconds + span.end) return;
      this.watch(app);
      // It is there from the beginning on, and nobody deletes it.
      void this.#ask(app);
    });
  }

  async #ask(app: Application): Promise<void> {
    const { client, weather } = this.#options;
    const { namespace, name } = app;
    const fate = weather.fateOfService('datadog', name);
    if (fate.is === 'slow') return;
    const status = fate.is === 'down' ? { monitorStateSyncStatus: 'error' } : this.#said(app, fate.is === 'lying');
    await client.patch(
      monitorType,
      { namespace, name },
      { type: 'merge', body: { status } },
      { subresource: 'status' },
    );
  }

  #said(app: Application, isLying: boolean): object {
    const { clock, workloads } = this.#options;
    const now = secondOf(clock.milliseconds);
    const state = isLying ? 'Skipped' : states[workloads.conditionOf(app)];
    const before = this.#since.get(`${app.namespace}/${app.name}`);
    const since = before?.state === state ? before : { state, at: now };
    this.#since.set(`${app.namespace}/${app.name}`, since);
    const group = { monitorGroup: 'app', state, lastTransitionTime: secondOf(workloads.changedAt(app)) };
    return {
      id: 1,
      monitorState: state,
      monitorStateLastTransitionTime: since.at,
      monitorStateLastUpdateTime: now,
      monitorStateSyncStatus: 'OK',
      triggeredState: state === 'Alert' ? [group] : [],
    };
  }
}

const secondOf = (milliseconds: number): string =>
  Temporal.Instant.fromEpochMilliseconds(milliseconds).toString({ smallestUnit: 'second' });
