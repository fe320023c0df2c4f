/** Why one version is not deployed: what `explain --version` answers. */
import type { HistoryEntry } from '../../api/rollout.ts';
import type { Tag } from '../../api/tag.ts';
import { formatMoment, type Moment, readInstant } from '../age.ts';
import type { Line } from '../text.ts';
import type { Explanation } from './explanation.ts';
import { numberedReason } from './reason-lines.ts';

/** What a version is to a Rollout. */
export type Standing = 'Running' | 'Candidate' | 'Deployed before' | 'Older' | 'Unlisted' | 'Unknown';

export function standingOf({ rollout, plan, isInRegistry }: Explanation, version: Tag): Standing {
  const [running, ...before] = rollout.status?.history ?? [];
  if (running?.version.tag === version) return 'Running';
  if (plan.candidates.some((candidate) => candidate.version.tag === version)) return 'Candidate';
  if (before.some((entry) => entry.version.tag === version)) return 'Deployed before';
  if ((plan.status.availableReleases ?? []).some(({ tag }) => tag === version)) return 'Older';
  return isInRegistry === true ? 'Unlisted' : 'Unknown';
}

export function versionLines(explanation: Explanation, moment: Moment): readonly Line[] {
  const { version } = explanation;
  return version === undefined ? [] : [{ text: version, tone: 'strong' }, ...standing(explanation, version, moment)];
}

function standing(explanation: Explanation, version: Tag, moment: Moment): readonly Line[] {
  const { rollout, plan, isInRegistry } = explanation;
  const entry = rollout.status?.history?.find((one) => one.version.tag === version);
  const byHand = `kuberik deploy ${rollout.metadata.name} ${version}`;
  switch (standingOf(explanation, version)) {
    case 'Running':
      return [{ text: 'it is what runs', tone: 'good' }];
    case 'Candidate': {
      const reasons = plan.candidates.find((candidate) => candidate.version.tag === version)?.reasons ?? [];
      if (reasons.length === 0) return [{ text: 'nothing holds it: it is deployed next', tone: 'good' }];
      return reasons.flatMap((reason, index) => numberedReason(reason, index + 1, moment));
    }
    case 'Deployed before':
      return [
        { text: `it ran here before${entry === undefined ? '' : past(entry, moment)}; something newer runs now` },
        { text: `to change it: kuberik rollback ${rollout.metadata.name} --to ${version}` },
      ];
    case 'Older':
      return [
        { text: 'it is older than what runs, and automation never goes back' },
        { text: `to change it: ${byHand}` },
      ];
    case 'Unlisted':
      return [
        { text: 'the registry has it, and the ImagePolicy does not admit it, or it is older than what was looked at' },
        { text: `to change it: change the ImagePolicy, or ${byHand}` },
      ];
    case 'Unknown': {
      const what = isInRegistry === false ? 'the registry has no such tag' : 'it is not a known release';
      return [
        { text: what, tone: 'bad' },
        { text: `to change it: push it, or look for its name: kuberik history ${rollout.metadata.name}` },
      ];
    }
  }
}

function past({ bakeStatus, timestamp }: HistoryEntry, moment: Moment): string {
  const when = readInstant(timestamp);
  const at = when === undefined ? '' : `, deployed ${formatMoment(when, moment)}`;
  return bakeStatus === undefined ? at : `${at}, bake ${bakeStatus}`;
}
