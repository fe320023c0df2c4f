/** Label selectors, read once more: what Kubernetes says of them, without the code that is judged. */
import type { LabelSelector } from '../../../src/api/meta.ts';

type Labels = Readonly<Record<string, string>> | undefined;

/** Absent and empty selectors select everything. */
export function selects(selector: LabelSelector | undefined, labels: Labels = {}): boolean {
  const wanted = Object.entries(selector?.matchLabels ?? {});
  if (wanted.some(([key, value]) => labels[key] !== value)) return false;
  return (selector?.matchExpressions ?? []).every(({ key, operator, values = [] }) => {
    const value = labels[key];
    if (operator === 'Exists') return value !== undefined;
    if (operator === 'DoesNotExist') return value === undefined;
    const isIn = value !== undefined && values.includes(value);
    return operator === 'In' ? isIn : !isIn;
  });
}
