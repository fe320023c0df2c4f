/** What each verb says that it would do, and what it refuses, from the facts alone. */
import { describe, expect, it } from 'vitest';
import type { Tag } from '../../api/tag.ts';
import { planRetry, planRevoke, planUnblock } from './after-failure.ts';
import { planCancel } from './cancel.ts';
import { planDecision } from './decide-gate.ts';
import { planDeploy } from './deploy.ts';
import { approvalOf, deployed, digest, factsOf, freezeOf, gateOf, release } from './facts.fixture.ts';
import type { Facts } from './facts.ts';
import { planPin, planUnpin } from './pin.ts';
import type { Plan } from './plan.ts';
import { planRollback } from './rollback.ts';

const closed = gateOf('hours', { passing: false });
const board = gateOf('board', { class: 'manual', approval: { required: 2, notBy: 'deployer' } });
const stop = freezeOf('stop');
const baking = { history: [deployed(3, 'v1.3.0', 'InProgress'), deployed(2, 'v1.2.0')] };
const failed = { history: [deployed(3, 'v1.3.0', 'Failed'), deployed(2, 'v1.2.0')] };
const key = (name: string): string => `rollout.kuberik.com/${name}`;
const asked = (by: string, name = 'deploy', value = 'v1.4.0') => ({ [key(name)]: value, [key('deploy-user')]: by });

type Row = readonly [name: string, facts: Facts, plan: (facts: Facts) => Plan, sentence: string];

const deploy =
  (version: string, mode: 'plain' | 'through-gates' | 'force' = 'plain') =>
  (facts: Facts) =>
    planDeploy(facts, version, mode, undefined);
const rollback = (to?: string) => (facts: Facts) => planRollback(facts, to, undefined);
const pin = (version: string) => (facts: Facts) => planPin(facts, version, undefined);
const approve = (version?: string) => (facts: Facts) => planDecision(facts, facts.gates, 'Approve', version, undefined);
const reject = (version?: string) => (facts: Facts) => planDecision(facts, facts.gates, 'Reject', version, undefined);

