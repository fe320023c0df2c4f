/** Waits until a fleet whose people want nothing more has come to rest, and does what only a person can do. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { HistoryEntry } from '../../src/api/rollout.ts';
import { type Application, failsAs, minorOf } from './fleet.ts';
import { unsettled } from './oracles/convergence.ts';
import { historyOf, rolloutOf } from './oracles/entries.ts';
import type { Oracles } from './oracles/oracles.ts';
import { helpOut, lastRelease } from './people.ts';
import { persist, type Site } from './site.ts';

export interface Settling {
  readonly site: Site;
  readonly oracles: Oracles;
  /** The release that each must come to, by name. */
  readonly last: Map<string, string>;
  /** What is waited for, for whoever looks on. */
  readonly progress: { waiting: string };
}

/** Milliseconds. */
const lookEvery = 1000;
const quiet = 10_000;
/** A person looks again after so long. */
const patience = 20_000;
/** What writes nothing new for so long is stuck; what does so for so long never ends. */
const [longestSilence, longest] = [300_000, 1_800_000];

/** @returns how often a person helped out */
export async function settle({ site, oracles, last, progress }: Settling): Promise<number> {
  const deadline = performance.now() + longest;
  const helped = new Map<string, number>();
  let helps = 0;
  const told = (app: Application): string =>
    `${app.name} ${unsettled(app, oracles.ledger, last.get(app.name) ?? '') ?? ''}`;
  let [versions, changedAt] = [oracles.ledger.versions, performance.now()];
  let [progressed, progressedAt] = ['', performance.now()];
  while (true) {
    const open = site.fleet.filter((app) => unsettled(app, oracles.ledger, last.get(app.name) ?? '') !== undefined);
    progress.waiting = open.length === 0 ? '' : `${open.length} not at rest: ${told(open[0]!)}`;
    if (versions !== oracles.ledger.versions) [versions, changedAt] = [oracles.ledger.versions, performance.now()];
    const reached = `${oracles.written} ${open.length}`;
    if (progressed !== reached) [progressed, progressedAt] = [reached, performance.now()];
    if (open.length === 0 && performance.now() - changedAt > quiet) return helps;
    if (performance.now() > Math.min(deadline, progressedAt + longestSilence)) {
      for (const app of open) {
        const what = unsettled(app, oracles.ledger, last.get(app.name) ?? '') ?? '';
        oracles.report('convergence', `${app.namespace}/${app.name}`, what);
      }
      return helps;
    }
    for (const app of open) {
      if (performance.now() < (helped.get(app.name) ?? 0)) continue;
      const tag = await help(site, oracles, app, last.get(app.name) ?? '');
      if (tag === undefined) continue;
      last.set(app.name, tag);
      helps += 1;
      helped.set(app.name, performance.now() + patience);
    }
    await sleep(lookEvery);
  }
}

/** It failed and stays, or somebody who looks on sees that it never gets healthy: an adopted one is not even judged. */
function isHopeless({ bakeStatus, retryAt, timestamp, version }: HistoryEntry): boolean {
  if (bakeStatus === 'Failed') return retryAt === undefined;
  return failsAs(version.tag) && Date.now() - Date.parse(timestamp) > patience;
}

/**
 * A deployment that failed and stays is a person's to end. A good release can fail, since a part was down for too long:
 * then another one comes. @returns what it must come to from now on; undefined: there was nothing to do
 */
async function help(site: Site, oracles: Oracles, app: Application, tag: string): Promise<string | undefined> {
  const object = oracles.ledger.now('rollouts', app.namespace, app.name);
  if (object === undefined) return undefined;
  const rollout = rolloutOf(object);
  const [newest] = historyOf(rollout);
  const place = `${app.namespace}/${app.name}`;
  const isRejected = rollout.status?.rejectedReleases?.some((rejected) => rejected.tag === tag) === true;
  // What a person asked for before was done when this release was known: automation resumes with newer ones.
  const isDecided =
    newest?.resumeAfter !== undefined && newest.version.tag !== tag && minorOf(newest.resumeAfter) >= minorOf(tag);
  if (isRejected || isDecided) {
    const next = await lastRelease(site, app);
    oracles.note(place, `${tag} is not taken any more: release ${next}`);
    return next;
  }
  const isKnown = rollout.status?.availableReleases?.some((release) => release.tag === tag) === true;
  if (newest === undefined || !isKnown || !isHopeless(newest)) return undefined;
  oracles.note(place, `a person replaces ${newest.version.tag} by ${tag}`);
  await persist(() => helpOut(site, app, tag));
  return tag;
}
