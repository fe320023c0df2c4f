import { describe, expect, it } from 'vitest';
import { HealthCheck } from '../../api/health-check.ts';
import { type HistoryEntry, Rollout } from '../../api/rollout.ts';
import { RolloutGate } from '../../api/rollout-gate.ts';
import type { Tag } from '../../api/tag.ts';
import { createPaint } from '../paint.ts';
import { type Column, createTable } from '../table.ts';
import { renderExplain } from './explain.ts';
import type { Explanation } from './explanation.ts';
import { gateColumns } from './gates.ts';
import { healthCheckColumns } from './health-checks.ts';
import { historyColumns } from './history.ts';
import { rolloutColumns } from './rollouts.ts';

const at = (clock: string) => Temporal.Instant.from(`2026-11-21T${clock}Z`);
const now = at('12:00:00');
const paint = createPaint(false);
const tag = (text: string) => text as Tag;

function table<T>(columns: readonly Column<T>[], rows: readonly T[], wide = false): string {
  return createTable(columns, wide, paint).lines(rows).join('\n');
}

const entry: HistoryEntry = {
  id: 7,
  version: { tag: tag('1.4.0'), revision: '9f2c1e0' },
  timestamp: '2026-11-21T11:58:00Z',
  message: 'Automatic deployment',
  triggeredBy: { kind: 'System', name: 'rollout-controller' },
  bakeStatus: 'InProgress',
  bakeStartTime: '2026-11-21T11:59:00Z',
};

function rollout(status: object, name = 'app'): Rollout {
  return Rollout.parse({
    apiVersion: 'kuberik.com/v1alpha1',
    kind: 'Rollout',
    metadata: { name, namespace: 'shop', creationTimestamp: '2026-11-18T08:00:00Z' },
    spec: { releasesImagePolicy: { name: 'app' }, bakeTime: '5m' },
    status,
  });
}

describe('get rollouts', () => {
  const running = rollout({
    history: [entry],
    availableReleases: [{ tag: '1.4.0' }, { tag: '1.5.0' }],
    gates: [
      { name: 'a', passing: true },
      { name: 'b', passing: false },
    ],
    conditions: [
      {
        type: 'Progressing',
        status: 'True',
        reason: 'Baking',
        message: 'Baking 1.4.0',
        lastTransitionTime: '2026-11-21T11:59:00Z',
      },
    ],
  });

  it('shows what runs, what is newest and what is going on', () => {
    expect(
      table(
        rolloutColumns(() => now, false),
        [running, rollout({}, 'new')],
      ),
    ).toBe(
      [
        'NAME   VERSION   BAKE         GATES    NEWEST   DOING    AGE',
        'app    1.4.0     InProgress   1/2      1.5.0    Baking   3d4h',
        'new    <none>    <none>       <none>   <none>   <none>   3d4h',
      ].join('\n'),
    );
  });

  it('adds namespace and details when asked', () => {
    const text = table(
      rolloutColumns(() => now, true),
      [running],
      true,
    );
    expect(text).toMatch(/^NAMESPACE {3}NAME .* DEPLOYED {3}BY {19}POLICY {3}MESSAGE\nshop /);
    expect(text).toMatch(/ 2m {9}rollout-controller {3}app {6}Baking 1\.4\.0$/);
  });

  it('falls back to Ready for a status that another controller wrote', () => {
    const ready = { type: 'Ready', status: 'False', reason: 'BakeTimeFailed', message: '', lastTransitionTime: '' };
    expect(
      table(
        rolloutColumns(() => now, false),
        [rollout({ conditions: [ready] })],
      ),
    ).toContain('BakeTimeFailed');
  });
});

describe('history', () => {
  it('shows every deployment, with how long it baked and why it was made', () => {
    const rows: HistoryEntry[] = [
      {
        ...entry,
        id: 8,
        version: { tag: tag('1.3.0') },
        message: 'Automatic rollback',
        bakeStatus: 'Succeeded',
        bakeEndTime: '2026-11-21T11:59:30Z',
        endedBy: { kind: 'BakeTime' },
        rollbackOf: 7,
      },
      {
        ...entry,
        freezes: ['incident'],
        approvals: [
          { gate: 'board', by: 'bob', reason: 'CHG-7' },
          { gate: 'board', by: 'ann' },
          { gate: 'qa', by: 'bob' },
        ],
      },
      { version: { tag: tag('1.2.0') }, timestamp: '2026-11-20T11:58:00Z' },
    ];
    expect(
      table(
        historyColumns(() => now),
        rows,
      ),
    ).toBe(
      [
        'ID       VERSION   BAKE         DEPLOYED   BAKED    ENDED BY    BY                   APPROVED BY   WHY',
        '8        1.3.0     Succeeded    2m         30s      bake time   rollout-controller   <none>        Automatic rollback',
        '7        1.4.0     InProgress   2m         60s      <none>      rollout-controller   bob,ann       Automatic deployment',
        '<none>   1.2.0     <none>       24h        <none>   <none>      <none>               <none>        <none>',
      ].join('\n'),
    );
    const details = table(
      historyColumns(() => now),
      rows,
      true,
    );
    expect(details).toContain('incident   board: bob (CHG-7); board: ann; qa: bob');
  });
});

