/** When an object failed, as its conditions bear witness. */
import { instantOf } from '../../api/instant.ts';
import { conditionsOf } from './fields.ts';

/** When the object last failed: the newest `Stalled=True`, else the newest condition. Undefined without conditions. */
export function failureWitness(object: unknown): Temporal.Instant | undefined {
  const stalled = newestTransition(object, (type, status) => type === 'Stalled' && status === 'True');
  return stalled ?? newestTransition(object, () => true);
}

function newestTransition(
  object: unknown,
  counts: (type: string, status: string) => boolean,
): Temporal.Instant | undefined {
  let newest: Temporal.Instant | undefined;
  for (const { type, status, lastTransitionTime } of conditionsOf(object)) {
    if (!counts(type, status)) continue;
    const instant = instantOf(lastTransitionTime);
    if (instant !== undefined && (newest === undefined || Temporal.Instant.compare(instant, newest) > 0)) {
      newest = instant;
    }
  }
  return newest;
}
