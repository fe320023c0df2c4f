/**
 * Label selectors as they stand in a query.
 * https://github.com/kubernetes/apimachinery/blob/master/pkg/labels/selector.go
 */
import { badRequest } from './errors.ts';
import { cause, causeText, type FieldCause } from './field-cause.ts';
import { type Json, objectOf, own, text } from './json.ts';
import { keyFaults, valueFaults } from './label-faults.ts';
import { isSubdomain } from './names.ts';

export type Matcher = (object: Json) => boolean;
type LabelTest = (labels: Json) => boolean;

/** @throws ApiFailure 400 */
export function labelSelector(source: string): Matcher | undefined {
  const tokens = tokensOf(source);
  if (tokens.length === 0) return undefined;
  const tests = new Parser(tokens).requirements();
  return (object) => {
    const labels = objectOf(objectOf(object.metadata).labels);
    return tests.every((test) => test(labels));
  };
}

const operators = new Set(['=', '==', '!=', '>', '<']);
const symbols = new Set([...operators, '!', ',', '(', ')']);

/** Operators and brackets, and the words between them. */
function tokensOf(source: string): string[] {
  return source.match(/==|!=|[=!<>(),]|[^\s=!<>(),]+/g) ?? [];
}

const unparsable = (why: string): Error => badRequest(`unable to parse requirement: ${why}`);

class Parser {
  readonly #tokens: readonly string[];
  #at = 0;

  constructor(tokens: readonly string[]) {
    this.#tokens = tokens;
  }

  requirements(): LabelTest[] {
    const tests: LabelTest[] = [];
    for (;;) {
      const first = this.#peek();
      if (first !== '!' && symbols.has(first)) {
        throw badRequest(`found '${first}', expected: !, identifier, or 'end of string'`);
      }
      tests.push(this.#requirement());
      const next = this.#take();
      if (next === '') return tests;
      if (next !== ',') throw badRequest(`found '${next}', expected: ',' or 'end of string'`);
      const after = this.#peek();
      if (after !== '!' && (after === '' || symbols.has(after))) {
        throw badRequest(`found '${after}', expected: identifier after ','`);
      }
    }
  }

  #requirement(): LabelTest {
    const absent = this.#peek() === '!';
    if (absent) this.#take();
    const key = this.#take();
    if (key === '' || symbols.has(key)) throw unparsable(`found '${key}', expected: identifier`);
    check(keyProblems(key));
    if (absent) return (labels) => own(labels, key) === undefined;
    const operator = this.#peek();
    if (operator === '' || operator === ',') return (labels) => own(labels, key) !== undefined;
    this.#take();
    if (operator === 'in' || operator === 'notin') return this.#setTest(key, operator);
    if (!operators.has(operator)) {
      throw unparsable(`found '${operator}', expected: in, notin, =, ==, !=, gt, lt`);
    }
    return comparison(key, operator, this.#exactValue());
  }

  #setTest(key: string, operator: 'in' | 'notin'): LabelTest {
    const wanted = new Set(this.#values());
    check([...wanted].flatMap((value, index) => valueProblems(key, index, value)));
    return operator === 'in'
      ? (labels) => own(labels, key) !== undefined && wanted.has(text(own(labels, key)))
      : (labels) => own(labels, key) === undefined || !wanted.has(text(own(labels, key)));
  }

  #values(): string[] {
    const open = this.#take();
    if (open !== '(') throw unparsable(`found '${open}' expected: '('`);
    const values: string[] = [];
    let wanted = true;
    for (;;) {
      const token = this.#take();
      if (token === ')') return wanted ? [...values, ''] : values;
      if (token === ',') {
        if (wanted) values.push('');
        wanted = true;
        continue;
      }
      if (token === '' || symbols.has(token)) throw unparsable(`found '${token}', expected: ',' or ')'`);
      values.push(token);
      wanted = false;
    }
  }

  #exactValue(): string {
    const next = this.#peek();
    if (next === '' || next === ',') return '';
    if (!symbols.has(next)) return this.#take();
    throw unparsable(`found '${next}', expected: identifier`);
  }

  #peek(): string {
    return this.#tokens[this.#at] ?? '';
  }

  #take(): string {
    const token = this.#peek();
    this.#at += 1;
    return token;
  }
}

function comparison(key: string, operator: string, value: string): LabelTest {
  if (operator === '>' || operator === '<') {
    const why = "for 'Gt', 'Lt' operators, the value must be an integer";
    if (!/^[-+]?\d+$/.test(value)) check([cause.invalid('values[0]', value, why)]);
    const holds = (label: number): boolean => (operator === '>' ? label > Number(value) : label < Number(value));
    return (labels) => own(labels, key) !== undefined && holds(Number(own(labels, key)));
  }
  check(valueProblems(key, 0, value));
  return operator === '!=' ? (labels) => own(labels, key) !== value : (labels) => own(labels, key) === value;
}

/** @throws ApiFailure 400 with the first of them */
function check([first]: readonly FieldCause[]): void {
  if (first !== undefined) throw unparsable(causeText(first));
}

function keyProblems(key: string): FieldCause[] {
  const slash = key.lastIndexOf('/');
  if (slash !== -1 && !isSubdomain(key.slice(0, slash))) {
    const why =
      "a valid label key must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]') with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')";
    return [cause.invalid('', key, why)];
  }
  return keyFaults(key, '');
}

const valueProblems = (key: string, index: number, value: string): FieldCause[] =>
  valueFaults(value, `values[${index}][${key}]`);
