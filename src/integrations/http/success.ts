/** `spec.http.success`: a CEL expression over the answer, and what is meant when there is none. */
import { Environment } from '@marcbachmann/cel-js';
import { isRecord } from '../../api/json.ts';
import { onLeash, TooSlowError } from './leash.ts';

export interface HttpAnswer {
  readonly status: number;
  /** Parsed; null when it is empty or no JSON. */
  readonly body: unknown;
  /** There is a body, and it is no JSON. */
  readonly isGarbage: boolean;
}

/** Whether it may be deployed; a text: why that cannot be said. Never has anything of the body in it. */
export type Success = (answer: HttpAnswer) => boolean | string;

const longestEvaluation = 200;

const environment = new Environment({ homogeneousAggregateLiterals: false, enableOptionalTypes: true })
  .registerVariable('status', 'int')
  .registerVariable('body', 'dyn');

/** A text: why it is no such expression. */
export function compileSuccess(expression: string | undefined): Success | string {
  if (expression === undefined) return standard;
  try {
    const program = environment.parse(expression);
    const { valid, type, error } = program.check();
    if (!valid) return summaryOf(error);
    if (type !== 'bool' && type !== 'dyn') return `it is of type ${type ?? 'unknown'}, not bool`;
    return ({ status, body }) => evaluate(expression, () => program({ status: BigInt(status), body: toCel(body) }));
  } catch (error) {
    return summaryOf(error);
  }
}

const standard: Success = ({ status, body, isGarbage }) => {
  if (status < 200 || status >= 300) return false;
  if (isGarbage) return 'its answer is no JSON';
  if (body === null) return true;
  if (!isRecord(body)) return 'its answer is no JSON object';
  const { allowed = true } = body;
  return typeof allowed === 'boolean' ? allowed : '"allowed" in its answer is neither true nor false';
};

/** @param triesLeft a machine that was busy for a moment is not the expression's fault */
function evaluate(expression: string, run: () => unknown, triesLeft = 1): boolean | string {
  try {
    const result = onLeash(longestEvaluation, run);
    return typeof result === 'boolean' ? result : 'success is neither true nor false for its answer';
  } catch (error) {
    if (error instanceof TooSlowError) {
      if (triesLeft > 0) return evaluate(expression, run, triesLeft - 1);
      return `success takes longer than ${longestEvaluation} ms to evaluate`;
    }
    return `success cannot be evaluated for its answer: ${faultOf(error, expression)}`;
  }
}

/** What is wrong, and where in the expression. The library's own text may repeat a value of the body. */
function faultOf(error: unknown, expression: string): string {
  const code = isRecord(error) && typeof error.code === 'string' ? error.code.replaceAll('_', ' ') : 'error';
  if (!isRecord(error) || !isRecord(error.range)) return code;
  const { start, end } = error.range;
  if (typeof start !== 'number' || typeof end !== 'number') return code;
  return `${code} in ${expression.slice(start, end).slice(0, 100)}`;
}

/** Of an expression that was not run yet, so that nothing but the expression can be in it. */
function summaryOf(error: unknown): string {
  if (isRecord(error) && typeof error.summary === 'string') return error.summary.slice(0, 200);
  return error instanceof Error ? error.message.slice(0, 200) : 'it cannot be understood';
}

/** Whole numbers are integers, as in Kubernetes' own expressions. */
function toCel(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(toCel);
  if (isRecord(value)) return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, toCel(field)]));
  return typeof value === 'number' && Number.isSafeInteger(value) ? BigInt(value) : value;
}
