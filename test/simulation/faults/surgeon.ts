/** The hand of faults: what they do to the processes and to the API server of a world. */
import { randomOf } from '../../support/random.ts';
import { SimulatedClient } from '../client.ts';
import type { ControllerProcess } from '../controllers.ts';
import type { SimulatedWorld } from '../world.ts';
import type { Surgeon } from './instants.ts';
import { deleteLease, stealLease } from './lease.ts';

/** @param controllers known once they are made */
export function surgeonOf(world: SimulatedWorld, controllers: () => ControllerProcess): Surgeon {
  const { api, clock, journal, setting } = world;
  const thief = new SimulatedClient({ api, clock, journal, actor: 'thief', random: randomOf(setting.seed + 9) });
  return {
    kill: (downFor, actor) => {
      controllers().kill(downFor, actor);
    },
    killTwice: (downFor, startedFor) => {
      controllers().kill(downFor);
      clock.after(downFor + startedFor, () => {
        controllers().kill(downFor);
      });
    },
    terminate: (downFor) => {
      controllers().terminate(downFor);
    },
    pause: (milliseconds, how) => controllers().pause(milliseconds, how),
    replace: (skews) => {
      controllers().replace(skews);
    },
    get elects() {
      return controllers().elects;
    },
    get leader() {
      return controllers().leader;
    },
    stealLease: () => stealLease(thief, clock.now()),
    deleteLease: () => deleteLease(thief),
    cutWatches: (status) => controllers().cutWatches(status),
    silenceWatches: (kinds) => controllers().silenceWatches(kinds),
    compact: () => {
      api.compact();
    },
    backup: () => {
      const snapshot = api.snapshot();
      return async (how) => {
        await api.restore(snapshot, how);
        journal.note('store', `restored to ${new Date(snapshot.at).toISOString()}, revisions ${how}`);
      };
    },
    tell: (kind, what) => {
      journal.note('fault', `${kind} ${what}`.trimEnd());
    },
  };
}
