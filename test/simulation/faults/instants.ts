/** What goes wrong at an instant, or from then on for a while: a row for each kind. */
import type { RestoredRevision } from '../api-server.ts';
import type { Pause } from '../controllers.ts';
import type { Skew } from '../process-clock.ts';
import { type BadWeather, type ServiceName, type Sky, serviceNames } from '../weather.ts';
import type { WatchWeather } from './watches.ts';
import { watchedKinds } from './watches.ts';

/** What faults do that are not about one request. */
export interface Surgeon {
  /** Kills the controllers, or the one that is called so, and starts them anew after a while. */
  kill(downFor: number, actor?: string): void;
  /** Kills them, and again while they start. */
  killTwice(downFor: number, startedFor: number): void;
  terminate(downFor: number): void;
  pause(milliseconds: number, how: Pause): boolean;
  /** Controllers with these clocks instead of those that there are. */
  replace(skews: readonly Skew[]): void;
  /** There are several that elect a leader. */
  readonly elects: boolean;
  readonly leader: string | undefined;
  stealLease(): Promise<boolean>;
  deleteLease(): Promise<boolean>;
  cutWatches(status: number | undefined): number;
  silenceWatches(kinds: readonly string[]): number;
  compact(): void;
  /** The API server has a backup taken now. @returns what brings it back, and what has changed since */
  backup(): (how: RestoredRevision) => Promise<void>;
  tell(kind: string, what: string): void;
}

/** How long things last in a world of some size, in milliseconds. */
export interface Lengths {
  /** Until a killed process is started again, at most. */
  readonly down: number;
  /** Bad weather. */
  readonly weather: number;
  /** There are two replicas. */
  readonly replicas: number;
  /** How old a backup is, at most. */
  readonly backup: number;
}

export interface Scene {
  readonly surgeon: Surgeon;
  readonly watches: WatchWeather;
  readonly services: Sky;
  readonly lengths: Lengths;
  readonly now: number;
  after(milliseconds: number, work: () => void): void;
  /** One write to a target is refused, and then every one to the same object. */
  refuseTarget(salt: number, until: number): void;
  refuseLease(until: number): void;
  /** The fault has done what it does. */
  met(what?: string): void;
}

/** @param salt below 1000 */
type Strike = (scene: Scene, salt: number) => void;

const between = (salt: number, least: number, most: number): number =>
  Math.round(least + (salt / 1000) * (most - least));
const down = ({ lengths }: Scene, salt: number): number => between(salt, 500, 500 + lengths.down);
const until = ({ now, lengths }: Scene): number => now + lengths.weather;

const spell =
  (trouble: Parameters<WatchWeather['bring']>[0]): Strike =>
  (scene, salt) => {
    const { watches, met } = scene;
    watches.bring(trouble, { salt, until: until(scene), met });
  };

const weather =
  (name: ServiceName, fate: (salt: number) => BadWeather): Strike =>
  (scene, salt) => {
    const { services, met } = scene;
    services.bring({ name, fate: fate(salt), until: until(scene), met });
  };

const pauseOf = (salt: number): Pause => ({ answersFirst: salt % 2 === 0, isSent: salt % 3 !== 0 });

/** A minute at most, and a hundredth of the time that passes. */
const skewOf = (salt: number): Skew => ({
  offset: between((salt * 7) % 1000, -60_000, 60_000),
  drift: between((salt * 13) % 1000, -10, 10) / 1000,
});

/** The backup is as old as can be by then. */
const restored =
  (how: RestoredRevision, restarts: boolean): Strike =>
  (scene, salt) => {
    const { surgeon, lengths, met } = scene;
    const restore = surgeon.backup();
    scene.after(between(salt, lengths.backup / 4, lengths.backup), () => {
      met();
      if (restarts) surgeon.kill(1_000);
      void restore(how);
    });
  };

/** Only where somebody is elected. */
const electing =
  (strike: Strike): Strike =>
  (scene, salt) => {
    if (scene.surgeon.elects) strike(scene, salt);
  };

