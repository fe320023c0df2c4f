/** How long, how much, and how badly. */
export interface SoakOptions {
  readonly seed: number;
  readonly rollouts: number;
  /** Of releases and kills; what comes before and after takes as long as it takes. */
  readonly seconds: number;
  /** In which nothing may be written any more at the end. */
  readonly restSeconds: number;
  /** A line about how it goes. */
  readonly tell: (line: string) => void;
}

interface Pace {
  /** Milliseconds: between two kills, and until it is started again. */
  readonly every: readonly [number, number];
  readonly down: readonly [number, number];
}

/** Of a long soak. */
const paces = {
  'kube-apiserver': { every: [20_000, 90_000], down: [0, 15_000] },
  etcd: { every: [30_000, 120_000], down: [0, 15_000] },
} as const satisfies Record<string, Pace>;
const longSeconds = 300;

/** All kinds of kills must fit into a short soak. */
export function paceOf(name: keyof typeof paces, seconds: number): Pace {
  const { every, down } = paces[name];
  const factor = Math.min(1, Math.max(0.4, seconds / longSeconds));
  const scale = ([least, most]: readonly [number, number]): [number, number] => [least * factor, most * factor];
  return { every: scale(every), down: scale(down) };
}

/** Of the time that the controller runs alone, and dies often; for the rest there are two replicas and a lease. */
export const aloneShare = 0.6;

export const namespacesOf = (rollouts: number): number => Math.min(5, Math.ceil(rollouts / 5));