const sentences: readonly Row[] = [
  ['nothing in the way', factsOf(), deploy('v1.4.0'), 'Deploys v1.4.0 to apps/app now'],
  ['by digest', factsOf(), deploy(digest('4')), 'Deploys v1.4.0 to apps/app now'],
  [
    'gates and a freeze in the way',
    factsOf({ gates: [board, closed], freezes: [stop] }),
    deploy('v1.4.0'),
    'Deploys v1.4.0 to apps/app as soon as gates board and hours let it through and freeze stop is over',
  ],
  [
    'a bake goes on',
    factsOf({ status: baking }),
    deploy('v1.4.0'),
    'Deploys v1.4.0 to apps/app as soon as the bake of v1.3.0 has ended',
  ],
  [
    'past the gates, but not past the freeze',
    factsOf({ gates: [closed], freezes: [stop] }),
    deploy('v1.4.0', 'through-gates'),
    'Deploys v1.4.0 to apps/app as soon as freeze stop is over, past the closed gate hours',
  ],
  [
    'past everything',
    factsOf({ gates: [board, closed], freezes: [stop], status: baking }),
    deploy('v1.4.0', 'force'),
    'Deploys v1.4.0 to apps/app now, past the closed gates board and hours and freeze stop, and ends the bake of v1.3.0',
  ],
  [
    'a gate that lets it go is not passed over',
    factsOf({ gates: [gateOf('open'), gateOf('list', { allowedVersions: ['v1.4.0'] })] }),
    deploy('v1.4.0', 'force'),
    'Deploys v1.4.0 to apps/app now',
  ],
  [
    'a freeze that is over is none',
    factsOf({ freezes: [freezeOf('old', { until: '2026-11-21T11:59:59Z' })] }),
    deploy('v1.4.0'),
    'Deploys v1.4.0 to apps/app now',
  ],
  [
    'an older one',
    factsOf(),
    deploy('v1.2.0', 'force'),
    'Deploys v1.2.0 (older than v1.3.0, which runs) to apps/app now',
  ],
  [
    'in place of what the same person asked for',
    factsOf({ annotations: asked('jane') }),
    deploy('v1.2.0', 'force'),
    'Deploys v1.2.0 (older than v1.3.0, which runs) to apps/app now, in place of your request to deploy v1.4.0',
  ],
  [
    'the last good one',
    factsOf({ gates: [closed], freezes: [stop] }),
    rollback(),
    'Returns apps/app now from v1.3.0 to v1.2.0, the last version that was good here, past the closed gate hours and freeze stop',
  ],
  [
    'by name, during a bake',
    factsOf({ status: baking }),
    rollback('v1.2.0'),
    'Returns apps/app now from v1.3.0 to v1.2.0, and ends the bake of v1.3.0',
  ],
  [
    'a pin to another one',
    factsOf({ gates: [closed], status: baking }),
    pin('v1.2.0'),
    'Pins apps/app to v1.2.0: deploys it now, past the closed gate hours, ends the bake of v1.3.0, and nothing else until it is unpinned',
  ],
  [
    'a pin to what runs',
    factsOf(),
    pin('v1.3.0'),
    'Pins apps/app to v1.3.0, which runs: nothing else is deployed until it is unpinned',
  ],
  [
    'a pin instead of a pin',
    factsOf({ spec: { wantedVersion: 'v1.3.0' } }),
    pin('v1.2.0'),
    'Pins apps/app to v1.2.0 instead of v1.3.0: deploys it now, and nothing else until it is unpinned',
  ],
  [
    'no pin any more',
    factsOf({ spec: { wantedVersion: 'v1.3.0' } }),
    planUnpin,
    'Unpins apps/app from v1.3.0: automation goes on with v1.4.0, the newest release, as soon as it may',
  ],
  [
    'the first of two approvals',
    factsOf({ gates: [board] }),
    approve(),
    'Approves v1.4.0 at gate board of apps/app as jane, which makes 1 of 2 approvals: 1 more is needed',
  ],
  [
    'the second of two',
    factsOf({ gates: [board], approvals: [approvalOf('board', 'bob')] }),
    approve('v1.4.0'),
    'Approves v1.4.0 at gate board of apps/app as jane, which opens the gate for it',
  ],
  [
    'an approval that somebody else rejected',
    factsOf({ gates: [board], approvals: [approvalOf('board', 'bob', 'v1.4.0', 'Reject')] }),
    approve(),
    'Approves v1.4.0 at gate board of apps/app as jane, which does not open it: RolloutGate board: bob rejected v1.4.0',
  ],
  [
    'at two gates',
    factsOf({ gates: [board, gateOf('qa', { class: 'manual' })] }),
    approve(),
    'Approves v1.4.0 at gates board and qa of apps/app as jane, which makes 1 of 2 approvals at board: 1 more is needed and opens qa for it',
  ],
  [
    'what a person asked for comes before the newest candidate',
    factsOf({ gates: [board], annotations: asked('bob', 'deploy', 'v1.2.0') }),
    reject(),
    'Rejects v1.2.0 at gate board of apps/app as jane, which keeps it from being deployed, whatever others decide',
  ],
  ['a failed bake again', factsOf({ status: failed }), planRetry, 'Starts the bake of v1.3.0 at apps/app over'],
  [
    'on after a failed bake',
    factsOf({ status: { ...failed, releaseCandidates: [] } }),
    (facts) => planUnblock(facts, undefined),
    'Lets automation at apps/app go on after the failed bake of v1.3.0, with the next release',
  ],
  [
    'revoking what runs',
    factsOf(),
    (facts) => planRevoke(facts, 'v1.3.0', undefined),
    'Revokes v1.3.0 at apps/app: automation never selects it again, and it keeps running until another version is deployed',
  ],
  [
    "taking somebody else's request back",
    factsOf({ annotations: { ...asked('bob'), ...asked('bob', 'bypass-gates') } }),
    planCancel,
    'Takes the request of bob to deploy v1.4.0 and to let v1.4.0 past the gates at apps/app back',
  ],
];

