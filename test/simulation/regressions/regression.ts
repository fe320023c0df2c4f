/** `regressions` keeps plans that failed once. This file reads them and plays them again. */
import { readdirSync, readFileSync } from 'node:fs';
import type { Plan } from '../plan.ts';
import { isSpanName, spans } from '../span.ts';
import { judgePlan, type Verdict } from '../verdict.ts';

export interface Regression {
  /** What went wrong. */
  readonly name: string;
  readonly what: string;
  readonly invariant: string;
  readonly plan: Plan;
}

const folder = new URL('./', import.meta.url);

export function regressions(): readonly Regression[] {
  const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
  return files.toSorted().map((file) => {
    const text = readFileSync(new URL(file, folder), 'utf8');
    const { what, invariant, plan } = JSON.parse(text) as Omit<Regression, 'name' | 'plan'> & {
      readonly plan: Omit<Plan, 'span'> & { readonly span: string };
    };
    if (!isSpanName(plan.span)) throw new Error(`${file}: there is no span ${plan.span}`);
    const name = file.slice(0, -'.json'.length).replaceAll('-', ' ');
    return { name, what, invariant, plan: { ...plan, span: spans[plan.span] } };
  });
}

export const replay = ({ plan }: Regression): Promise<Verdict> => judgePlan(plan);
