/** What is around a Rollout: registry, policy, targets, freezes, health, what runs already, and specs that are wrong. */
import { parseDigest, parseTag, type Tag } from '../../../api/tag.ts';
import type { Fault } from '../../observation.ts';
import { at, type ScenarioOptions, T0 } from '../scenario.ts';
import { type Stories, Teller } from '../teller.ts';

const good = { tag: '1.0.0', id: 1, bakeStatus: 'Succeeded', trigger: 'Automatic', bakeEndTime: at('-2h') } as const;
const later = T0.add({ minutes: 5 });
const away: Fault = { reason: 'RegistryUnavailable', message: 'the registry is away', retryAt: later };

function running(spec: ScenarioOptions['spec'] = {}, ...newer: readonly string[]): Teller {
  const teller = new Teller({ spec, available: ['1.0.0'], history: [good], policy: 'Rollback' });
  return teller.target('1.0.0').registry('1.0.0', ...newer);
}

function looks(teller: Teller, ...offsets: readonly string[]): Teller {
  teller.look();
  for (const offset of offsets) teller.advance(offset).look();
  return teller;
}

function seen(teller: Teller, releases: Partial<Teller['releases']>): Teller {
  teller.releases = { ...teller.releases, ...releases };
  return teller;
}

function fresh(): Teller {
  return new Teller({}).registry('1.0.0', '1.1.0');
}

const describedAs = (tag: string): [Tag, { tag: Tag; created: string; version: string }] => [
  parseTag(tag),
  { tag: parseTag(tag), created: at('-1d'), version: `v${tag}` },
];

