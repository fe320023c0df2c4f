/** `saboteurs` break one invariant each, in one way, and an oracle must find every one of them. This file: what one is. */
import type { KubeClient } from '../../../src/kube/client.ts';
import type { SpanName } from '../span.ts';
import type { Where } from './where.ts';

/** Changes one place of the sources, in a process of its own. */
export interface Patch {
  /** From the root of the repository. */
  readonly file: string;
  /** Is there exactly once. */
  readonly text: string;
  readonly instead: string;
  /** Another place, where the first alone breaks nothing: each defends what the other does. */
  readonly and?: Patch;
}

/** Every place that a patch changes. */
export const placesOf = (patch: Patch | undefined): readonly Patch[] =>
  patch === undefined ? [] : [patch, ...placesOf(patch.and)];

export interface Saboteur {
  readonly name: string;
  /** One of these is what the oracles say. */
  readonly breaks: readonly string[];
  /** Where it shows. Default: `delivery`. */
  readonly world?: SpanName;
  /** Which worlds have what it takes to show; of others nothing is played. */
  readonly where?: Where;
  /** Put between the controllers and their client. */
  readonly wrap?: (client: KubeClient) => KubeClient;
  readonly patch?: Patch;
}