describe('sentences', () => {
  it.each(sentences)('%s', (_name, facts, plan, sentence) => {
    expect(plan(facts).sentence).toBe(sentence);
  });
});

const pinned = factsOf({ spec: { releasesImagePolicy: { name: 'app', wantedVersion: 'v1.3.0' } } });
const rejected = { rejectedReleases: [{ ...release('v1.4.0'), reason: 'Revoked', timestamp: '2026-11-20T12:00:00Z' }] };
const scheduled = { 'gate.kuberik.com/schedule-name': 'office', 'gate.kuberik.com/schedule-kind': 'RolloutSchedule' };

const refusals: readonly Row[] = [
  ['what runs', factsOf(), deploy('v1.3.0'), 'v1.3.0 is deployed at apps/app already'],
  ['what runs and failed', factsOf({ status: failed }), deploy('v1.3.0'), 'already, and failed its bake'],
  ['past a pin', pinned, deploy('v1.4.0', 'force'), 'is pinned to v1.3.0, so that a request to deploy it would be'],
  ['back past a pin', pinned, rollback(), 'is pinned to v1.3.0, so that a request to roll back would be ignored'],
  [
    "somebody else's request",
    factsOf({ annotations: asked('bob') }),
    rollback(),
    'the request of bob to deploy v1.4.0',
  ],
  [
    'a request of nobody knows whom',
    factsOf({ annotations: { [key('rollback')]: '' } }),
    pin('v1.4.0'),
    'a request of somebody to roll back waits',
  ],
  [
    'a tag that the registry does not have',
    factsOf({ registry: { text: 'v1.44.0', version: undefined, names: [] } }),
    deploy('v1.44.0'),
    'apps/app knows no version v1.44.0',
  ],
  ['back to what failed here', factsOf(), rollback('v1.1.0'), 'v1.1.0 never finished its bake at apps/app'],
  ['back to what runs', factsOf(), rollback('v1.3.0'), 'v1.3.0 is deployed at apps/app already'],
  [
    'back to nothing',
    factsOf({ status: { history: [deployed(3, 'v1.3.0')] } }),
    rollback(),
    'no version before v1.3.0 finished its bake',
  ],
  ['back from nothing', factsOf({ status: { history: [] } }), rollback(), 'nothing has been deployed at apps/app yet'],
  ['the same pin', pinned, pin('v1.3.0'), 'apps/app is pinned to v1.3.0 already'],
  ['no pin', factsOf(), planUnpin, 'apps/app is not pinned'],
  ['a gate that a flag opens', factsOf({ gates: [closed] }), approve(), 'takes no approvals: it has no class'],
  ['a gate of a schedule', factsOf({ gates: [gateOf('w', {}, scheduled)] }), approve(), 'RolloutSchedule office opens'],
  ['a gate of another class', factsOf({ gates: [gateOf('w', { class: 'ours' })] }), approve(), 'it is of class ours'],
  ["one's own deployment", factsOf({ gates: [board], annotations: asked('jane') }), approve(), 'wants four eyes'],
  [
    'approving twice',
    factsOf({ gates: [board], approvals: [approvalOf('board', 'jane')] }),
    approve(),
    'you have approved v1.4.0 at gate board already',
  ],
  [
    'rejecting twice',
    factsOf({ gates: [board], approvals: [approvalOf('board', 'jane', 'v1.4.0', 'Reject')] }),
    reject(),
    'you have rejected v1.4.0 at gate board already',
  ],
  [
    'approving nothing',
    factsOf({ gates: [board], status: { releaseCandidates: [] } }),
    approve(),
    'gate board of apps/app holds no version',
  ],
  [
    'approving what was revoked',
    factsOf({ gates: [board], status: rejected }),
    approve(),
    'gate board of apps/app holds no version',
  ],
  ['retrying what is good', factsOf(), planRetry, 'v1.3.0 at apps/app has not failed: its bake is Succeeded'],
  [
    'retrying twice',
    factsOf({ status: failed, annotations: { [key('retry')]: '' } }),
    planRetry,
    'that is asked for at apps/app already',
  ],
  ['revoking twice', factsOf({ status: rejected }), (facts) => planRevoke(facts, 'v1.4.0', undefined), 'is revoked at'],
  ['taking nothing back', factsOf(), planCancel, 'no request waits at apps/app'],
];

