/** The command from outside: a command line in; exit code, output and requests out. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { createFakeClock, type FakeClock } from '../kube/testing/fake-clock.ts';
import { type ScriptedServer, startScriptedServer } from '../kube/testing/scripted-server.ts';
import type { CliContext } from './context.ts';
import { ExitCode } from './errors.ts';
import { createPaint } from './paint.ts';
import { runCli } from './program.ts';

const group = '/apis/kuberik.com/v1alpha1';
const inShop = `${group}/namespaces/shop`;

function rollout(name: string, version?: string, resourceVersion = '1'): object {
  return {
    apiVersion: 'kuberik.com/v1alpha1',
    kind: 'Rollout',
    metadata: { name, namespace: 'shop', resourceVersion, creationTimestamp: '2025-12-31T23:00:00Z' },
    spec: { releasesImagePolicy: { name: 'app' } },
    ...(version === undefined
      ? {}
      : {
          status: {
            history: [{ id: 1, version: { tag: version }, timestamp: '2025-12-31T23:30:00Z', bakeStatus: 'Succeeded' }],
          },
        }),
  };
}

const list = (items: readonly object[], resourceVersion = '5') => ({
  apiVersion: 'kuberik.com/v1alpha1',
  kind: 'RolloutList',
  metadata: { resourceVersion },
  items,
});

let folder: string;
let server: ScriptedServer;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'kuberik-cli-'));
  server = await startScriptedServer();
  const kubeconfig = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'c', cluster: { server: server.cluster.server } }],
    users: [{ name: 'u', user: {} }],
    contexts: [{ name: 'c', context: { cluster: 'c', user: 'u', namespace: 'shop' } }],
    'current-context': 'c',
  };
  writeFileSync(join(folder, 'config'), JSON.stringify(kubeconfig));
});

afterEach(async () => {
  await server[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

interface Run {
  readonly code: ExitCode;
  readonly out: string;
  readonly err: string;
}

interface Going {
  readonly ended: Promise<Run>;
  readonly out: () => string;
  readonly stop: () => void;
  readonly clock: FakeClock;
}

function start(line: string): Going {
  let out = '';
  let err = '';
  const stop = new AbortController();
  const clock = createFakeClock();
  const context: CliContext = {
    clock,
    zone: 'UTC',
    paint: createPaint(false),
    width: 100,
    live: false,
    out: (text) => {
      out += text;
    },
    note: (text) => {
      err += text;
    },
    signal: stop.signal,
  };
  const words = line.split(' ').map((word) => (word === 'CONFIG' ? join(folder, 'config') : word));
  const ended = runCli(words, context).then((code) => ({ code, out, err }));
  return {
    ended,
    out: () => out,
    stop: () => {
      stop.abort();
    },
    clock,
  };
}

const run = (line: string): Promise<Run> => start(line).ended;

/** The command rests between two watches; every other timer is a time-out of half a minute. */
function pauses(clock: FakeClock): boolean {
  const due = clock.nextDue();
  return due !== undefined && due.epochMilliseconds - clock.now().epochMilliseconds <= 1000;
}

function serves(path: string, body: unknown): void {
  server.on('GET', path, (_request, reply) => {
    reply.json(200, body);
  });
}