describe('history of failures', () => {
  it.each([
    [{ kind: 'BakeTime' }, 'bake time'],
    [{ kind: 'HealthCheck', name: 'shop/alerts' }, 'HealthCheck shop/alerts'],
    [{ kind: 'DeployTimeout' }, 'deploy timeout'],
    [{ kind: 'Target', name: 'Kustomization/app' }, 'Kustomization/app'],
    [{ kind: 'Deployment', name: 'alice', deployment: 9 }, 'deployment 9 by alice'],
  ] as const)('ended by %j', (endedBy, shown) => {
    const [, row] = table(
      historyColumns(() => now),
      [{ ...entry, endedBy }],
    ).split('\n');
    expect(row).toContain(`   ${shown}   rollout-controller`);
  });

  it('shows what was rolled back, how often it was tried, and which checks failed', () => {
    const failedHealthChecks = [{ name: 'app', namespace: 'shop', message: '0 of 3' }];
    const failed: HistoryEntry = { ...entry, bakeStatus: 'Failed', rolledBackBy: 8, retries: 2, failedHealthChecks };
    const back: HistoryEntry = { ...entry, id: 8, trigger: 'Rollback', rollbackOf: 7 };
    const lines = table(
      historyColumns(() => now),
      [back, failed],
      true,
    ).split('\n');
    expect(lines[1]).toMatch(/ of 7 +<none> /);
    expect(lines[2]).toMatch(/ by 8 +2 .* HealthCheck shop\/app: 0 of 3$/);
  });
});

describe('get gates', () => {
  const gate = (name: string, spec: object): RolloutGate =>
    RolloutGate.parse({
      apiVersion: 'kuberik.com/v1alpha1',
      kind: 'RolloutGate',
      metadata: { name, namespace: 'shop', creationTimestamp: '2026-11-21T11:00:00Z' },
      spec: { rolloutRef: { name: 'app' }, ...spec },
    });

  it('tells absent from empty', () => {
    const rows = [
      gate('all', {}),
      gate('none', { allowedVersions: [] }),
      gate('some', { passing: false, allowedVersions: ['1', '2', '3', '4', '5'] }),
    ];
    expect(
      table(
        gateColumns(() => now, false),
        rows,
      ),
    ).toBe(
      [
        'NAME   ROLLOUT   CLASS    STATE    ALLOWED    WAITS FOR   AGE',
        'all    app       <none>   Open     <all>      <none>      60m',
        'none   app       <none>   Open     <none>     <none>      60m',
        'some   app       <none>   Closed   1,2,3,+2   <none>      60m',
      ].join('\n'),
    );
  });
});

describe('get healthchecks', () => {
  it('shows the verdict and since when', () => {
    const check = HealthCheck.parse({
      apiVersion: 'kuberik.com/v1alpha1',
      kind: 'HealthCheck',
      metadata: { name: 'app', namespace: 'shop', creationTimestamp: '2026-11-21T11:00:00Z' },
      spec: { class: 'kustomization' },
      status: { status: 'Unhealthy', lastChangeTime: '2026-11-21T11:55:00Z', message: 'Replicas: 2/3' },
    });
    expect(
      table(
        healthCheckColumns(() => now, false),
        [check],
      ),
    ).toBe(
      ['NAME   CLASS           STATUS      SINCE   AGE', 'app    kustomization   Unhealthy   5m      60m'].join('\n'),
    );
  });
});

