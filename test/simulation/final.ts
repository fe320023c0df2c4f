/** What a world has come to: the same with faults as without, since they have ended. */
import type { Rollout } from '../../src/api/rollout.ts';
import { KUSTOMIZATIONS } from './flux.ts';
import type { Ledger } from './oracles/ledger.ts';
import type { SimulatedWorld } from './world.ts';

export interface Final {
  readonly app: string;
  readonly version: string;
  readonly bake: string;
  readonly carried: string;
  readonly reason: string;
}

export function finalsOf({ setting, variableOf }: SimulatedWorld, ledger: Ledger): readonly Final[] {
  return setting.applications.map(({ name, kustomization }) => {
    const rollout: unknown = ledger.now('kuberik.com/rollouts', name);
    const { status } = (rollout ?? {}) as Partial<Rollout>;
    const object: unknown = ledger.now(KUSTOMIZATIONS, kustomization);
    const target = object as { spec: { postBuild?: { substitute?: Record<string, string> } } } | undefined;
    const [newest] = status?.history ?? [];
    return {
      app: name,
      version: newest?.version.tag ?? '',
      bake: newest?.bakeStatus ?? '',
      carried: target?.spec.postBuild?.substitute?.[variableOf(name)] ?? '',
      reason: status?.conditions?.find(({ type }) => type === 'Progressing')?.reason ?? '',
    };
  });
}

export function differences(one: readonly Final[], other: readonly Final[]): readonly string[] {
  const texts = (finals: readonly Final[]) => finals.map((final) => JSON.stringify(final));
  const [left, right] = [texts(one), texts(other)];
  return left.flatMap((text, index) => (text === right[index] ? [] : [`${text} instead of ${right[index]}`]));
}
