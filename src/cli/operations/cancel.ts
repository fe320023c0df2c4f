/** `cancel`: takes back what was asked for and has not had its effect yet. */
import { type Facts, placeOf } from './facts.ts';
import { type Plan, refuse } from './plan.ts';
import { companions, pendingRequests, requestedBy } from './requests.ts';
import { listed } from './words.ts';

/** @throws CliError when nothing waits */
export function planCancel(facts: Facts): Plan {
  const { rollout } = facts;
  const place = placeOf(rollout);
  const pending = pendingRequests(rollout);
  if (pending.length === 0) throw refuse(`no request waits at ${place}`, 'a pin is removed with kuberik unpin');
  const by = requestedBy(rollout);
  const whose = by === undefined ? 'the request' : by === facts.user ? 'your request' : `the request of ${by}`;
  const what = listed(pending.map(({ text }) => text));
  const keys = [...pending.map(({ key }) => key), ...companions];
  const set = keys.filter((key) => rollout.metadata.annotations?.[key] !== undefined);
  return {
    operation: 'cancel',
    sentence: `Takes ${whose} ${what} at ${place} back`,
    passesOver: [],
    undoes: `${whose} ${what}`,
    notes: [],
    needs: [],
    change: { kind: 'request', annotations: Object.fromEntries(set.map((key) => [key, null])) },
    done: 'Taken back',
  };
}
