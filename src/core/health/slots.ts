/**
 * When a check looks: at instants of its own, an interval apart, so that a thousand checks with one interval do not ask
 * in the same second, and a restart does not bring them together.
 */

/** The first instant of a check's own that is not before another one. */
export function slotFrom(uid: string, interval: Temporal.Duration, from: Temporal.Instant): Temporal.Instant {
  const every = interval.total('milliseconds');
  const phase = Math.floor(share(uid) * every);
  const slot = Math.ceil((from.epochMilliseconds - phase) / every) * every + phase;
  return Temporal.Instant.fromEpochMilliseconds(Math.ceil(slot));
}

/** The next one after a look, with at least half an interval of rest. */
export function slotAfter(uid: string, interval: Temporal.Duration, look: Temporal.Instant): Temporal.Instant {
  return slotFrom(uid, interval, look.add({ milliseconds: Math.ceil(interval.total('milliseconds') / 2) }));
}

/** From 0 to below 1, the same for the same text. FNV-1a: http://www.isthe.com/chongo/tech/comp/fnv/ */
function share(text: string): number {
  let hash = 0x811c9dc5;
  for (const character of text) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  // Similar texts differ in the last bits alone; mixing spreads them.
  hash = Math.imul(hash ^ (hash >>> 16), 0x45d9f3b);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}
