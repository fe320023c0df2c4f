/** Label selectors, compiled once and then applied to any number of objects. */
import { InvalidValueError } from './errors.ts';
import type { LabelSelector } from './meta.ts';

export type LabelMatcher = (labels: Readonly<Record<string, string>> | undefined) => boolean;

// https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set
const labelValue = /^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/;
const labelName = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;
const labelPrefix = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

/**
 * Compiles a selector with the meaning of metav1.LabelSelectorAsSelector: parts are ANDed, an empty selector matches
 * everything. `NotIn` and `DoesNotExist` match objects without the label.
 * @throws InvalidValueError for a bad key, value or operator.
 */
export function compileLabelSelector(selector: LabelSelector): LabelMatcher {
  const tests: LabelMatcher[] = Object.entries(selector.matchLabels ?? {}).map(([key, value]) => {
    checkKey(key);
    checkValue(key, value);
    return (labels) => valueOf(labels, key) === value;
  });
  for (const { key, operator, values = [] } of selector.matchExpressions ?? []) {
    checkKey(key);
    for (const value of values) checkValue(key, value);
    tests.push(requirement(key, operator, values));
  }
  return (labels) => tests.every((test) => test(labels));
}

function requirement(key: string, operator: string, values: readonly string[]): LabelMatcher {
  const set = new Set(values);
  switch (operator) {
    case 'In':
    case 'NotIn': {
      if (set.size === 0) throw invalid(key, `operator ${operator} of "${key}" needs at least one value`);
      const wanted = operator === 'In';
      return (labels) => {
        const value = valueOf(labels, key);
        return value === undefined ? !wanted : set.has(value) === wanted;
      };
    }
    case 'Exists':
    case 'DoesNotExist': {
      if (set.size > 0) throw invalid(key, `operator ${operator} of "${key}" takes no values`);
      const wanted = operator === 'Exists';
      return (labels) => (valueOf(labels, key) !== undefined) === wanted;
    }
    default:
      throw invalid(operator, `"${operator}" is not an operator: use In, NotIn, Exists or DoesNotExist`);
  }
}

/** Own properties alone: `toString` is a label key like any other. */
function valueOf(labels: Readonly<Record<string, string>> | undefined, key: string): string | undefined {
  return labels !== undefined && Object.hasOwn(labels, key) ? labels[key] : undefined;
}

function checkKey(key: string): void {
  const slash = key.lastIndexOf('/');
  const name = key.slice(slash + 1);
  const prefix = slash === -1 ? undefined : key.slice(0, slash);
  const prefixFits = prefix === undefined || (prefix.length <= 253 && labelPrefix.test(prefix));
  if (name.length > 63 || !labelName.test(name) || !prefixFits) throw invalid(key, `"${key}" is not a label key`);
}

function checkValue(key: string, value: string): void {
  if (value.length > 63 || !labelValue.test(value))
    throw invalid(value, `"${value}" is not a value for label "${key}"`);
}

function invalid(value: string, message: string): InvalidValueError {
  return new InvalidValueError('KBK_API_INVALID_SELECTOR', value, message);
}
