/** `freeze` and `unfreeze`: stop the line, and let it go on. */
import type { Freeze } from '../../api/freeze.ts';
import { timestamp } from '../../api/instant.ts';
import { selectorText } from '../selector-text.ts';
import { type Plan, refuse } from './plan.ts';

export interface FreezeWish {
  readonly name: string;
  readonly spec: Freeze['spec'];
  readonly until: Temporal.Instant | undefined;
  /** How many Rollouts it means now. Undefined: that could not be read. */
  readonly count: number | undefined;
  /** The one of this name that is there already. */
  readonly present: Freeze | undefined;
  readonly now: Temporal.Instant;
}

/** @throws CliError when there is one of this name, or it would be over already */
export function planFreeze({ name, spec, until, count, present, now }: FreezeWish): Plan {
  if (present !== undefined) {
    throw refuse(
      `there is a freeze ${name} already: ${present.spec.reason}`,
      `choose another name, or end it first: kuberik unfreeze ${name}`,
    );
  }
  if (until !== undefined && Temporal.Instant.compare(until, now) <= 0) {
    throw refuse(`${timestamp(until)} is past already`, 'name a moment that is to come with --until, or use --for');
  }
  const end = until === undefined ? `until it is lifted` : `until ${timestamp(until)}`;
  return {
    operation: 'freeze',
    sentence: `Freezes ${scope(spec)}${counted(count)} ${end}: nothing automatic is deployed, rollbacks included; people may still roll back and force`,
    passesOver: [],
    notes: [`it is lifted with: kuberik unfreeze ${name}`],
    needs: [{ verb: 'create', resource: 'freezes', what: 'stop the line' }],
    change: { kind: 'freeze', name, spec },
    done: 'Frozen',
  };
}

export function planUnfreeze(freeze: Freeze, count: number | undefined): Plan {
  const { name } = freeze.metadata;
  return {
    operation: 'unfreeze',
    sentence: `Lifts freeze ${name} (${freeze.spec.reason}): automation goes on for ${scope(freeze.spec)}${counted(count)}`,
    passesOver: [],
    undoes: `freeze ${name}`,
    notes: [],
    needs: [{ verb: 'delete', resource: 'freezes', what: 'let the line go on' }],
    change: { kind: 'unfreeze', name },
    done: 'Lifted',
  };
}

function scope({ rolloutSelector, namespaceSelector }: Freeze['spec']): string {
  const which = selectorText(rolloutSelector);
  const where = selectorText(namespaceSelector);
  return `every Rollout${which === '' ? '' : ` with ${which}`} of ${where === '' ? 'the cluster' : `the namespaces with ${where}`}`;
}

function counted(count: number | undefined): string {
  if (count === undefined) return '';
  return count === 1 ? ' (1 now)' : ` (${count} now)`;
}
