/** What a person wants to know the effect of: `--if` of a forecast, as a change of what was observed. */
import { DEPLOY, DEPLOY_USER, FORCE_DEPLOY, ROLLBACK } from '../../api/annotations.ts';
import { Approval } from '../../api/approval.ts';
import { timestamp } from '../../api/instant.ts';
import type { Rollout } from '../../api/rollout.ts';
import { GATE_CLASS_MANUAL } from '../../api/rollout-gate.ts';
import type { Tag } from '../../api/tag.ts';
import type { ForecastInput } from './input.ts';

export type Assumption =
  | { readonly if: 'approve'; readonly gate: string }
  | { readonly if: 'open'; readonly gate: string }
  | { readonly if: 'push'; readonly tag: Tag; readonly ranked?: readonly Tag[] }
  | { readonly if: 'pin'; readonly tag: Tag }
  | { readonly if: 'unpin' }
  | { readonly if: 'unfreeze'; readonly name: string }
  | { readonly if: 'deploy' | 'force'; readonly tag: Tag }
  | { readonly if: 'rollback'; readonly tag: Tag | undefined };

/** The version that it is about and that need not be known yet. */
export function versionOf(assumption: Assumption): Tag | undefined {
  return 'tag' in assumption && assumption.if !== 'push' ? assumption.tag : undefined;
}

/** It names something that is not there. */
export class AssumptionError extends Error {
  override readonly name = 'AssumptionError';
  readonly code = 'KBK_CORE_ASSUMPTION';
}

/** @throws AssumptionError when there is no such gate or freeze, or nothing to assume of it */
export function assume(input: ForecastInput, assumption: Assumption, now: Temporal.Instant): ForecastInput {
  const { observed } = input;
  const { spec } = observed.rollout;
  switch (assumption.if) {
    case 'approve':
      return approved(input, assumption.gate, now);
    case 'open':
      return opened(input, assumption.gate);
    case 'push':
      return { ...input, observed: { ...observed, releases: pushed(observed.releases, assumption) } };
    case 'pin':
      return withRollout(input, { spec: { ...unpinned(spec), wantedVersion: assumption.tag } });
    case 'unpin':
      return withRollout(input, { spec: unpinned(spec) });
    case 'unfreeze': {
      const freezes = observed.freezes.filter(({ metadata }) => metadata.name !== assumption.name);
      if (freezes.length === observed.freezes.length) throw missing('Freeze', assumption.name, observed.freezes);
      return { ...input, observed: { ...observed, freezes } };
    }
    case 'deploy':
      return asked(input, { [DEPLOY]: assumption.tag });
    case 'force':
      return asked(input, { [FORCE_DEPLOY]: assumption.tag });
    case 'rollback':
      return asked(input, { [ROLLBACK]: assumption.tag ?? '' });
  }
}

type Named = readonly { readonly metadata: { readonly name: string } }[];

function missing(kind: string, name: string, known: Named): AssumptionError {
  const names = known.map(({ metadata }) => metadata.name).join(', ');
  return new AssumptionError(`there is no ${kind} ${name} for this Rollout; there is ${names === '' ? 'none' : names}`);
}

function withRollout(input: ForecastInput, changes: Pick<Rollout, 'spec'> | Pick<Rollout, 'metadata'>): ForecastInput {
  const { observed } = input;
  return { ...input, observed: { ...observed, rollout: { ...observed.rollout, ...changes } } };
}

function unpinned(spec: Rollout['spec']): Rollout['spec'] {
  const { wantedVersion, ...rest } = spec;
  const { wantedVersion: deckPin, ...releasesImagePolicy } = spec.releasesImagePolicy;
  return { ...rest, releasesImagePolicy };
}

const SOMEBODY = 'somebody';

function asked(input: ForecastInput, annotations: Readonly<Record<string, string>>): ForecastInput {
  const { metadata } = input.observed.rollout;
  const all = { ...metadata.annotations, ...annotations, [DEPLOY_USER]: SOMEBODY };
  return withRollout(input, { metadata: { ...metadata, annotations: all } });
}

/** As many people as it takes approve everything that could be deployed. */
function approved(input: ForecastInput, name: string, now: Temporal.Instant): ForecastInput {
  const { observed } = input;
  const gate = observed.gates.find(({ metadata }) => metadata.name === name);
  if (gate === undefined) throw missing('RolloutGate', name, observed.gates);
  if (gate.spec.class !== GATE_CLASS_MANUAL) {
    throw new AssumptionError(`RolloutGate ${name} is not of class manual, and is not approved: assume "open ${name}"`);
  }
  const status = observed.rollout.status ?? {};
  const tags = [
    ...(observed.releases.admitted ?? []),
    ...(observed.releases.latest === undefined ? [] : [observed.releases.latest.tag]),
    ...(status.availableReleases ?? []).map(({ tag }) => tag),
  ];
  const approvals = [...new Set(tags)].flatMap((version, index) =>
    Array.from({ length: gate.spec.approval?.required ?? 1 }, (_, person): Approval => {
      return Approval.parse({
        apiVersion: Approval.apiVersion,
        kind: Approval.kind,
        metadata: { name: `assumed-${name}-${index}-${person}`, creationTimestamp: timestamp(now) },
        spec: { gateRef: { name }, version, decision: 'Approve', by: `approver ${person + 1}` },
      });
    }),
  );
  const standing = observed.approvals.filter(({ spec }) => spec.gateRef.name !== name || spec.decision === 'Approve');
  return { ...input, observed: { ...observed, approvals: [...standing, ...approvals] } };
}

/** Whatever kept it closed is gone for the whole forecast, its schedule included. */
function opened(input: ForecastInput, name: string): ForecastInput {
  const { observed } = input;
  const gate = observed.gates.find(({ metadata }) => metadata.name === name);
  if (gate === undefined) throw missing('RolloutGate', name, observed.gates);
  const gates = observed.gates.filter((one) => one !== gate);
  const schedules = input.schedules.filter((one) => one.gate !== name);
  return { ...input, schedules, observed: { ...observed, gates } };
}

function pushed(
  releases: ForecastInput['observed']['releases'],
  { tag, ranked }: Extract<Assumption, { if: 'push' }>,
): ForecastInput['observed']['releases'] {
  const after = (tags: readonly Tag[] | undefined): readonly Tag[] => [
    ...(tags ?? []).filter((one) => one !== tag),
    tag,
  ];
  const unknownTags = new Set([...releases.unknownTags].filter((one) => one !== tag));
  const isNewest = ranked === undefined || ranked.at(-1) === tag;
  return {
    ...releases,
    ...(isNewest ? { latest: { tag } } : {}),
    ...(releases.admitted === undefined ? {} : { admitted: ranked ?? after(releases.admitted) }),
    ...(releases.ranked === undefined ? {} : { ranked: ranked ?? after(releases.ranked) }),
    unknownTags,
    hasTag: (one) => one === tag || (releases.hasTag?.(one) ?? true),
  };
}
