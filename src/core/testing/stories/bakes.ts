/** How deployments fare: health, time, Flux, retries, rollbacks and recovery. */
import type { HealthCheckStatus } from '../../../api/health-check.ts';
import { at, type ScenarioOptions, T0 } from '../scenario.ts';
import { type Stories, Teller } from '../teller.ts';

const good = { tag: '1.0.0', id: 1, bakeStatus: 'Succeeded', trigger: 'Automatic', bakeEndTime: at('-2h') } as const;
const full = { bakeTime: '10m', deployTimeout: '5m', healthCheckSelector: {} } as const;

type Spec = ScenarioOptions['spec'];

/** 1.1.0 is released while 1.0.0 runs. */
function released(spec: Spec = full, policy: 'Rollback' | 'Halt' = 'Rollback'): Teller {
  const teller = new Teller({ spec: spec, available: ['1.0.0'], history: [good], policy });
  return teller.target('1.0.0').registry('1.0.0', '1.1.0');
}

/** Every step is a time to let pass, or what a check says then; after each of them there is a look. */
function told(teller: Teller, ...steps: readonly (string | HealthCheckStatus)[]): Teller {
  teller.look();
  for (const step of steps) {
    if (typeof step === 'string') teller.advance(step);
    else teller.check('errors', step);
    teller.look();
  }
  return teller;
}

const healthy = (offset: string): HealthCheckStatus => ({ status: 'Healthy', lastChangeTime: at(offset) });
const unhealthy = (offset: string, message = '3 alerts'): HealthCheckStatus => ({
  status: 'Unhealthy',
  lastChangeTime: at(offset),
  lastErrorTime: at(offset),
  message,
});
const retrying = { ...full, retryPolicy: { limit: 2, interval: '2m' } } as const;

