/** The controller of gates of class `http`: asks a service about each candidate of their Rollout, and keeps its verdicts. */
import { DEPLOY } from '../../api/annotations.ts';
import { sameJson } from '../../api/json.ts';
import { keyOf, keyText } from '../../api/meta.ts';
import { Rollout } from '../../api/rollout.ts';
import { GATE_CLASS_HTTP, RolloutGate } from '../../api/rollout-gate.ts';
import type { IndexDefinition } from '../../kube/object-index.ts';
import { type ControllerDefinition, ownSource, watchSource } from '../../kube/reconciler.ts';
import { Flights } from './flights.ts';
import type { HttpGateOptions } from './options.ts';
import { reconcileHttpGate } from './reconcile.ts';

export function httpGateController(options: HttpGateOptions): ControllerDefinition {
  const { reader } = options;
  const flights = new Flights();
  return {
    name: 'httpgate',
    watches: [
      ownSource(RolloutGate),
      watchSource({
        type: Rollout,
        wakes: async (current, previous) => {
          const rollout = current ?? previous;
          if (rollout === undefined || sameJson(candidatesOf(current), candidatesOf(previous))) return [];
          return (await reader.find(RolloutGate, { index: byRollout, value: keyText(keyOf(rollout)) })).map(keyOf);
        },
      }),
    ],
    reconciler: { reconcile: (key, signal) => reconcileHttpGate(options, flights, key, signal) },
    start(wake, signal) {
      flights.wake = wake;
      signal.addEventListener('abort', () => {
        flights.stop();
        void options.asker.close();
      });
    },
  };
}

const byRollout: IndexDefinition<RolloutGate> = {
  name: 'rollout of class http',
  valuesOf: ({ metadata, spec }) =>
    spec.class === GATE_CLASS_HTTP
      ? [keyText({ namespace: metadata.namespace ?? '', name: spec.rolloutRef.name ?? '' })]
      : [],
};

/** All that a question depends on. */
function candidatesOf(rollout: Rollout | undefined): unknown {
  return rollout && [rollout.status?.releaseCandidates, rollout.metadata.annotations?.[DEPLOY]];
}
