/** Gates of every kind, and what each of them says. */
import type { RolloutGate, RolloutGateStatus } from '../../../api/rollout-gate.ts';
import { parseDigest, parseTag } from '../../../api/tag.ts';
import { at, type ScenarioOptions, T0 } from '../scenario.ts';
import { type Stories, Teller } from '../teller.ts';

const good = { tag: '1.0.0', id: 1, bakeStatus: 'Succeeded', trigger: 'Automatic' } as const;

function running(...newer: readonly string[]): Teller {
  const options: ScenarioOptions = { available: ['1.0.0'], history: [good], policy: 'Rollback' };
  return new Teller(options).target('1.0.0').registry('1.0.0', ...(newer.length === 0 ? ['1.1.0'] : newer));
}

/** People and schedules write into the metadata of gates. */
function marked(world: Teller, metadata: Partial<RolloutGate['metadata']>): Teller {
  world.gates = world.gates.map((gate) => ({ ...gate, metadata: { ...gate.metadata, ...metadata } }));
  return world;
}

function looks(world: Teller, ...offsets: readonly string[]): Teller {
  world.look();
  for (const offset of offsets) world.advance(offset).look();
  return world;
}

const scheduled = (kind?: string) => ({
  labels: { 'gate.kuberik.com/schedule-name': 'office', ...(kind && { 'gate.kuberik.com/schedule-kind': kind }) },
});

function answered(status: RolloutGateStatus, className = 'http'): Teller {
  return looks(running().gate('risk', { class: className }, status));
}

const verdict = (allowed: boolean, more: object = {}) => ({
  tag: parseTag('1.1.0'),
  allowed,
  timestamp: at('-1m'),
  ...more,
});