export const surroundings: Stories = {
  'nothing is released yet': () => looks(new Teller({})),
  'a Rollout that has no status yet, and no annotations': () => {
    const teller = fresh().target(undefined);
    const { status, metadata, ...rollout } = teller.rollout;
    const { annotations, ...bare } = metadata;
    teller.rollout = { ...rollout, metadata: bare };
    return looks(teller);
  },
  'the first release': () => looks(fresh().target(undefined), '+1m'),
  'the registry is away': () => looks(seen(running({}, '1.1.0'), { fault: away }), '+5m'),
  'the registry is away, nobody knows until when': () =>
    looks(seen(running(), { fault: { reason: 'RegistryUnavailable', message: 'away' } })),
  'the policy is gone': () =>
    looks(
      seen(running({}, '1.1.0'), {
        policyFault: { reason: 'ImagePolicyNotFound', message: 'no ImagePolicy app', retryAt: later },
        fault: away,
      }),
    ),
  'the registry is read again after a while': () => looks(seen(running(), { refreshAt: later })),
  'what a release says of itself is filled in when it can be read': () => {
    const teller = running({}, '1.1.0');
    teller.look();
    return looks(seen(teller, { metadata: new Map([describedAs('1.1.0'), describedAs('1.0.0')]) }), '+1m');
  },
  'what the artifact says of itself': () =>
    looks(
      seen(running(), {
        artifact: {
          artifactType: 'chart',
          source: 'https://git.example.com/app',
          title: 'App',
          description: 'An app.',
        },
      }),
    ),
  'releases in order, each in its turn': () =>
    looks(running({ bakeTime: '10m', releaseOrder: 'Sequential' }, '1.1.0', '1.2.0', '1.3.0'), '+10m', '+1m'),
  'releases in order without bakes, one after the other': () =>
    looks(running({ releaseOrder: 'Sequential' }, '1.1.0', '1.2.0', '1.3.0'), '+0m', '+0m'),
  'releases in order behind a gate that holds the first': () =>
    looks(running({ releaseOrder: 'Sequential' }, '1.1.0', '1.2.0').gate('qa', { allowedVersions: ['1.2.0'] })),
  'releases in order while the registry is away': () => {
    const teller = running({ releaseOrder: 'Sequential' }, '1.1.0', '1.2.0');
    looks(seen(teller, { fault: away, hasTag: undefined }));
    const silent = running({ releaseOrder: 'Sequential' }, '1.1.0');
    looks(seen(silent, { admitted: undefined, hasTag: undefined, fault: undefined }));
    teller.told.push(...silent.told);
    return teller;
  },
  'releases in order, one of them revoked': () =>
    looks(
      running({ releaseOrder: 'Sequential' }, '1.1.0', '1.2.0').annotate({
        'rollout.kuberik.com/revoke': '1.1.0',
      }),
      '+1m',
    ),
  'a release that the policy does not admit any more': () => {
    const teller = running({}, '1.1.0').gate('qa', { passing: false });
    teller.look();
    return looks(seen(teller, { admitted: [parseTag('1.0.0')] }));
  },
  'six releases that are passed over: five are told': () => {
    const newer = ['1.1.0', '1.2.0', '1.3.0', '1.4.0', '1.5.0', '1.6.0'];
    const teller = running({}, ...newer).gate('qa', { passing: false });
    teller.look();
    return looks(seen(teller, { admitted: [parseTag('1.0.0')] }));
  },
  'automation resumes after what a person left': () => {
    const teller = running({}, '1.1.0', '1.2.0');
    teller.annotate({ 'rollout.kuberik.com/force-deploy': '1.1.0' }).look();
    looks(teller);
    teller.registry('1.0.0', '1.1.0', '1.2.0', '1.3.0');
    return looks(teller);
  },
  'two targets are faulty, in the same way and in another': () => {
    const teller = running({}, '1.1.0');
    const fault = (message: string, retryAt?: Temporal.Instant): Fault => ({
      reason: 'TargetFailed',
      message,
      ...(retryAt && { retryAt }),
    });
    const [target] = teller.targets;
    teller.targets = [
      { ...target!, fault: fault('no such field', later) },
      { ...target!, name: 'db', fault: fault('no such field') },
      { ...target!, name: 'ui', fault: fault('not allowed') },
      { ...target!, name: 'ok' },
    ];
    return looks(teller);
  },
  'two targets': () => {
    const teller = running();
    const [target] = teller.targets;
    teller.targets = [target!, { ...target!, kind: 'OCIRepository', name: 'chart', field: 'spec.ref.tag' }];
    return looks(teller);
  },
  'no target at all': () => {
    const teller = running({}, '1.1.0');
    teller.targets = [];
    return looks(teller);
  },
  'the gates cannot all be read': () => {
    const teller = running({}, '1.1.0');
    const observe = teller.observe.bind(teller);
    teller.observe = () => ({
      ...observe(),
      gatesFault: { reason: 'WaitingForGates', message: 'a schedule has not made its gate yet', retryAt: later },
    });
    teller.look();
    teller.annotate({ 'rollout.kuberik.com/deploy': '1.1.0' });
    return looks(teller);
  },
  'bad health holds the next release, then it gets better': () => {
    const teller = running({}, '1.1.0').check('errors', { status: 'Unhealthy', message: '3 alerts' });
    teller.check('latency', { status: 'Unhealthy' });
    looks(teller, '+1m');
    teller.check('latency', { status: 'Pending' }).check('errors', {}).look();
    return teller;
  },
  'bad health without a word': () => looks(running({}, '1.1.0').check('errors', { status: 'Unhealthy' })),
  'a freeze with an end, over bad health and a closed gate': () =>
    looks(
      running({}, '1.1.0')
        .freeze('incident', { until: at('+1h'), reason: 'r'.repeat(600) })
        .freeze('holidays', { reason: 'nobody is here' })
        .gate('qa', { passing: false })
        .check('errors', { status: 'Unhealthy' }),
      '+1h',
    ),
  'a freeze whose selector nobody understands': () =>
    looks(
      running({}, '1.1.0').freeze('strange', {
        rolloutSelector: { matchExpressions: [{ key: 'a', operator: 'Near', values: [] }] },
      }),
    ),
  'a freeze while there is nothing to hold': () => looks(running().freeze('incident', { until: at('+1h') })),
  'a freeze and a pin': () => looks(running({ wantedVersion: parseTag('1.0.0') }, '1.1.0').freeze('incident')),
  'what runs is adopted, and nothing newer goes past a gate': () =>
    looks(fresh().target('1.0.0').gate('qa', { passing: false }), '+1m'),
  'what runs is adopted without a list of the registry': () => looks(new Teller({}).latest('1.1.0').target('1.1.0')),
  'what runs is adopted with what is known of it': () =>
    looks(seen(fresh().target('1.0.0'), { metadata: new Map([describedAs('1.0.0')]) })),
  'what runs may be a release, which nobody can tell': () =>
    looks(
      seen(
        new Teller({})
          .latest('1.1.0')
          .target('0.5.0')
          .gate('qa', { allowedVersions: ['9.9.9'] }),
        {},
      ),
    ),
  'what a tag was moved to says nothing of what runs': () => {
    const [a, b] = ['a', 'b'].map((letter) => parseDigest(`sha256:${letter.repeat(64)}`));
    const teller = running({});
    const history = [{ ...teller.newest, version: { tag: parseTag('1.0.0'), digest: a! } }];
    teller.rollout = { ...teller.rollout, status: { ...teller.rollout.status, history } };
    const moved = { tag: parseTag('1.0.0'), digest: b!, created: at('-1m') };
    teller.releases = { ...teller.releases, metadata: new Map([[moved.tag, moved]]) };
    teller.look();
    teller.releases = { ...teller.releases, metadata: new Map([[moved.tag, { ...moved, digest: a! }]]) };
    return looks(teller);
  },
  'automation resumes after what a person left, and something else holds it': () => {
    const teller = running({}, '1.1.0', '1.2.0').gate('qa', { passing: false });
    teller.annotate({ 'rollout.kuberik.com/force-deploy': '1.1.0' }).look();
    teller.registry('1.0.0', '1.1.0', '1.2.0', '1.3.0');
    return looks(teller);
  },
  'one target runs a release, the other nothing': () => {
    const teller = fresh().target('1.0.0');
    const [target] = teller.targets;
    teller.targets = [{ ...target!, name: 'empty', carries: undefined }, target!];
    return looks(teller);
  },
  'nothing runs, and nothing is released': () => looks(new Teller({}).target(undefined)),
  'something runs, and nothing is released': () => looks(new Teller({}).target('1.0.0')),
  'what runs is not the latest': () => {
    const latest = { tag: parseTag('1.1.0'), created: at('-1m') };
    return looks(seen(fresh().target('1.0.0').gate('qa', { passing: false }), { latest }));
  },
  'what runs is adopted, with what the policy says of the latest': () =>
    looks(seen(fresh().target('1.1.0'), { latest: { tag: parseTag('1.1.0'), created: at('-1m') } })),
  'what runs is a placeholder': () => looks(fresh().target('placeholder')),
  'a spec that nobody understands': () => looks(running({ bakeTime: 'soon', deployTimeout: 'later' }, '1.1.0'), '+1m'),
  'a spec that nobody understands, of a Rollout without a namespace and a history': () => {
    const teller = new Teller({ spec: { bakeTime: 'soon' } });
    const { namespace, ...metadata } = teller.rollout.metadata;
    teller.rollout = { ...teller.rollout, metadata };
    return looks(teller);
  },
  'two pins that disagree': () =>
    looks(
      running({
        wantedVersion: parseTag('1.0.0'),
        releasesImagePolicy: { name: 'app', wantedVersion: parseTag('1.1.0') },
      }),
    ),
  'old releases are forgotten at the next write': () => {
    const teller = running({ availableReleasesMinCount: 1, availableReleasesRetentionDays: 1 });
    const old = ['0.1.0', '0.2.0', '0.9.0'].map((tag) => ({ tag, created: at('-30d') }));
    const availableReleases = [...old, { tag: '1.0.0' }];
    teller.rollout = { ...teller.rollout, status: { ...teller.rollout.status, availableReleases } as never };
    seen(teller, { hasTag: undefined, ranked: undefined, admitted: undefined });
    teller.look();
    return looks(teller.latest('1.1.0'));
  },
};
