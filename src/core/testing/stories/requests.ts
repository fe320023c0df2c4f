/** What people ask for with annotations and the spec, and what they are told. */
import { parseDigest, parseTag } from '../../../api/tag.ts';
import { at, type ScenarioOptions } from '../scenario.ts';
import { type Stories, Teller } from '../teller.ts';

const good = { tag: '1.0.0', id: 1, bakeStatus: 'Succeeded', trigger: 'Automatic', bakeEndTime: at('-2h') } as const;
const second = { tag: '1.1.0', id: 2, bakeStatus: 'Succeeded', trigger: 'Automatic', bakeEndTime: at('-1h') } as const;
const failed = {
  tag: '1.1.0',
  id: 2,
  bakeStatus: 'Failed',
  bakeStatusMessage: 'A HealthCheck reported an error.',
  trigger: 'Automatic',
  bakeEndTime: at('-1h'),
} as const;
const baking = {
  tag: '1.1.0',
  id: 2,
  bakeStatus: 'InProgress',
  bakeStartTime: at('-1m'),
  timestamp: at('-1m'),
} as const;
const digest = `sha256:${'a'.repeat(64)}`;

type History = NonNullable<ScenarioOptions['history']>;
type Asked = Readonly<Record<string, string>>;

const keys = (asked: Asked): Asked =>
  Object.fromEntries(Object.entries(asked).map(([key, value]) => [`rollout.kuberik.com/${key}`, value]));

function world(asked: Asked, history: History = [second, good], spec: ScenarioOptions['spec'] = {}): Teller {
  const available = ['1.0.0', '1.1.0'];
  const teller = new Teller({ spec, available, history, annotations: keys(asked), policy: 'Halt' });
  return teller.registry('1.0.0', '1.1.0').target(history[0]?.tag);
}

/** Two looks: what is asked for has its effect, and then it is over. */
function twice(teller: Teller): Teller {
  teller.look();
  teller.advance('+1m').look();
  return teller;
}

const asks = (asked: Asked, history?: History, spec?: ScenarioOptions['spec']) => () =>
  twice(world(asked, history, spec));
const ann = { 'deploy-user': 'ann', 'deploy-message': 'because' };

