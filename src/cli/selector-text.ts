/** A label selector on one line: `team=payments,tier In a|b`. Empty for one that selects everything. */
import type { LabelSelector } from '../api/meta.ts';

export function selectorText(selector: LabelSelector | undefined): string {
  const exact = Object.entries(selector?.matchLabels ?? {}).map(([key, value]) => `${key}=${value}`);
  const others = (selector?.matchExpressions ?? []).map(({ key, operator, values = [] }) =>
    `${key} ${operator} ${values.join('|')}`.trim(),
  );
  return [...exact, ...others].join(',');
}
