/**
 * The expression language of rules: CEL with the libraries that Kubernetes adds.
 * https://kubernetes.io/docs/reference/using-api/cel/
 */
import { Environment } from '@marcbachmann/cel-js';
import { registerQuantity } from './cel-quantity.ts';
import { goRegExp } from './node.ts';

/**
 * `self` and `oldSelf` are dynamic: a rule's types are checked when it runs.
 * @param oldSelf `optional` for rules that also run when there is no old value.
 */
export function ruleEnvironment(oldSelf: 'dyn' | 'optional'): Environment {
  return libraryEnvironment().registerVariable('self', 'dyn').registerVariable('oldSelf', oldSelf);
}

/** Functions alone, no variables. */
export function libraryEnvironment(): Environment {
  const environment = new Environment({ homogeneousAggregateLiterals: false, enableOptionalTypes: true });
  registerLists(environment);
  registerStrings(environment);
  registerQuantity(environment);
  return environment;
}

function registerLists(environment: Environment): void {
  environment
    .registerFunction('list.isSorted(): bool', (list: unknown[]) =>
      list.every((item, index) => index === 0 || !less(item, list[index - 1])),
    )
    .registerFunction('list.sum(): dyn', sum)
    .registerFunction('list.min(): dyn', (list: unknown[]) => extreme(list, 'min', (a, b) => less(a, b)))
    .registerFunction('list.max(): dyn', (list: unknown[]) => extreme(list, 'max', (a, b) => less(b, a)))
    .registerFunction('list.indexOf(dyn): int', (list: unknown[], item: unknown) => BigInt(list.indexOf(item)))
    .registerFunction('list.lastIndexOf(dyn): int', (list: unknown[], item: unknown) => BigInt(list.lastIndexOf(item)));
}

function less(a: unknown, b: unknown): boolean {
  if (typeof a === 'string' && typeof b === 'string') return a < b;
  if (isNumber(a) && isNumber(b)) return a < b;
  if (typeof a === 'boolean' && typeof b === 'boolean') return !a && b;
  if (a instanceof Date && b instanceof Date) return a < b;
  throw new Error('no such overload');
}

function isNumber(value: unknown): value is number | bigint {
  return typeof value === 'number' || typeof value === 'bigint';
}

function sum(list: unknown[]): number | bigint {
  const integers = list.filter((item) => typeof item === 'bigint');
  if (integers.length === list.length) return integers.reduce((total, item) => total + item, 0n);
  const doubles = list.filter((item) => typeof item === 'number');
  if (doubles.length === list.length) return doubles.reduce((total, item) => total + item, 0);
  throw new Error('no such overload');
}

function extreme(list: unknown[], name: string, before: (a: unknown, b: unknown) => boolean): unknown {
  if (list.length === 0) throw new Error(`${name} called on empty list`);
  return list.reduce((best, item) => (before(item, best) ? item : best));
}

function registerStrings(environment: Environment): void {
  environment
    .registerFunction('string.replace(string, string): string', (text: string, from: string, to: string) =>
      text.replaceAll(from, () => to),
    )
    .registerFunction('string.replace(string, string, int): string', replaceSome)
    .registerFunction(
      'string.charAt(int): string',
      (text: string, index: bigint) => Array.from(text)[Number(index)] ?? '',
    )
    .registerFunction('string.reverse(): string', (text: string) => Array.from(text).reverse().join(''))
    .registerFunction(
      'string.find(string): string',
      (text: string, pattern: string) => expression(pattern).exec(text)?.[0] ?? '',
    )
    .registerFunction('string.findAll(string): list<string>', (text: string, pattern: string) =>
      [...text.matchAll(new RegExp(expression(pattern), 'gu'))].map(([match]) => match),
    )
    .registerFunction('string.format(list): string', format);
}

/** A negative limit replaces all. */
function replaceSome(text: string, from: string, to: string, limit: bigint): string {
  if (limit < 0n) return text.replaceAll(from, () => to);
  let left = limit;
  return text.replaceAll(from, (match) => (left-- > 0n ? to : match));
}

function expression(pattern: string): RegExp {
  const found = goRegExp(pattern);
  if (found === undefined) throw new Error(`error parsing regexp: ${pattern}`);
  return found;
}

/** `%s`, `%d`, `%f`, `%b`, `%o`, `%x`, `%X` and `%%`, with a precision for `%f`. */
function format(template: string, values: unknown[]): string {
  let next = 0;
  return template.replaceAll(/%(?:\.(\d+))?([sdfboxX%])/g, (_match, precision: string | undefined, verb: string) => {
    if (verb === '%') return '%';
    if (next >= values.length) throw new Error(`index ${next} out of range`);
    return formatValue(values[next++], verb, Number(precision ?? 6));
  });
}

const radix: Readonly<Record<string, number>> = { b: 2, o: 8, x: 16, X: 16, d: 10 };

function formatValue(value: unknown, verb: string, precision: number): string {
  if (verb === 's') return formatText(value);
  if (!isNumber(value)) throw new Error(`error during formatting: no such overload for %${verb}`);
  if (verb === 'f') return Number(value).toFixed(precision);
  const text = value.toString(radix[verb] ?? 10);
  return verb === 'X' ? text.toUpperCase() : text;
}

function formatText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(formatText).join(', ')}]`;
  if (value instanceof Date) return value.toISOString().replace('.000Z', 'Z');
  return String(value);
}