describe('explain rollout', () => {
  const explain = (explanation: Explanation) =>
    renderExplain(explanation, { moment: { now, zone: 'UTC' }, paint, width: 110 });

  const target = {
    kind: 'Kustomization',
    name: 'app',
    field: 'spec.postBuild.substitute.VERSION',
    carries: tag('1.4.0'),
    claimed: true,
  } as const;

  it('says what bakes, until when, and what waits behind it', () => {
    const stored = rollout({ history: [entry] });
    const text = explain({
      rollout: stored,
      targets: [target],
      plan: {
        status: { history: [entry], releaseCandidates: [{ tag: tag('1.6.0') }, { tag: tag('1.5.0') }] },
        reasons: [
          { code: 'Baking', message: 'Baking 1.4.0', since: at('11:59:00'), until: at('12:04:00') },
          { code: 'WaitingForRelease', message: '1.6.0 waits until the deployment of 1.4.0 has ended' },
        ],
        candidates: ['1.6.0', '1.5.0'].map((name) => ({
          version: { tag: tag(name) },
          reasons: [{ code: 'WaitingForRelease', message: `${name} waits until the deployment of 1.4.0 has ended` }],
        })),
        requeueAt: at('12:04:00'),
      },
    });
    expect(text).toBe(
      [
        'Rollout       app in namespace shop',
        'Running       1.4.0, deployed 11:58:00 (2m ago) by rollout-controller',
        '              Automatic deployment',
        '              revision 9f2c1e0',
        '              bake InProgress',
        '              carried by Kustomization app (spec.postBuild.substitute.VERSION)',
        'Doing         baking: Baking 1.4.0',
        '              since 11:59:00 (60s ago), until 12:04:00 (in 4m)',
        'Not deployed  1.6.0',
        '              1. 1.6.0 waits until the deployment of 1.4.0 has ended',
        '              1.5.0 waits until the deployment of 1.4.0 has ended',
        'Next          it is decided again 12:04:00 (in 4m), or when something changes',
        '',
      ].join('\n'),
    );
  });

  it('says that Flux is held up and what else goes on, apart from what waits behind it', () => {
    const text = explain({
      rollout: rollout({ history: [entry] }),
      targets: [target],
      plan: {
        status: { history: [entry], releaseCandidates: [{ tag: tag('1.5.0') }] },
        reasons: [
          { code: 'WaitingForTarget', message: 'Flux checks app', until: at('12:00:30'), remedy: 'a shorter timeout' },
          { code: 'Deploying', message: 'Deploying 1.4.0' },
          { code: 'WaitingForRelease', message: '1.5.0 failed here before' },
        ],
        candidates: [
          {
            version: { tag: tag('1.5.0') },
            reasons: [{ code: 'WaitingForRelease', message: '1.5.0 failed here before' }],
          },
        ],
      },
    });
    expect(text).toContain(
      [
        'Doing         waiting for target: Flux checks app',
        '              until 12:00:30 (in 30s)',
        '              to change it: a shorter timeout',
        '              deploying: Deploying 1.4.0',
        'Not deployed  1.5.0',
        '              1. 1.5.0 failed here before',
        'Next          it goes on when that changes',
      ].join('\n'),
    );
  });

  it('says which gate is closed, who can open it, and that nothing happens by itself', () => {
    const done = { ...entry, bakeStatus: 'Succeeded', bakeEndTime: '2026-11-21T11:59:30Z' };
    const reasons = [
      { code: 'WaitingForGates', message: 'RolloutGate hours is closed', remedy: 'whoever may edit it opens it' },
      { code: 'WaitingForGates', message: 'RolloutGate qa does not allow 1.5.0', until: at('14:00:00') },
    ] as const;
    const text = explain({
      rollout: rollout({ history: [done] }),
      targets: [{ ...target, carries: tag('1.3.0') }],
      plan: {
        status: { history: [done], releaseCandidates: [{ tag: tag('1.5.0') }] },
        reasons: [...reasons, { code: 'RegistryUnavailable', message: 'registry.example/app: 503' }],
        candidates: [{ version: { tag: tag('1.5.0') }, reasons }],
      },
    });
    expect(text).toContain(
      [
        '              bake Succeeded 11:59:30 (30s ago)',
        '              Kustomization app (spec.postBuild.substitute.VERSION) still carries 1.3.0',
        'Doing         waiting for gates',
        '              registry.example/app: 503',
        'Not deployed  1.5.0',
        '              1. RolloutGate hours is closed',
        '                 to change it: whoever may edit it opens it',
        '              2. RolloutGate qa does not allow 1.5.0',
        '                 until 14:00:00 (in 120m)',
        'Next          the first of these reasons ends 14:00:00 (in 120m)',
      ].join('\n'),
    );
  });

  it('says what a controller would do now, when none has yet', () => {
    const text = explain({
      rollout: rollout({}),
      targets: [],
      plan: {
        status: { history: [entry] },
        reasons: [{ code: 'Deploying', message: 'Deploying 1.4.0' }],
        candidates: [],
      },
    });
    expect(text).toContain('Running  nothing yet\n');
    expect(text).toContain('Next     1.4.0 is deployed as soon as a controller sees this\n');
  });

  it('is short when there is nothing to tell', () => {
    const done = { ...entry, bakeStatus: 'Succeeded' };
    const text = explain({
      rollout: rollout({ history: [done] }),
      targets: [{ ...target, fault: { reason: 'TargetFailed', message: 'the API server refuses' } }],
      plan: { status: { history: [done] }, reasons: [], candidates: [] },
    });
    expect(text).toContain(
      'not carried by Kustomization app (spec.postBuild.substitute.VERSION): the API server refuses',
    );
    expect(text).toContain(
      'Doing    nothing: it is up to date\nNext     the next release that its ImagePolicy admits\n',
    );
  });
});
