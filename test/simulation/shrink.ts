/** Finds a smaller plan that fails in the same way: drops what can be dropped, in large pieces first. */
import type { Plan } from './plan.ts';

/** @returns whether this plan still fails in the same way */
export type StillFails = (plan: Plan) => Promise<boolean>;

type Part = { readonly list: 'actions' | 'faults'; readonly index: number };

/** @param most how many plans to try */
export async function shrink(plan: Plan, stillFails: StillFails, most: number): Promise<Plan> {
  let parts = partsOf(plan);
  let tries = 0;
  for (let size = Math.ceil(parts.length / 2); size >= 1 && tries < most; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let from = 0; from < parts.length && tries < most; ) {
      const fewer = [...parts.slice(0, from), ...parts.slice(from + size)];
      tries += 1;
      if (await stillFails(planWith(plan, fewer))) parts = fewer;
      else from += size;
    }
  }
  return planWith(plan, parts);
}

function partsOf({ actions, faults }: Plan): Part[] {
  return [
    ...faults.map((_, index) => ({ list: 'faults' as const, index })),
    ...actions.map((_, index) => ({ list: 'actions' as const, index })),
  ];
}

function planWith(plan: Plan, parts: readonly Part[]): Plan {
  const kept = (list: Part['list']): Set<number> =>
    new Set(parts.filter((part) => part.list === list).map(({ index }) => index));
  const [actions, faults] = [kept('actions'), kept('faults')];
  return {
    ...plan,
    actions: plan.actions.filter((_, index) => actions.has(index)),
    faults: plan.faults.filter((_, index) => faults.has(index)),
  };
}
