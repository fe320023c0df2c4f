/**
 * I3, intent first: a target is told to carry what the record says, and the record has said it before. Which objects are
 * targets is what their annotations say.
 */
import type { Rollout } from '../../../src/api/rollout.ts';
import { KUSTOMIZATIONS, type Ledger, REPOSITORIES, ROLLOUTS, type Stored } from './ledger.ts';
import type { Moment, Scene } from './scene.ts';
import { namespaceOf } from './scene.ts';
import type { Report } from './violation.ts';

interface Target {
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec: {
    readonly postBuild?: { readonly substitute?: Readonly<Record<string, string>> };
    readonly ref?: { readonly tag?: string };
  };
}

const substitute = /^rollout\.kuberik\.com\/substitute\.(.+)\.from$/;

/** The fields of an object that carry versions: the Rollout, and what it carries for it. */
export function carriedBy(object: Stored | undefined): readonly { rollout: string; value: string | undefined }[] {
  if (object === undefined) return [];
  const { metadata, spec } = object as unknown as Target;
  return Object.entries(metadata.annotations ?? {}).flatMap(([key, rollout]) => {
    const variable = substitute.exec(key)?.[1];
    if (variable !== undefined) return [{ rollout, value: spec.postBuild?.substitute?.[variable] }];
    return key === 'rollout.kuberik.com/rollout' ? [{ rollout, value: spec.ref?.tag }] : [];
  });
}

/** What each target of a Rollout carries, in any of the states that the controllers may have seen. */
export function targetsOf(
  { metadata: { name, namespace = '' } }: Pick<Rollout, 'metadata'>,
  { ledger }: Pick<Scene, 'ledger'>,
  moment: Moment,
): readonly { name: string; carried: readonly (string | undefined)[] }[] {
  return ([KUSTOMIZATIONS, REPOSITORIES] as const).flatMap((resource) =>
    [...ledger.living(resource)].flatMap(([key, object]) => {
      if (namespaceOf(key) !== namespace) return [];
      if (!carriedBy(object).some(({ rollout }) => rollout === name)) return [];
      const versions = moment.seen(resource, key);
      // Whoever decided may not know of it yet.
      if (versions.includes(undefined)) return [];
      const carried = versions.flatMap((version) =>
        carriedBy(version).flatMap(({ rollout, value }) => (rollout === name ? [value] : [])),
      );
      return [{ name: `${resource}/${key}`, carried }];
    }),
  );
}

/** At a write of the controllers: the next entry of the record may have come while it was on its way. */
export function inspectTarget(object: Stored, previous: Stored | undefined, ledger: Ledger, report: Report): void {
  const { metadata } = object as unknown as Target;
  const before = carriedBy(previous);
  for (const [index, { rollout: name, value }] of carriedBy(object).entries()) {
    if (value === before[index]?.value) continue;
    const rollout: unknown = ledger.now(ROLLOUTS, `${metadata.namespace}/${name}`);
    if (rollout === undefined) continue;
    const known = (rollout as Rollout).status?.history?.slice(0, 2).map(({ version }) => version.tag) ?? [];
    if (!known.some((tag) => tag === value))
      report('I3', `${metadata.name} carries ${value}, and ${name} records ${known.join()}`);
  }
}
