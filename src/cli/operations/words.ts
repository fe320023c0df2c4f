/** Names in a sentence. */
import type { Obstacles } from './facts.ts';
import type { PassedOver } from './plan.ts';

/** `a`, `a and b`, `a, b and c`. */
export function listed(parts: readonly string[], word = 'and'): string {
  const last = parts.at(-1) ?? '';
  return parts.length < 2 ? last : `${parts.slice(0, -1).join(', ')} ${word} ${last}`;
}

/** `gate a`, `gates a and b`. */
export function named(noun: string, names: readonly string[]): string {
  return `${noun}${names.length === 1 ? '' : 's'} ${listed(names)}`;
}

/** `, past the closed gates a and b, freeze c and unhealthy checks`; empty when nothing is passed over. */
export function pastText({ gates, freezes, unhealthy }: Obstacles): string {
  const parts = [
    ...(gates.length === 0
      ? []
      : [
          named(
            'the closed gate',
            gates.map(({ name }) => name),
          ),
        ]),
    ...(freezes.length === 0
      ? []
      : [
          named(
            'freeze',
            freezes.map(({ metadata }) => metadata.name),
          ),
        ]),
    ...(unhealthy === undefined ? [] : ['unhealthy health checks']),
  ];
  return parts.length === 0 ? '' : `, past ${listed(parts)}`;
}

/** ` as soon as gate a lets it through and freeze b is over`; ` now` when nothing is in the way. */
export function whenText({ gates, freezes, unhealthy }: Obstacles, bake: string | undefined): string {
  const waits = [
    ...(bake === undefined ? [] : [`${bake} has ended`]),
    ...(gates.length === 0
      ? []
      : [
          `${named(
            'gate',
            gates.map(({ name }) => name),
          )} ${gates.length === 1 ? 'lets' : 'let'} it through`,
        ]),
    ...(freezes.length === 0
      ? []
      : [
          `${named(
            'freeze',
            freezes.map(({ metadata }) => metadata.name),
          )} ${freezes.length === 1 ? 'is' : 'are'} over`,
        ]),
    ...(unhealthy === undefined ? [] : ['its health checks have recovered']),
  ];
  return waits.length === 0 ? ' now' : ` as soon as ${listed(waits)}`;
}

/** The same as data. */
export function passedOver({ gates, freezes, unhealthy }: Obstacles): readonly PassedOver[] {
  return [
    ...gates.map(({ name, reason }): PassedOver => ({ kind: 'RolloutGate', name, why: reason.message })),
    ...freezes.map(({ metadata, spec }): PassedOver => ({ kind: 'Freeze', name: metadata.name, why: spec.reason })),
    ...(unhealthy === undefined
      ? []
      : [{ kind: 'HealthChecks', name: 'health checks', why: unhealthy } satisfies PassedOver]),
  ];
}

/** What each of them waits for, and who can end that: for notes. */
export function waitNotes({ gates, freezes, unhealthy }: Obstacles): readonly string[] {
  return [
    ...gates.map(({ reason: { message, remedy } }) => (remedy === undefined ? message : `${message}; ${remedy}`)),
    ...freezes.map(({ metadata, spec }) => `Freeze ${metadata.name} is on: ${spec.reason}`),
    ...(unhealthy === undefined ? [] : [unhealthy]),
  ];
}
