/** Instants in and out of statuses: RFC 3339, UTC, whole seconds, as every Kubernetes timestamp. */

export function timestamp(instant: Temporal.Instant): string {
  return instant.round({ smallestUnit: 'second', roundingMode: 'trunc' }).toString();
}

/**
 * Of what happens to a deployment. Rounded up: others stamp what they saw with the second in which it began, so that a
 * verdict of the same second, but from before the deployment, must not count as one about it.
 */
export function momentAfter(instant: Temporal.Instant): string {
  return instant.round({ smallestUnit: 'second', roundingMode: 'ceil' }).toString();
}

// Temporal reads more, up to where nothing can be added to an instant any more.
const first = Temporal.Instant.from('0000-01-01T00:00:00Z');
const last = Temporal.Instant.from('9999-12-31T23:59:59Z');

/**
 * Undefined for an absent or unreadable timestamp: what cannot be read never counts as having happened. Years have four
 * digits, as RFC 3339 has it, so that any wait may be added to what was read.
 */
export function instantOf(text: string | undefined): Temporal.Instant | undefined {
  if (text === undefined) return undefined;
  try {
    const instant = Temporal.Instant.from(text);
    return isBefore(instant, first) || isBefore(last, instant) ? undefined : instant;
  } catch {
    return undefined;
  }
}

export function isBefore(one: Temporal.Instant, other: Temporal.Instant): boolean {
  return Temporal.Instant.compare(one, other) < 0;
}

export function latest(...instants: readonly (Temporal.Instant | undefined)[]): Temporal.Instant | undefined {
  return pick(instants, (one, other) => isBefore(other, one));
}

export function earliest(...instants: readonly (Temporal.Instant | undefined)[]): Temporal.Instant | undefined {
  return pick(instants, isBefore);
}

function pick(
  instants: readonly (Temporal.Instant | undefined)[],
  better: (one: Temporal.Instant, other: Temporal.Instant) => boolean,
): Temporal.Instant | undefined {
  let chosen: Temporal.Instant | undefined;
  for (const instant of instants) {
    if (instant !== undefined && (chosen === undefined || better(instant, chosen))) chosen = instant;
  }
  return chosen;
}