describe('get', () => {
  it('lists the namespace of the context', async () => {
    serves(`${inShop}/rollouts`, list([rollout('app', '1.2.3'), rollout('new')]));
    expect(await run('get rollouts --kubeconfig CONFIG')).toEqual({
      code: ExitCode.Ok,
      out: [
        'NAME   VERSION   BAKE        GATES    NEWEST   DOING    AGE',
        'app    1.2.3     Succeeded   <none>   <none>   <none>   60m',
        'new    <none>    <none>      <none>   <none>   <none>   60m',
        '',
      ].join('\n'),
      err: '',
    });
    expect(server.requests[0]?.headers['user-agent']).toMatch(/^kuberik\/\d/);
  });

  it('lists every namespace, or the one that is named', async () => {
    serves(`${group}/rollouts`, list([rollout('app')]));
    expect((await run('get rollouts -A -o name --kubeconfig CONFIG')).out).toBe('rollout.kuberik.com/app\n');
    serves(`${group}/namespaces/other/rolloutgates`, list([]));
    const empty = await run('get gates -n other --kubeconfig CONFIG');
    expect(empty).toEqual({ code: ExitCode.Ok, out: '', err: 'No rolloutgates in namespace other.\n' });
  });

  it('takes the connection before the command too, and acts as somebody else', async () => {
    serves(`${group}/namespaces/other/rolloutgates`, list([]));
    const line = '--kubeconfig CONFIG -n other --as jane get gates --as-group devs --as-group qa';
    expect((await run(line)).err).toBe('No rolloutgates in namespace other.\n');
    const { headers } = server.requests[0] ?? {};
    expect(headers).toMatchObject({ 'impersonate-user': 'jane', 'impersonate-group': 'devs, qa' });
  });

  it('lists what belongs to no namespace', async () => {
    serves(`${group}/freezes`, list([]));
    expect((await run('get freezes -n other --kubeconfig CONFIG')).err).toBe('No freezes in the cluster.\n');
    expect((await run('get freezes nope --kubeconfig CONFIG')).err).toContain('there is no Freeze nope in the cluster');
  });

  it('says that a single one is not there', async () => {
    server.on('GET', `${inShop}/rollouts`, (request, reply) => {
      expect(request.query.get('fieldSelector')).toBe('metadata.name=nope');
      reply.json(200, list([]));
    });
    expect(await run('get rollouts nope --kubeconfig CONFIG')).toEqual({
      code: ExitCode.NotFound,
      out: '',
      err: 'error: there is no Rollout nope in namespace shop\ntry: look in every namespace: -A\n',
    });
  });

  it('shows the others when one does not fit its schema', async () => {
    const broken = { ...rollout('broken'), spec: { releasesImagePolicy: 7 } };
    serves(`${inShop}/rollouts`, list([broken, rollout('app')]));
    const { code, out, err } = await run('get rollouts -o name --kubeconfig CONFIG');
    expect([code, out]).toEqual([ExitCode.Ok, 'rollout.kuberik.com/app\n']);
    expect(err).toMatch(/^warning: Rollout shop\/broken does not fit its schema: /);
  });

  it('goes on with each change, from where the list ended, until it is stopped', async () => {
    serves(`${inShop}/rollouts`, list([rollout('app')], '5'));
    server.on('WATCH', `${inShop}/rollouts`, (_request, reply) => {
      const watch = reply.stream();
      watch.send('BOOKMARK', {
        kind: 'Rollout',
        apiVersion: 'kuberik.com/v1alpha1',
        metadata: { resourceVersion: '8' },
      });
      watch.send('MODIFIED', rollout('app', '1.2.3', '9'));
    });
    const going = start('get rollouts -w --kubeconfig CONFIG');
    await server.until(() => going.out().includes('1.2.3'));
    going.stop();
    const { code, out, err } = await going.ended;
    expect([code, err]).toEqual([ExitCode.Ok, '']);
    expect(out.split('\n')).toHaveLength(4);
    const watched = server.requests.filter(({ method }) => method === 'WATCH');
    expect(watched.map(({ query }) => query.get('resourceVersion'))).toEqual(['5']);
  });

  it('lists again when the watch is too far behind', async () => {
    let lists = 0;
    server.on('GET', `${inShop}/rollouts`, (_request, reply) => {
      lists += 1;
      reply.json(200, list([rollout('app', `1.0.${lists}`)]));
    });
    server.on('WATCH', `${inShop}/rollouts`, (_request, reply) => {
      reply.status(410, 'Expired');
    });
    const going = start('get rollouts -w --kubeconfig CONFIG');
    await server.until(() => pauses(going.clock));
    expect(lists).toBe(1);
    await going.clock.advance(1000);
    await server.until(() => going.out().includes('1.0.2'));
    going.stop();
    expect((await going.ended).code).toBe(ExitCode.Ok);
  });
});

describe('history', () => {
  it('prints the entries of one Rollout', async () => {
    serves(`${inShop}/rollouts/app`, rollout('app', '1.2.3'));
    const { out } = await run('history app --kubeconfig CONFIG');
    expect(out).toContain('1    1.2.3     Succeeded   30m');
    const json = await run('history app -o json --kubeconfig CONFIG');
    expect(JSON.parse(json.out)).toMatchObject([{ id: 1, version: { tag: '1.2.3' } }]);
  });

  it('says where to look when there is no such Rollout', async () => {
    server.on('GET', `${inShop}/rollouts/app`, (_request, reply) => {
      reply.status(404, 'NotFound');
    });
    expect(await run('history app --kubeconfig CONFIG')).toMatchObject({
      code: ExitCode.NotFound,
      err: 'error: there is no Rollout app in namespace shop\ntry: look in every namespace: -A\n',
    });
  });
});

