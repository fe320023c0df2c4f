/** Which worlds have what it takes for a saboteur to show: told as a story of one application, or by what there is. */
import type { Action } from '../actions.ts';
import type { Application } from '../application.ts';
import type { FaultKind } from '../faults/fault.ts';
import type { Plan } from '../plan.ts';

export type Where = (plan: Plan) => boolean;

/** One thing that somebody does in a story. */
export interface Step {
  readonly do: Action['do'] | readonly Action['do'][];
  /** @param before what was done in the story before this, the latest last */
  readonly is?: (action: Action, before: readonly Action[]) => boolean;
  /** After the one before, in seconds. Default: any time. */
  readonly after?: readonly [least: number, most: number];
}

/** Somebody does these things with one such application, one after the other, before everything is opened. */
export const story =
  (isIts: (app: Application) => boolean, ...steps: readonly Step[]): Where =>
  ({ actions, applications, span }) =>
    applications.some((app, index) => {
      if (!isIts(app)) return false;
      const done = actions.filter((action) => action.app === index && action.at > 0 && action.at < span.closing);
      return isTold(done, steps, []);
    });

function isTold(actions: readonly Action[], [step, ...steps]: readonly Step[], before: readonly Action[]): boolean {
  if (step === undefined) return true;
  const kinds = typeof step.do === 'string' ? [step.do] : step.do;
  const [least, most] = step.after ?? [0, Number.POSITIVE_INFINITY];
  const last = before.at(-1)?.at;
  return actions.some((action, index) => {
    if (!kinds.includes(action.do) || step.is?.(action, before) === false) return false;
    const seconds = last === undefined ? least : (action.at - last) / 1000;
    return seconds >= least && seconds <= most && isTold(actions.slice(index + 1), steps, [...before, action]);
  });
}

/** Somebody does these things with one application, one after the other. */
export const doing = (...kinds: readonly Action['do'][]): Where =>
  story(anything, ...kinds.map((kind) => ({ do: kind })));

/** There is such an application. */
export const having =
  (isIt: (app: Application) => boolean): Where =>
  ({ applications }) =>
    applications.some(isIt);

/** One of these faults is going to happen. */
export const meeting =
  (...kinds: readonly FaultKind[]): Where =>
  ({ faults }) =>
    faults.some(({ kind }) => kinds.includes(kind));

export const both =
  (...wheres: readonly Where[]): Where =>
  (plan) =>
    wheres.every((where) => where(plan));

export const either =
  (...wheres: readonly Where[]): Where =>
  (plan) =>
    wheres.some((where) => where(plan));

export function anything(): boolean {
  return true;
}

/** Whether it is fit to run is looked at, so that what is bad fails. */
export const isJudged = ({ check }: Application): boolean => check !== 'none';
export const isScheduled = ({ schedules }: Application): boolean => schedules.length > 0;
export const isOfPolicy =
  (policy: 'Rollback' | 'Halt') =>
  (app: Application): boolean =>
    isJudged(app) && app.spec.failurePolicy === policy;

const isRelease = ({ form = 'release' }: Action): boolean => form === 'release';
/** Of a release that fails, whatever looks at it. */
export const isBad = (action: Action): boolean => isRelease(action) && action.behaviour === 'crashes';
export const isGood = (action: Action): boolean => isRelease(action) && (action.behaviour ?? 'good') === 'good';
/** It is about the same version as what was done before. */
export const isSame = ({ minor }: Action, before: readonly Action[]): boolean => minor === before.at(-1)?.minor;
export const isOlder = ({ minor }: Action, before: readonly Action[]): boolean => minor < (before.at(-1)?.minor ?? 0);

/** A release comes that is no good. */
export const failing: Where = story(isJudged, { do: 'push', is: isBad });