export const gates: Stories = {
  'a closed gate holds, then it opens': () => {
    const world = running().gate('qa', { passing: false });
    world.look();
    world.gate('qa', { passing: true });
    return looks(world, '+1m');
  },
  'a closed gate with a name and a description for people': () =>
    looks(
      marked(running().gate('qa', { passing: false }), {
        annotations: {
          'gate.kuberik.com/pretty-name': `  ${'Quality '.repeat(20)}`,
          'gate.kuberik.com/description': ` ${'ask in #qa '.repeat(40)}`,
        },
      }),
    ),
  'a closed gate whose name and description are empty': () =>
    looks(
      marked(running().gate('qa', { passing: false }), {
        annotations: { 'gate.kuberik.com/pretty-name': ' ', 'gate.kuberik.com/description': ' ' },
      }),
    ),
  'a gate that is closed until a moment, and after it': () =>
    looks(running().gate('qa', { passing: false, validUntil: at('+1h') }), '+1h'),
  'a gate that was open until now': () =>
    looks(running('1.0.0').gate('qa', { passing: true, validUntil: at('+1h') }), '+1h'),
  'a gate whose value was not renewed holds what comes then': () => {
    const world = running('1.0.0').gate('qa', { validUntil: at('+1h') });
    world.look();
    world.registry('1.0.0', '1.1.0');
    return looks(world.advance('+1h'));
  },
  'a gate that a schedule closes': () =>
    looks(marked(running().gate('hours', { passing: false, validUntil: at('+1h') }), scheduled()), '+1h'),
  'a gate that a schedule of the whole cluster closes for good': () =>
    looks(marked(running().gate('hours', { passing: false }), scheduled('ClusterRolloutSchedule'))),
  'a gate that a schedule opened and has not evaluated since': () =>
    looks(marked(running().gate('hours', { passing: true, validUntil: at('-1m') }), scheduled())),
  'several closed gates': () =>
    looks(running().gate('one', { passing: false }).gate('two', { passing: false }).gate('three', {})),
  'a closed gate while there is nothing newer': () => looks(running('1.0.0').gate('qa', { passing: false })),
  'a gate that lists versions: the newest of them goes': () =>
    looks(running('1.1.0', '1.2.0').gate('board', { allowedVersions: ['1.0.0', '1.1.0'] }), '+1m'),
  'a gate that lists no candidate': () =>
    looks(running('1.1.0', '1.2.0').gate('board', { allowedVersions: ['0.9.0'] })),
  'gates that list different candidates': () =>
    looks(
      running('1.1.0', '1.2.0')
        .gate('one', { allowedVersions: ['1.1.0'] })
        .gate('two', { allowedVersions: ['1.2.0'] }),
    ),
  'a first deployment takes what a list allows, and the newest where it allows nothing': () => {
    const world = new Teller({}).registry('1.0.0', '1.1.0');
    looks(world.gate('board', { allowedVersions: ['1.0.0'] }));
    const other = new Teller({}).registry('1.0.0', '1.1.0').gate('board', { allowedVersions: ['9.9.9'] });
    other.look();
    world.told.push(...other.told);
    return world;
  },
  'a first deployment waits for a closed gate, and for a class that has not answered': () => {
    const world = new Teller({}).registry('1.0.0', '1.1.0');
    world.gate('qa', { passing: false }).look();
    world.gate('qa', { class: 'manual' }).look();
    world.gate('qa', { passing: true }).gate('risk', { class: 'http' }).look();
    return world;
  },
  'gates are bypassed for one version, whatever they are': () => {
    const world = running('1.1.0', '1.2.0')
      .gate('qa', { passing: false, allowedVersions: ['1.0.0'] })
      .gate('board', { allowedVersions: ['1.0.0'] })
      .gate('risk', { class: 'http' })
      .annotate({
        'rollout.kuberik.com/bypass-gates': '1.1.0',
        'rollout.kuberik.com/deploy-user': 'ann',
        'rollout.kuberik.com/deploy-message': 'cannot wait',
      });
    return looks(world, '+1m');
  },
  'a bypass without a name or a reason': () =>
    looks(running().gate('qa', { passing: false }).annotate({ 'rollout.kuberik.com/bypass-gates': '1.1.0' }), '+1m'),
  'a bypass of a first deployment': () => {
    const world = new Teller({ available: ['1.0.0', '1.1.0'] }).gate('qa', { passing: false });
    return looks(world.annotate({ 'rollout.kuberik.com/bypass-gates': '1.0.0' }));
  },
  'a class that has not answered': () => answered({}),
  'a class that has only said something': () => answered({ message: 'no such host' }),
  'a class whose answer is about an older spec': () => answered({ passing: true, observedGeneration: 0 }),
  'a class whose answer is about this spec': () => answered({ passing: true, observedGeneration: 1 }),
  'a class whose answer is over': () => answered({ passing: true, validUntil: at('-1m') }),
  'a class whose answer holds on': () => answered({ passing: true, validUntil: at('+1m') }),
  'a class that says no to everything': () =>
    answered({ passing: false, message: 'x'.repeat(2000), validUntil: at('+1m') }),
  'a class that says no without an end': () => answered({ passing: false }),
  'a class that allows the version': () => answered({ verdicts: [verdict(true)] }),
  'a class that refuses the version, with a reason and a time to ask again': () =>
    answered({ verdicts: [verdict(false, { message: 'too risky', retryAt: at('+5m') })] }),
  'a class that refuses the version without a reason': () => answered({ verdicts: [verdict(false)] }),
  'a class that knows another version': () =>
    answered({ passing: true, message: 'asking', verdicts: [{ ...verdict(true), tag: parseTag('1.0.0') }] }),
  'a class that lists what it allows': () => answered({ allowedVersions: ['1.1.0'] }),
  'a class that lists another': () => answered({ allowedVersions: ['1.0.0'], message: 'only what was tested' }),
  'a class of somebody else': () => answered({ passing: false, message: 'ask ops' }, 'ops.example.com'),
  'a class that holds the newest and lets the one before it go': () =>
    looks(
      running('1.1.0', '1.2.0').gate(
        'risk',
        { class: 'http' },
        {
          verdicts: [verdict(true), { ...verdict(false), tag: parseTag('1.2.0') }],
        },
      ),
    ),
  'a class that holds the newest alone, and nothing goes for another reason': () =>
    looks(
      running('1.1.0', '1.2.0')
        .check('errors', { status: 'Unhealthy' })
        .gate('risk', { class: 'http' }, { verdicts: [verdict(true), { ...verdict(false), tag: parseTag('1.2.0') }] }),
    ),
  'whoever asks for a deployment may approve it, unless the gate says otherwise': () => {
    const world = running().gate('board', { class: 'manual' }).approve('board', '1.1.0', 'ann');
    return looks(world.annotate({ 'rollout.kuberik.com/deploy': '1.1.0', 'rollout.kuberik.com/deploy-user': 'ann' }));
  },
  'the last decision of a person counts, in whatever order they come': () => {
    const world = running('1.1.0', '1.2.0').gate('board', { class: 'manual' });
    for (const [version, first] of [
      ['1.1.0', 'Reject'],
      ['1.2.0', 'Approve'],
    ] as const) {
      world.now = T0;
      world.approve('board', version, 'ann', { decision: first });
      world.now = T0.add({ minutes: 1 });
      world.approve('board', version, 'ann', { decision: first === 'Reject' ? 'Approve' : 'Reject' });
    }
    const [one, two, three, four] = world.approvals;
    world.approvals = [two!, one!, three!, four!];
    world.look();
    world.approvals = [one!, two!, four!, three!];
    return looks(world);
  },
  'two approvals are needed, one is given, then the other': () => {
    const world = running().gate('board', { class: 'manual', approval: { required: 2, expiresAfter: '4h' } });
    looks(world.approve('board', '1.1.0', 'ann', { reason: 'tested' }));
    world.advance('+1m').approve('board', '1.1.0', 'bob', { reason: 'r'.repeat(400) });
    return looks(world);
  },
  'an approval expires before the second one is given': () => {
    const world = running().gate('board', { class: 'manual', approval: { required: 2, expiresAfter: '1h' } });
    return looks(world.approve('board', '1.1.0', 'ann'), '+1h');
  },
  'a rejection, with a reason and without one': () => {
    const world = running().gate('board', { class: 'manual' });
    looks(world.approve('board', '1.1.0', 'ann', { decision: 'Reject', reason: 'q'.repeat(400) }));
    return looks(world.advance('+1m').approve('board', '1.1.0', 'ann', { decision: 'Reject' }));
  },
  'an approval of a digest, which is not known, then another one, then the same': () => {
    const world = running().gate('board', { class: 'manual' });
    const [a, b] = ['a', 'b'].map((letter) => parseDigest(`sha256:${letter.repeat(64)}`));
    const described = (digest: typeof a): void => {
      world.releases = { ...world.releases, metadata: new Map([[tag, { tag, ...(digest && { digest }) }]]) };
    };
    const tag = parseTag('1.1.0');
    world.approve('board', '1.1.0', 'ann', { digest: b! });
    world.now = T0.add({ minutes: 1 });
    world.approve('board', '1.1.0', 'ann', { digest: a! });
    world.look();
    described(parseDigest(`sha256:${'c'.repeat(64)}`));
    world.look();
    described(a);
    world.look();
    return world;
  },
  'a decision that counts stands against a later one that cannot': () => {
    const world = running().gate('board', { class: 'manual' });
    world.approve('board', '1.1.0', 'ann');
    world.now = T0.add({ minutes: 1 });
    world.approve('board', '7.0.0', 'ann', { decision: 'Reject' });
    return looks(world);
  },
  'approvals by digest alone': () => {
    const world = running().gate('board', { class: 'manual' });
    const digest = parseDigest(`sha256:${'a'.repeat(64)}`);
    world.approve('board', '1.1.0', 'ann', { version: undefined, digest });
    return looks(world);
  },
  'approvals that do not say when they were made': () => {
    const world = running().gate('board', { class: 'manual', approval: { expiresAfter: '1h', required: 2 } });
    world.approve('board', '1.1.0', 'ann').approve('board', '7.0.0', 'bob');
    world.approvals = world.approvals.map(({ metadata, ...approval }) => ({
      ...approval,
      metadata: { name: metadata.name },
    }));
    return looks(world);
  },
  'a bypass of the one before the newest, and then the newest goes': () => {
    const world = running('1.1.0', '1.2.0', '1.3.0').gate('board', { allowedVersions: ['1.2.0', '1.3.0'] });
    return looks(world.annotate({ 'rollout.kuberik.com/bypass-gates': '1.1.0' }));
  },
  'approvals of a duration that nobody can read': () =>
    looks(running().gate('board', { class: 'manual', approval: { expiresAfter: 'soon' } })),
  'an approval of a version that nobody knows, after the last deployment and before it': () => {
    const world = running().gate('board', { class: 'manual' });
    looks(world.approve('board', '7.0.0', 'ann'));
    world.approvals = [];
    world.now = T0.subtract({ hours: 2 });
    world.approve('board', '7.0.0', 'ann');
    world.now = T0;
    return looks(world);
  },
  'a dozen approvals of unknown versions are not all told': () => {
    const world = running().gate('board', { class: 'manual', approval: { required: 30 } });
    for (let index = 0; index < 12; index += 1) world.approve('board', '7.0.0', `person ${index}`);
    for (let index = 0; index < 10; index += 1) world.approve('board', '1.1.0', `other ${index}`);
    looks(world);
    world.approve('board', '1.1.0', 'one more');
    return looks(world);
  },
  'whoever asks for a deployment does not approve it': () => {
    const world = running().gate('board', { class: 'manual', approval: { notBy: 'deployer' } });
    world.approve('board', '1.1.0', 'ann');
    world.annotate({ 'rollout.kuberik.com/deploy': '1.1.0' }).look();
    world.annotate({ 'rollout.kuberik.com/deploy-user': 'ann' }).look();
    world.approve('board', '1.1.0', 'bob');
    return looks(world);
  },
};