export const bakes: Stories = {
  'a release bakes and stays': () => told(released({ bakeTime: '10m' }), '+9m', '+1m', '+1m'),
  'a release bakes for no time at all': () => told(released({ bakeTime: '0s' }), '+1m'),
  'a release bakes behind its checks alone': () =>
    told(released({ healthCheckSelector: {} }), healthy('-1h'), healthy('+0m'), '+1m'),
  'a release waits for its first check, and goes on without one': () => told(released(), '+29s', '+1s', '+10m'),
  'a release waits for its first check, and for no longer than that': () =>
    told(released({ bakeTime: '10m', healthCheckSelector: {} }), '+30s'),
  'a release waits for its checks until it is too late': () =>
    told(
      released()
        .check('errors', healthy('-1h'))
        .check('latency', { status: 'Pending', message: 'no samples yet' })
        .check('traffic', { status: 'Pending' })
        .check('silent', {})
        .check('undated', { status: 'Healthy' }),
      '+4m',
      '+1m',
      '+1m',
    ),
  'a check that nobody has judged yet, until it is too late': () => {
    const teller = released().check('errors', {});
    teller.checks = teller.checks.map(({ status, ...check }) => check);
    teller.look();
    return told(teller.advance('+5m'), '+1m');
  },
  'a check without a namespace fails the bake': () => {
    const teller = told(released(full, 'Halt'), healthy('+0m'));
    teller.check('errors', unhealthy('+0m'));
    teller.checks = teller.checks.map(({ metadata: { namespace, ...metadata }, ...check }) => ({ ...check, metadata }));
    teller.look();
    return told(teller.registry('1.0.0', '1.1.0', '1.2.0').annotate({ 'rollout.kuberik.com/deploy': '1.2.0' }));
  },
  'a check without data is named as such': () =>
    told(
      released().check('errors', {
        status: 'Pending',
        message: 'No data: connection refused',
        lastSample: { time: at('-1m'), result: 'NoData', message: 'connection refused', count: 1 },
      }),
      '+1m',
    ),
  'a check fails the release before its bake begins': () =>
    told(released().check('errors', healthy('-1h')), unhealthy('+0m'), '+1m'),
  'a check fails the bake, and the release is rolled back': () =>
    told(released(), healthy('+0m'), '+1m', unhealthy('+1m', 'm'.repeat(2000)), healthy('+1m'), '+1h'),
  'two checks fail the bake, and it halts': () => {
    const teller = told(released(full, 'Halt'), healthy('+0m'), '+1m');
    teller.check('latency', { status: 'Unhealthy', lastChangeTime: at('+1m'), message: '' });
    return told(teller.check('errors', unhealthy('+1m')), '+1m');
  },
  'an automatic rollback leaves the words of people to the deployment that they are about': () => {
    const teller = told(released(), healthy('+0m'));
    teller.annotate({ 'rollout.kuberik.com/deploy-user': 'ann', 'rollout.kuberik.com/deploy': '1.0.0' });
    return told(teller, unhealthy('+0m'), '+1m');
  },
  'a failure and what is passed over for it': () => {
    const teller = told(released(full, 'Halt'), healthy('+0m'), unhealthy('+0m'));
    teller.spec({ wantedVersion: '1.0.0' }).look();
    teller.spec({ wantedVersion: undefined }).look();
    return told(teller, '+1h');
  },
  'a check that was bad before does not fail the next release at once': () =>
    told(
      released({ ...full, retryPolicy: { limit: 1, interval: '1m' } }, 'Halt').annotate({
        'rollout.kuberik.com/force-deploy': '1.1.0',
      }),
      { status: 'Unhealthy', lastChangeTime: at('+1m'), lastErrorTime: at('-1h') },
      '+1m',
      '+4m',
      '+1h',
    ),
  'many checks fail the bake: the record stays bounded': () => {
    const teller = told(released(full, 'Halt'), healthy('+0m'));
    for (let index = 0; index < 60; index += 1)
      teller.check(`check-${index}`, { ...unhealthy('+0m'), message: undefined });
    teller.look();
    const [newest] = teller.history;
    teller.told.splice(-1, 1, `${newest?.bakeStatus}: ${newest?.failedHealthChecks?.length} checks\n`);
    return teller;
  },
  'retries, and each of them fails': () =>
    told(released(retrying), unhealthy('+0m'), '+1m', '+1m', unhealthy('+2m'), '+2m', unhealthy('+4m'), '+1m'),
  'a retry that succeeds': () => told(released(retrying), unhealthy('+0m'), '+2m', healthy('+2m'), '+9m', '+1m'),
  'a retry policy that is taken away while a retry waits': () => {
    const teller = told(released(retrying), unhealthy('+0m'));
    return told(teller.spec({ retryPolicy: undefined }), '+2m', unhealthy('+2m'));
  },
  'a retry that a person cannot wait for': () => {
    const teller = told(released(retrying), unhealthy('+0m'));
    return told(teller.annotate({ 'rollout.kuberik.com/retry': 'now' }), healthy('+0m'));
  },
  'Flux cannot apply it, and gets it done': () => {
    const teller = told(released());
    teller.target('1.1.0', { failure: { message: 'no such chart', since: T0 }, applying: 'v1' }).look();
    teller.target('1.1.0', { applying: 'v1' }).look();
    return told(teller.target('1.1.0'), healthy('+0m'), '+10m');
  },
  'Flux cannot apply it for too long': () => {
    const teller = told(released({ bakeTime: '10m' }));
    teller.target('1.1.0', { failure: { message: 'no such chart' } });
    return told(teller, '+4m', '+1m', '+1m');
  },
  'Flux cannot apply it, and its time is over': () => {
    const teller = told(released().check('errors', healthy('-1h')));
    teller.target('1.1.0', { failure: { message: 'c'.repeat(2000), since: T0 } });
    return told(teller, '+5m');
  },
  'Flux cannot apply what bakes already': () => {
    const teller = told(released(), healthy('+0m'));
    teller.target('1.1.0', { failure: { message: 'no such chart', since: T0.add({ minutes: 1 }) } });
    return told(teller, '+5m', '+1m');
  },
  'Flux is at something else when the bake is over': () => {
    const teller = told(released({ bakeTime: '10m' }));
    teller.target('1.1.0', { applying: 'v2' });
    const over = told(teller, '+10m');
    return told(over.target('1.1.0'), '+1m');
  },
  'a check is bad when the bake is over': () =>
    told(released(), healthy('+0m'), { status: 'Pending', lastChangeTime: at('+1m') }, '+10m', healthy('+10m')),
  'a failure of which nothing more is known': () => {
    const bare = { tag: '1.1.0', id: 2, bakeStatus: 'Failed', timestamp: at('-1h') };
    const teller = new Teller({ available: ['1.0.0', '1.1.0'], history: [bare, good] });
    return told(teller.target('1.1.0'), '+1m');
  },
  'a deployment of unknown age, and a retry of it': () => {
    const undated = { tag: '1.0.0', id: 1, bakeStatus: 'Deploying', timestamp: 'yesterday' };
    const retried = { ...undated, lastRetryTimestamp: at('-1m') };
    const texts = [undated, retried].flatMap((entry) => {
      const teller = new Teller({ spec: { bakeTime: '10m', deployTimeout: '5m' }, history: [entry] });
      teller.target('1.0.0').check('errors', healthy('-2m'));
      return told(teller).told;
    });
    const teller = released();
    teller.told.push(...texts);
    return teller;
  },
  'Flux waits, and says so twice': () => {
    const teller = told(released());
    const wait = { message: 'Kustomization app is suspended', remedy: 'resume it', until: T0.add({ minutes: 3 }) };
    const [target] = teller.target('1.1.0', {
      waits: [wait, { message: 'its source is old', remedy: 'wait' }],
    }).targets;
    teller.targets = [target!, { ...target!, name: 'db', waits: [wait] }];
    return told(teller, '+1m');
  },
  'a rollback fails as well': () =>
    told(released(), healthy('+0m'), unhealthy('+0m'), '+1m', unhealthy('+1m'), '+1h', unhealthy('+61m'), '+1m'),
  'a release that a freeze holds, and that goes when it is gone': () =>
    told(told(released().freeze('audit'), '+1m').unfreeze(), '+1m'),
  'a failure during two freezes is not rolled back': () => {
    const teller = told(released(), healthy('+0m'));
    return told(teller.freeze('incident').freeze('audit'), unhealthy('+0m'), '+1m');
  },
  'a deployment by hand into bad health recovers': () =>
    told(
      released().check('errors', unhealthy('-1h')).annotate({ 'rollout.kuberik.com/force-deploy': '1.1.0' }),
      unhealthy('+0m'),
      '+10m',
      healthy('+10m'),
      '+1s',
      unhealthy('+12m'),
    ),
  'a recovery forgives what failed while it lasted, in the very look in which it ends': () =>
    told(
      released().check('errors', unhealthy('-1h')).annotate({ 'rollout.kuberik.com/force-deploy': '1.1.0' }),
      unhealthy('+5m'),
      '+10m',
      { ...healthy('+10m'), lastErrorTime: at('+5m') },
      '+1s',
      '+10m',
    ),
  'a deployment by hand into bad health does not recover in time': () =>
    told(
      released({ ...full, deployTimeout: '2h' })
        .check('errors', unhealthy('-1h'))
        .annotate({ 'rollout.kuberik.com/force-deploy': '1.1.0' }),
      unhealthy('+1m'),
      '+90m',
      '+30m',
      '+1m',
    ),
  'a recovery that is superseded goes on': () => {
    const teller = told(
      released().check('errors', unhealthy('-1h')).annotate({ 'rollout.kuberik.com/force-deploy': '1.1.0' }),
    );
    teller.registry('1.0.0', '1.1.0', '1.2.0').annotate({ 'rollout.kuberik.com/force-deploy': '1.2.0' });
    return told(teller.check('errors', { status: 'Pending' }), '+1m', healthy('+1m'));
  },
  'the next release supersedes nothing: it waits': () => {
    const teller = told(released(), healthy('+0m'));
    teller.registry('1.0.0', '1.1.0', '1.2.0');
    return told(teller, '+1m', '+9m');
  },
};