export const requests: Stories = {
  'force: an older version': asks({ 'force-deploy': '1.0.0', ...ann }),
  'force: without a name or a reason': asks({ 'force-deploy': '1.0.0' }),
  'force: past a gate, a freeze and bad health, while a bake goes on': () =>
    twice(
      world({ 'force-deploy': '1.2.0', ...ann }, [baking, good], { bakeTime: '10m' })
        .registry('1.0.0', '1.1.0', '1.2.0')
        .gate('qa', { passing: false })
        .freeze('incident')
        .check('errors', { status: 'Unhealthy', lastChangeTime: at('-1h') }),
    ),
  'force: a version that nobody knows': asks({ 'force-deploy': '7.0.0', ...ann }),
  'force: what is deployed already, by automation and by hand': () => {
    const teller = twice(world({ 'force-deploy': '1.1.0', ...ann }));
    teller.told.push(
      ...twice(world({ 'force-deploy': '1.1.0', ...ann }, [{ ...second, trigger: 'Manual' }, good])).told,
    );
    return teller;
  },
  'force: no tag at all': asks({ 'force-deploy': `not a tag ${'!'.repeat(300)}`, ...ann }),
  'force: a digest that is known, and one that is not': () => {
    const older = { ...good, version: { tag: '1.0.0', digest } };
    const teller = twice(world({ 'force-deploy': digest }, [second, older as never]));
    teller.told.push(...twice(world({ 'force-deploy': digest })).told);
    return teller;
  },
  'force: another version than the pinned one, and the pinned one': () => {
    const teller = twice(world({ 'force-deploy': '1.0.0', ...ann }, undefined, { wantedVersion: '1.1.0' }));
    const same = world({ 'force-deploy': '1.0.0', ...ann }, undefined, { wantedVersion: '1.0.0' });
    teller.told.push(...twice(same).told);
    return teller;
  },
  'force: empty text asks for nothing': asks({ 'force-deploy': '', deploy: '', 'bypass-gates': '' }),
  'force: crashed before the annotation was removed': () => {
    const teller = world({ 'force-deploy': '1.0.0', ...ann });
    teller.look({ crashBeforeConsuming: true });
    return twice(teller);
  },
  'rollback: to the last good version': asks({ rollback: '', ...ann }),
  'rollback: of a failure': asks({ rollback: '' }, [failed, good]),
  'rollback: past a freeze and a gate, while a bake goes on': () =>
    twice(
      world({ rollback: '' }, [baking, good], { bakeTime: '10m' })
        .gate('qa', { passing: false })
        .freeze('incident')
        .freeze('audit'),
    ),
  'rollback: by name': asks({ rollback: '1.0.0', ...ann }),
  'rollback: to what runs, and to what was rolled back to': () => {
    const teller = twice(world({ rollback: '1.1.0' }));
    teller.told.push(...twice(world({ rollback: '1.1.0' }, [{ ...second, rollbackOf: 1 }, good])).told);
    return teller;
  },
  'rollback: where there is nothing to return to': asks({ rollback: '', ...ann }, [good]),
  'rollback: to a version that never finished here': asks({ rollback: '9.0.0' }),
  'rollback: to a version that a person revoked': () => {
    const teller = world({ rollback: '' }, [second, good]);
    const rejectedReleases = [{ tag: '1.0.0', reason: 'Revoked', timestamp: at('-1h') }];
    teller.rollout = { ...teller.rollout, status: { ...teller.rollout.status, rejectedReleases } as never };
    return twice(teller);
  },
  'rollback: against the pin': asks({ rollback: '' }, undefined, { wantedVersion: '1.1.0' }),
  'deploy: a version of a person’s choice': asks({ deploy: '1.0.0', ...ann }),
  'deploy: a version that nobody knows': asks({ deploy: '7.0.0', ...ann }),
  'deploy: what is deployed already': asks({ deploy: '1.1.0' }),
  'deploy: a digest that nobody knows': asks({ deploy: digest }),
  'deploy: against the pin': asks({ deploy: '1.0.0' }, undefined, { wantedVersion: '1.1.0' }),
  'deploy: waits for the deployment before it, and others wait for it': () =>
    twice(world({ deploy: '1.0.0', ...ann }, [baking, good], { bakeTime: '10m' }).registry('1.0.0', '1.1.0', '1.2.0')),
  'deploy: everything holds it at once': () => {
    const teller = world({ deploy: '1.2.0', ...ann })
      .registry('1.0.0', '1.1.0', '1.2.0', '1.3.0')
      .gate('qa', { passing: false })
      .freeze('incident', { until: at('+1h') })
      .check('errors', { status: 'Unhealthy', message: 'too many' })
      .target('1.1.0', { fault: { reason: 'TargetFailed', message: 'no such field' } });
    return twice(teller);
  },
  'deploy: a target that is faulty holds it': () =>
    twice(
      world({ deploy: '1.0.0' }).target('1.1.0', {
        fault: { reason: 'TargetFailed', message: 'no such field', retryAt: Temporal.Instant.from(at('+5m')) },
      }),
    ),
  'deploy: with a bypass of the gates': () =>
    twice(world({ deploy: '1.0.0', 'bypass-gates': '1.0.0', ...ann }).gate('qa', { passing: false })),
  'deploy: a newer release is there': () =>
    twice(world({ deploy: '1.2.0' }).registry('1.0.0', '1.1.0', '1.2.0', '1.3.0')),
  'bypass: of an older version, of what runs, of what is to come, and of no tag': () => {
    const teller = twice(world({ 'bypass-gates': '1.0.0', ...ann }));
    for (const text of ['1.1.0', '9.0.0', 'not a tag']) {
      teller.told.push(...twice(world({ 'bypass-gates': text, ...ann })).told);
    }
    return teller;
  },
  'retry: a failed deployment': asks({ retry: 'true', ...ann }, [{ ...failed, retries: 2 }, good], { bakeTime: '10m' }),
  'retry: together with a revocation, which is somebody’s': asks(
    { retry: 'true', revoke: '1.0.0', 'deploy-user': 'ann' },
    [failed, good],
    { bakeTime: '10m' },
  ),
  'retry: of what has not failed, and of nothing': () => {
    const teller = twice(world({ retry: '' }));
    teller.told.push(...twice(world({ retry: '' }, [])).told);
    return teller;
  },
  'retry: whoever forces a version is not who retried': asks(
    { retry: '', 'force-deploy': '1.0.0', ...ann },
    [failed, good],
    { bakeTime: '10m' },
  ),
  'unblock: the next release goes past a failure': () =>
    twice(world({ 'unblock-failed': 'true', ...ann }, [failed, good]).registry('1.0.0', '1.1.0', '1.2.0')),
  'unblock: without a name': () =>
    twice(world({ 'unblock-failed': 'true' }, [failed, good]).registry('1.0.0', '1.1.0', '1.2.0')),
  'unblock: together with a bypass': () =>
    twice(
      world({ 'unblock-failed': 'true', 'bypass-gates': '1.2.0' }, [failed, good])
        .gate('qa', { passing: false })
        .registry('1.0.0', '1.1.0', '1.2.0'),
    ),
  'unblock: nothing has failed, it was used, or it does not say true': () => {
    const teller = twice(world({ 'unblock-failed': 'true' }));
    const used = { ...second, message: 'Automatic deployment, with failed bake unblock' };
    teller.told.push(...twice(world({ 'unblock-failed': 'true' }, [used, good])).told);
    teller.told.push(...twice(world({ 'unblock-failed': 'yes' }, [failed, good])).told);
    return teller;
  },
  'unblock: with a retry, the retry counts': asks({ 'unblock-failed': 'true', retry: '' }, [failed, good], {
    bakeTime: '10m',
  }),
  'force: one version, while another one is asked for': () =>
    twice(world({ 'force-deploy': '1.0.0', deploy: '1.2.0', ...ann }).registry('1.0.0', '1.1.0', '1.2.0', '1.3.0')),
  'force, deploy, revoke: what is known of the version is kept': () => {
    const described = (asked: Asked): Teller => {
      const teller = world(asked);
      const tag = parseTag('1.2.0');
      const known = { tag, digest: parseDigest(digest), created: at('-1d') };
      teller.registry('1.0.0', '1.1.0', '1.2.0').gate('qa', { passing: false });
      teller.releases = { ...teller.releases, metadata: new Map([[tag, known]]) };
      return twice(teller);
    };
    const teller = described({ 'force-deploy': '1.2.0' });
    for (const key of ['deploy', 'revoke']) teller.told.push(...described({ [key]: '1.2.0' }).told);
    return teller;
  },
  'deploy: a version that ran here and is in no list': () => {
    const old = { tag: '0.5.0', id: 0, bakeStatus: 'Succeeded', trigger: 'Automatic' } as const;
    return twice(world({ deploy: '0.5.0' }, [second, good, old]));
  },
  'deploy: a version that the policy admits and no list has': () => {
    const teller = world({ deploy: '0.5.0' });
    teller.releases = { ...teller.releases, admitted: ['0.5.0', '1.0.0', '1.1.0'].map(parseTag), hasTag: () => false };
    return twice(teller);
  },
  'rollback: dropped, and the words that came with it go with it': () => {
    const teller = new Teller({ available: ['1.0.0'], history: [good], annotations: keys({ rollback: '', ...ann }) });
    return twice(teller.target('1.0.0').registry('1.0.0'));
  },
  'rollback and revoke: long texts are told in short': () => {
    const teller = twice(world({ rollback: `9.${'9'.repeat(300)}` }));
    teller.told.push(...twice(world({ revoke: `not a tag ${'!'.repeat(300)}` })).told);
    return teller;
  },
  'force: a digest that is known, against the pin': () => {
    const teller = world({ 'force-deploy': digest }, undefined, { wantedVersion: parseTag('1.1.0') });
    const known = { tag: parseTag('1.0.0'), digest: parseDigest(digest) };
    teller.releases = { ...teller.releases, metadata: new Map([[known.tag, known]]) };
    return twice(teller);
  },
  'revoke: a release that is known, and who did it': () =>
    twice(world({ revoke: '1.2.0', 'deploy-user': 'ann' }).registry('1.0.0', '1.1.0', '1.2.0')),
  'revoke: a release that is not known, by nobody': asks({ revoke: '7.0.0' }),
  'revoke: what is no tag': asks({ revoke: 'not a tag' }),
  'revoke: while somebody forces a version': asks({ revoke: '7.0.0', 'force-deploy': '1.0.0', ...ann }),
  'revoke: while what somebody asks for is held': () =>
    twice(world({ revoke: '7.0.0', deploy: '1.0.0', ...ann }).gate('qa', { passing: false })),
  'words without a request wait for the next deployment': () => {
    const teller = twice(world(ann));
    teller.registry('1.0.0', '1.1.0', '1.2.0');
    return twice(teller);
  },
  'words that are empty, and words that are long': () => {
    const teller = twice(world({ 'force-deploy': '1.0.0', 'deploy-user': '', 'deploy-message': '' }));
    const long = { 'deploy-user': 'u'.repeat(500), 'deploy-message': 'm'.repeat(9000) };
    teller.told.push(...twice(world({ 'force-deploy': '1.0.0', ...long })).told);
    return teller;
  },
  'pin: an older version': asks({}, undefined, { wantedVersion: '1.0.0' }),
  'pin: what runs, while newer releases wait': () =>
    twice(world({}, undefined, { wantedVersion: '1.1.0' }).registry('1.0.0', '1.1.0', '1.2.0')),
  'pin: a tag that the registry does not have': () => {
    const teller = world({}, undefined, { wantedVersion: '7.0.0' });
    teller.releases = { ...teller.releases, unknownTags: new Set(['7.0.0' as never]) };
    return twice(teller);
  },
  'pin: a tag that may be there': asks({}, undefined, { wantedVersion: '7.0.0' }),
};