const ofServices = Object.fromEntries(
  serviceNames.flatMap((name) => [
    [`${name}-slow`, weather(name, (salt) => ({ is: 'slow', by: between(salt, 1_000, 25_000) }))],
    [`${name}-down`, weather(name, () => ({ is: 'down' }))],
    [`${name}-lying`, weather(name, () => ({ is: 'lying' }))],
  ]),
) as Record<`${ServiceName}-${'slow' | 'down' | 'lying'}`, Strike>;

export const instantFaults = {
  kill(scene, salt) {
    scene.met();
    scene.surgeon.kill(down(scene, salt));
  },
  'kill-while-starting'(scene, salt) {
    scene.met();
    scene.surgeon.killTwice(down(scene, salt), between((salt * 7) % 1000, 1, 400));
  },
  terminated(scene, salt) {
    scene.met();
    scene.surgeon.terminate(down(scene, salt));
  },
  paused(scene, salt) {
    if (scene.surgeon.pause(between(salt, 1_000, 40_000), pauseOf(salt))) scene.met();
  },
  'clock-off'(scene, salt) {
    scene.met();
    scene.surgeon.replace([skewOf(salt)]);
    scene.after(scene.lengths.replicas, () => {
      scene.surgeon.replace([{ offset: 0, drift: 0 }]);
    });
  },
  'late-events': spell('late-events'),
  'reordered-kinds': spell('reordered-kinds'),
  'lagging-caches': spell('lagging-caches'),
  'doubled-events': spell('doubled-events'),
  'silent-watches'({ surgeon, met }, salt) {
    const kinds = salt % 3 === 0 ? watchedKinds : [watchedKinds[salt % watchedKinds.length]!];
    if (surgeon.silenceWatches(kinds) > 0) met(kinds.join());
  },
  'watch-ended'({ surgeon, met }) {
    if (surgeon.cutWatches(undefined) > 0) met();
  },
  'watch-gone'({ surgeon, met }) {
    if (surgeon.cutWatches(410) > 0) met();
  },
  compacted({ surgeon, met }) {
    surgeon.compact();
    if (surgeon.cutWatches(undefined) > 0) met();
  },
  'small-pages'(scene, salt) {
    spell('small-pages')(scene, salt);
    scene.surgeon.cutWatches(410);
  },
  'pages-expired'(scene, salt) {
    scene.watches.bring('small-pages', { salt, until: until(scene), met: () => undefined });
    if (scene.surgeon.cutWatches(410) > 0) scene.met();
    // Between one page and the next.
    for (const after of [20, 30, 40]) {
      scene.after(after, () => {
        scene.surgeon.compact();
      });
    }
  },
  'target-refused'(scene, salt) {
    scene.refuseTarget(salt, until(scene));
  },
  'two-replicas'(scene, salt) {
    scene.met();
    const [one, other] = [skewOf(salt), skewOf(salt + 501)];
    scene.surgeon.replace(salt % 3 === 0 ? [{ offset: 0, drift: 0 }, other] : [one, other]);
    scene.after(scene.lengths.replicas, () => {
      scene.surgeon.replace([{ offset: 0, drift: 0 }]);
    });
  },
  'lease-stolen': electing(({ surgeon, met }) => {
    void surgeon.stealLease().then((stolen) => {
      if (stolen) met();
    });
  }),
  'lease-deleted': electing(({ surgeon, met }) => {
    void surgeon.deleteLease().then((deleted) => {
      if (deleted) met();
    });
  }),
  'lease-out-of-reach': electing((scene, salt) => {
    scene.refuseLease(scene.now + between(salt, 3_000, 20_000));
  }),
  /** Long enough for somebody else to lead when it goes on. */
  'leader-paused': electing((scene, salt) => {
    if (scene.surgeon.pause(between(salt, 10_000, 40_000), pauseOf(salt))) scene.met();
  }),
  'leader-killed': electing((scene, salt) => {
    scene.met();
    scene.surgeon.kill(down(scene, salt), scene.surgeon.leader);
  }),
  'restored-backup': restored('back', true),
  // Whoever elects a leader sees that the lease is of the past. Others must be started again, by whoever restores.
  'restored-under-way': electing(restored('back', false)),
  'restored-above': restored('bumped', false),
  ...ofServices,
} as const satisfies Record<string, Strike>;

export type InstantFaultKind = keyof typeof instantFaults;
