/** Waits for a request to have its effect, and says what it waits for whenever that changes. */
import type { ObjectKey } from '../../api/meta.ts';
import { Rollout } from '../../api/rollout.ts';
import type { KubeClient } from '../../kube/client.ts';
import type { CliContext } from '../context.ts';
import type { Facts } from '../operations/facts.ts';
import { firstReason } from '../operations/goals.ts';
import type { Goal } from '../operations/plan.ts';
import { listAndWatch } from '../watch.ts';
import { ignoredBecause } from './ignored.ts';

export interface Following {
  readonly client: KubeClient;
  readonly key: ObjectKey;
  readonly goal: Goal;
  readonly look: () => Promise<Facts>;
  /** The longest it waits. */
  readonly bound: Temporal.Duration;
  /** Called with each new text. */
  readonly tell: (text: string) => void;
}

export type Ending =
  | { readonly state: 'done' | 'failed'; readonly text: string }
  /** At the bound; `text` is what it waited for. */
  | { readonly state: 'late'; readonly text: string }
  /** The person did not want to wait any more. */
  | { readonly state: 'stopped'; readonly text: string };

export async function follow(context: CliContext, following: Following): Promise<Ending> {
  const { client, key, goal, look, bound, tell } = following;
  const { clock } = context;
  const since = clock.now();
  const end = new AbortController();
  const timer = clock.after(bound.total('milliseconds'), () => {
    end.abort();
  });
  const signal = AbortSignal.any([context.signal, end.signal]);
  let text = '';
  try {
    const selection = { type: Rollout, namespace: key.namespace, name: key.name };
    for await (const { objects, unreadable, gone } of listAndWatch(client, { clock, signal }, selection, true)) {
      const [rollout] = objects;
      // It was there when the request was written: a list without it says as much as the news of its end.
      if (gone === true || (rollout === undefined && unreadable.length === 0)) {
        return { state: 'failed', text: 'the Rollout was deleted' };
      }
      if (rollout === undefined) continue;
      const progress = await goal(rollout, look);
      if (progress.state === 'ignored') {
        const why = await ignoredBecause(client, clock, rollout, since, signal);
        return { state: 'failed', text: `${progress.text}: ${why ?? firstReason(rollout)}` };
      }
      if (progress.state !== 'going') return progress;
      if (progress.text !== text) tell(progress.text);
      text = progress.text;
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    timer[Symbol.dispose]();
  }
  return { state: context.signal.aborted ? 'stopped' : 'late', text };
}
