/** `saboteurs` break one invariant each, in one way, and an oracle must find every one of them. This file: what one is. */
import type { KubeClient } from '../../../src/kube/client.ts';
import type { Action } from '../actions.ts';
import type { Application } from '../application.ts';
import type { Plan } from '../plan.ts';
import type { SpanName } from '../span.ts';

/** Changes one place of the sources, in a process of its own. */
export interface Patch {
  /** From the root of the repository. */
  readonly file: string;
  /** Is there exactly once. */
  readonly text: string;
  readonly instead: string;
}

export interface Saboteur {
  readonly name: string;
  /** One of these is what the oracles say. */
  readonly breaks: readonly string[];
  /** Where it shows. Default: `delivery`. */
  readonly world?: SpanName;
  /** Which worlds have what it takes to show; of others nothing is played. */
  readonly where?: (plan: Plan) => boolean;
  /** Put between the controllers and their client. */
  readonly wrap?: (client: KubeClient) => KubeClient;
  readonly patch?: Patch;
}

/** Somebody does these things with one application, one after the other. */
export const doing =
  (...kinds: readonly Action['do'][]) =>
  ({ actions, applications }: Plan): boolean =>
    applications.some((_, app) => {
      const done = actions.filter((action) => action.app === app && action.at > 0).map((action) => action.do);
      return isInOrder(done, kinds);
    });

/** There is such an application. */
export const having =
  (is: (app: Application) => boolean) =>
  ({ applications }: Plan): boolean =>
    applications.some(is);

/** A release comes that is no good. */
export const failing = ({ actions }: Plan): boolean =>
  actions.some((action) => action.do === 'push' && (action.behaviour ?? 'good') !== 'good');

function isInOrder(done: readonly string[], wanted: readonly string[]): boolean {
  let from = 0;
  return wanted.every((kind) => {
    const index = done.indexOf(kind, from);
    from = index + 1;
    return index !== -1;
  });
}
