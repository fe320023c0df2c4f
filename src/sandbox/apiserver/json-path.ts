/**
 * The part of kubectl's JSONPath that printer columns and scale paths use:
 * `.a.b`, `.a['b.c']`, `.a[0]`, `.a[-1]`, `.a[-1:]`, `.a[*]`, `.a[?(@.type=="Ready")].status`, `..a`.
 * https://kubernetes.io/docs/reference/kubectl/jsonpath/
 */
import { at, isObject, list } from './json.ts';

type Step = (values: readonly unknown[]) => unknown[];

const token =
  /\.\.(?<deep>[\w-]+)|\.(?<name>(?:[^.[\]\\]|\\.)+)|\[(?<index>-?\d+)\]|\[(?<from>-?\d*):(?<to>-?\d*)\]|\[(?<all>\*)\]|\['(?<quoted>(?:[^'\\]|\\.)*)'\]|\["(?<double>(?:[^"\\]|\\.)*)"\]|\[\?\(@(?<path>(?:\.[^.=!<>\s)]+)+)\s*(?<operator>==|!=)\s*(?<value>"[^"]*"|'[^']*'|[^)\s]+)\s*\)\]/y;

/** Compiles a path without braces. @throws SyntaxError */
export function compileJsonPath(path: string): (root: unknown) => unknown[] {
  const source = path.startsWith('$') ? path.slice(1) : path;
  const steps: Step[] = [];
  token.lastIndex = 0;
  while (token.lastIndex < source.length) {
    const start = token.lastIndex;
    const match = token.exec(source);
    if (match === null) {
      if (source === '.' || source === '') break;
      throw new SyntaxError(`unrecognized JSONPath ${source.slice(start)}`);
    }
    steps.push(stepOf(match.groups ?? {}));
  }
  return (root) => steps.reduce<unknown[]>((values, step) => step(values), [root]);
}

function stepOf(groups: Readonly<Record<string, string | undefined>>): Step {
  const { deep, name, index, from, to, all, quoted, double, path, operator, value } = groups;
  if (deep !== undefined) return (values) => values.flatMap((one) => descend(one, deep));
  if (name === '*' || all !== undefined) return (values) => values.flatMap(children);
  const key = name ?? quoted ?? double;
  if (key !== undefined) return field(key.replaceAll(/\\(.)/g, '$1'));
  if (index !== undefined) return (values) => values.flatMap((one) => present(list(one).at(Number(index))));
  if (from !== undefined) {
    const end = to === undefined || to === '' ? undefined : Number(to);
    return (values) => values.flatMap((one) => list(one).slice(Number(from), end));
  }
  const keys = (path ?? '').slice(1).split('.');
  const wanted = literal(value ?? '');
  const same = operator === '==';
  return (values) => values.flatMap(children).filter((one) => (at(one, keys) === wanted) === same);
}

function field(key: string): Step {
  return (values) => values.flatMap((one) => (isObject(one) && Object.hasOwn(one, key) ? present(one[key]) : []));
}

function present(value: unknown): unknown[] {
  return value === undefined ? [] : [value];
}

function children(value: unknown): readonly unknown[] {
  return isObject(value) ? Object.values(value) : list(value);
}

function descend(value: unknown, key: string): unknown[] {
  const own = isObject(value) && Object.hasOwn(value, key) ? [value[key]] : [];
  return [...own, ...children(value).flatMap((child) => descend(child, key))];
}

function literal(source: string): unknown {
  if (/^["']/.test(source)) return source.slice(1, -1);
  if (source === 'true' || source === 'false') return source === 'true';
  const number = Number(source);
  return Number.isNaN(number) ? source : number;
}