describe('refusals', () => {
  it.each(refusals)('%s', (_name, facts, plan, message) => {
    expect(() => plan(facts)).toThrow(message);
  });
});

describe('changes', () => {
  const annotations = (plan: Plan) => (plan.change.kind === 'request' ? plan.change.annotations : {});

  it('a request says who asks and why, and leaves no reason of an earlier one behind', () => {
    expect(annotations(planDeploy(factsOf(), 'v1.4.0', 'through-gates', 'hotfix'))).toEqual({
      ...asked('jane'),
      [key('bypass-gates')]: 'v1.4.0',
      [key('deploy-message')]: 'hotfix',
    });
    expect(annotations(planDeploy(factsOf(), 'v1.4.0', 'plain', undefined))[key('deploy-message')]).toBeNull();
  });

  it("one's own request of another kind goes when it is replaced", () => {
    const facts = factsOf({ annotations: asked('jane') });
    expect(annotations(planRollback(facts, undefined, undefined))).toMatchObject({
      [key('deploy')]: null,
      [key('rollback')]: 'v1.2.0',
    });
  });

  it('what the status says is used up is no request any more', () => {
    const consumedAnnotations = [{ key: key('deploy'), value: 'v1.4.0' }];
    const facts = factsOf({ annotations: asked('bob'), status: { consumedAnnotations } });
    expect(planRollback(facts, undefined, undefined).version).toBe('v1.2.0');
  });

  it('revoking beside the deployment of somebody else leaves it theirs', () => {
    const facts = factsOf({ annotations: asked('bob') });
    expect(annotations(planRevoke(facts, 'v1.2.0', 'bad'))).toEqual({ [key('revoke')]: 'v1.2.0' });
  });

  it('a pin without a deployment names nobody: nothing would take the name away again', () => {
    const { change } = planPin(factsOf(), 'v1.3.0', 'why');
    expect(change).toEqual({ kind: 'request', annotations: {}, pin: 'v1.3.0' });
  });

  it('an approval carries tag and digest', () => {
    const { change } = planDecision(factsOf({ gates: [board] }), [board], 'Approve', undefined, 'fine');
    expect(change).toEqual({
      kind: 'decide',
      approvals: [
        {
          spec: {
            gateRef: { name: 'board' },
            version: 'v1.4.0',
            digest: digest('4'),
            decision: 'Approve',
            reason: 'fine',
            by: 'jane',
          },
        },
      ],
    });
  });

  it('says as data what it passes over, and why that would have held it', () => {
    const facts = factsOf({ gates: [closed], freezes: [stop], status: baking });
    expect(planDeploy(facts, 'v1.4.0', 'force', undefined)).toMatchObject({
      passesOver: [
        { kind: 'RolloutGate', name: 'hours', why: 'RolloutGate hours is closed (spec.passing is false)' },
        { kind: 'Freeze', name: 'stop', why: 'no changes' },
      ],
      undoes: 'the bake of v1.3.0',
      needs: [{ operation: 'forceDeploy' }],
    });
  });

  it('a tag that only the registry has is deployed, with a note', () => {
    const tag = 'hotfix-1' as Tag;
    const known = factsOf({ registry: { text: tag, version: { tag }, names: [] } });
    expect(planDeploy(known, tag, 'force', undefined).notes[0]).toContain('its ImagePolicy does not admit it');
    expect(planDeploy(factsOf(), tag, 'force', undefined).notes[0]).toContain('the registry could not be asked');
  });
});
