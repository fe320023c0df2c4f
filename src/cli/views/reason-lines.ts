/** Reasons as lines: what, since when, until when, who can change it. */
import type { Reason } from '../../core/plan.ts';
import { formatMoment, type Moment } from '../age.ts';
import type { Line } from '../text.ts';
import { reasonTone } from './rollouts.ts';

/** When it began, when it ends, who can change it. */
export function reasonDetails({ details: said = [], since, until, remedy }: Reason, moment: Moment): readonly Line[] {
  const lines = said.map((text) => ({ text }));
  return [
    ...lines,
    ...span(since, until, moment),
    ...(remedy === undefined ? [] : [{ text: `to change it: ${remedy}` }]),
  ];
}

function span(since: Temporal.Instant | undefined, until: Temporal.Instant | undefined, moment: Moment): Line[] {
  const parts = [
    ...(since === undefined ? [] : [`since ${formatMoment(since, moment)}`]),
    ...(until === undefined ? [] : [`until ${formatMoment(until, moment)}`]),
  ];
  return parts.length === 0 ? [] : [{ text: parts.join(', '), tone: 'faint' }];
}

/** `WaitingForGates` -> `waiting for gates`. */
export function phrase(code: string): string {
  return code.replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase();
}

export function numberedReason(reason: Reason, number: number, moment: Moment): readonly Line[] {
  const indent = `${number}. `.length;
  return [
    { text: `${number}. ${reason.message}`, tone: reasonTone(reason.code) },
    ...reasonDetails(reason, moment).map((line) => ({ ...line, indent })),
  ];
}