describe('explain', () => {
  const fluxImages = '/apis/image.toolkit.fluxcd.io/v1';

  /** Everything that the decision looks at, and nothing else, is served. */
  function serve(closed: boolean): void {
    const gate = {
      apiVersion: 'kuberik.com/v1alpha1',
      kind: 'RolloutGate',
      metadata: { name: 'qa', namespace: 'shop' },
      spec: { rolloutRef: { name: 'app' }, passing: !closed },
    };
    const stored = {
      ...rollout('app', '1.2.3'),
      status: {
        history: [{ id: 1, version: { tag: '1.2.3' }, timestamp: '2025-12-31T23:30:00Z', bakeStatus: 'Succeeded' }],
        availableReleases: [{ tag: '1.2.3' }, { tag: '1.3.0' }],
      },
    };
    const policy = {
      apiVersion: 'image.toolkit.fluxcd.io/v1',
      kind: 'ImagePolicy',
      metadata: { name: 'app', namespace: 'shop' },
      spec: { imageRepositoryRef: { name: 'app' }, policy: { semver: { range: '*' } } },
      status: { latestRef: { name: 'registry.example/app', tag: '1.3.0' } },
    };
    serves(`${inShop}/rollouts/app`, stored);
    serves(`${inShop}/rolloutgates`, list([gate]));
    serves(`${inShop}/approvals`, list([]));
    serves(`${group}/freezes`, list([]));
    serves(`${fluxImages}/imagepolicies`, list([policy]));
    serves(`${fluxImages}/namespaces/shop/imagepolicies/app`, policy);
    for (const path of [
      'kustomize.toolkit.fluxcd.io/v1/namespaces/shop/kustomizations',
      'source.toolkit.fluxcd.io/v1/namespaces/shop/ocirepositories',
    ]) {
      serves(`/apis/${path}`, list([]));
    }
  }

  it('names the gate that holds the newer release, and writes nothing', async () => {
    serve(true);
    const { code, out, err } = await run('explain rollout app --kubeconfig CONFIG');
    expect([code, err]).toEqual([ExitCode.Ok, '']);
    expect(out).toContain('Running       1.2.3, deployed ');
    expect(out).toContain('Doing         waiting for gates\nNot deployed  1.3.0\n');
    expect(out).toContain('1. RolloutGate qa is closed (spec.passing is false)');
    expect(new Set(server.requests.map(({ method }) => method))).toEqual(new Set(['GET']));
  });

  it('says what a controller would do, when none has yet', async () => {
    serve(false);
    expect((await run('explain rollout app --kubeconfig CONFIG')).out).toContain(
      'Next     1.3.0 is deployed as soon as a controller sees this',
    );
    const { out } = await run('explain rollout app -o yaml --kubeconfig CONFIG');
    expect(parseAllDocuments(out)[0]?.toJS()).toMatchObject({ next: { change: '1.3.0 is deployed' } });
  });
});

describe('crds', () => {
  it('prints definitions that can be applied', async () => {
    const { out } = await run('crds');
    const kinds = parseAllDocuments(out).map((document) => document.toJS() as { kind: string });
    expect(kinds.length).toBeGreaterThanOrEqual(3);
    expect(new Set(kinds.map(({ kind }) => kind))).toEqual(new Set(['CustomResourceDefinition']));
    const json = JSON.parse((await run('crds -o json')).out) as { items: unknown[] };
    expect(json.items).toHaveLength(kinds.length);
  });
});

describe('the command line', () => {
  it.each([
    ['get nonsense --kubeconfig CONFIG', ExitCode.Usage, 'there is no kind "nonsense"'],
    ['get rollouts app -A --kubeconfig CONFIG', ExitCode.Usage, 'contradict each other'],
    ['get rollouts -o xml', ExitCode.Usage, 'Allowed choices are'],
    ['get', ExitCode.Usage, "missing required argument 'kind'"],
    ['nonsense', ExitCode.Usage, 'unknown command'],
    ['-n shop version', ExitCode.Usage, 'kuberik version has no option --namespace'],
    ['get rollouts --as-group devs --kubeconfig CONFIG', ExitCode.Usage, '--as-group needs a user to go with it'],
    ['get rollouts --kubeconfig /nowhere/config', ExitCode.NoConnection, '/nowhere/config cannot be read'],
    ['get rollouts --kubeconfig CONFIG --context nope', ExitCode.NoConnection, 'there is no context "nope"'],
    ['get rollouts --kubeconfig CONFIG', ExitCode.NotFound, 'this cluster does not know the kind Rollout'],
  ])('%s ends with %d', async (line, expected, message) => {
    const { code, out, err } = await run(line);
    expect([code, out]).toEqual([expected, '']);
    expect(err).toContain(message);
  });

  it.each(['--help', 'get --help', 'explain --help', 'history --help', 'crds --help', 'version --help'])(
    '%s explains itself',
    async (line) => {
      const { code, out, err } = await run(line);
      expect([code, err]).toEqual([ExitCode.Ok, '']);
      expect(out).toMatch(/^Usage: kuberik/);
    },
  );

  it('tells its version in words and as data', async () => {
    expect((await run('version')).out).toMatch(/^kuberik \d+\.\d+\.\d+ \(Node 26\.\d+\.\d+\)\n$/);
    expect(JSON.parse((await run('version -o json')).out)).toHaveProperty('version');
  });
});
