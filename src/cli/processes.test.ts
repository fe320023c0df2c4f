/** The commands that run until they are stopped, as processes see them: start, work, end in order. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { isRecord } from '../api/json.ts';
import { systemClock } from '../kube/clock.ts';
import { silentLogger } from '../kube/logger.ts';
import { startSandbox } from '../sandbox/sandbox.ts';
import { ExitCode } from './errors.ts';
import { createPaint } from './paint.ts';
import { runCli } from './program.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kuberik-process-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

function start(...words: readonly string[]) {
  const stop = new AbortController();
  const seen = { out: '', notes: '' };
  const ended = runCli(words, {
    clock: systemClock,
    zone: 'UTC',
    paint: createPaint(false),
    width: 100,
    live: false,
    out: (text) => {
      seen.out += text;
    },
    note: (text) => {
      seen.notes += text;
    },
    signal: stop.signal,
  });
  return {
    seen,
    async stop(): Promise<ExitCode> {
      stop.abort(new Error('the test stops it'));
      return ended;
    },
  };
}

/** The address that serves a path, from the log. */
function addressOf(log: string, path: string): string | undefined {
  for (const line of log.split('\n').filter((text) => text.startsWith('{'))) {
    const record: unknown = JSON.parse(line);
    if (!isRecord(record) || !Array.isArray(record.paths) || !record.paths.includes(path)) continue;
    return `http://${String(record.address)}${path}`;
  }
  return undefined;
}

const soon = { timeout: 15_000, interval: 50 };

describe('kuberik controller', () => {
  it('leads, becomes ready, counts what it does, and ends in order', async () => {
    await using sandbox = await startSandbox({ clock: systemClock, logger: silentLogger, controllers: false });
    const kubeconfig = join(folder, 'kubeconfig');
    writeFileSync(kubeconfig, sandbox.api.kubeconfig());
    const anywhere = '127.0.0.1:0';
    const controller = start(
      ...['controller', '--kubeconfig', kubeconfig, '--leader-elect', '--leader-election-namespace', 'default'],
      ...['--metrics-bind-address', anywhere, '--health-probe-bind-address', anywhere],
    );
    await vi.waitFor(() => {
      expect(controller.seen.notes).toContain('"msg":"leading"');
    }, soon);
    const ready = addressOf(controller.seen.notes, '/readyz');
    await vi.waitFor(async () => {
      expect((await fetch(ready ?? '')).status).toBe(200);
    }, soon);
    const metrics = await (await fetch(addressOf(controller.seen.notes, '/metrics') ?? '')).text();
    expect(metrics).toContain('controller_runtime_max_concurrent_reconciles{controller="rollout"} 64');
    expect(await controller.stop()).toBe(ExitCode.Ok);
    expect(controller.seen.notes).toContain('"msg":"stopped"');
    await expect(fetch(ready ?? '')).rejects.toThrow();
  });

  it.each([
    ['--concurrency 0', 'write a whole number of at least 1'],
    ['--leader-elect=perhaps', 'write true or false'],
    ['--default-failure-policy Shrug', 'Allowed choices are Rollback, Halt'],
    ['--log-level loud', 'Allowed choices are'],
  ])('refuses %s', async (flag, message) => {
    const kubeconfig = join(folder, 'kubeconfig');
    const cluster = { server: 'http://127.0.0.1:1' };
    const config = {
      ...{ apiVersion: 'v1', kind: 'Config', clusters: [{ name: 'c', cluster }], users: [{ name: 'u', user: {} }] },
      ...{ contexts: [{ name: 'c', context: { cluster: 'c', user: 'u' } }], 'current-context': 'c' },
    };
    writeFileSync(kubeconfig, JSON.stringify(config));
    const controller = start('controller', '--kubeconfig', kubeconfig, ...flag.split(' '));
    await vi.waitFor(() => {
      expect(controller.seen.notes).toContain(message);
    }, soon);
    expect(await controller.stop()).toBe(ExitCode.Usage);
  });
});

describe('kuberik sandbox', () => {
  it('serves what it prints, and keeps it in its folder', async () => {
    const first = start('sandbox', '--data-dir', folder);
    await vi.waitFor(() => {
      expect(first.seen.out).toContain('Press Ctrl-C');
    }, soon);
    const get = start('get', 'rollouts', '-A', '--kubeconfig', join(folder, 'kubeconfig'));
    await vi.waitFor(() => {
      expect(get.seen.notes).toBe('No rollouts in the cluster.\n');
    }, soon);
    expect(await get.stop()).toBe(ExitCode.Ok);
    expect(await first.stop()).toBe(ExitCode.Ok);
    expect(first.seen.notes).toBe('Stopping.\n');
  });

  it('shows metrics where it says', async () => {
    const sandbox = start('sandbox', '--data-dir', folder, '--metrics-port', '0');
    await vi.waitFor(() => {
      expect(sandbox.seen.out).toContain('Press Ctrl-C');
    }, soon);
    const [, url = ''] = /^ {2}Metrics +(\S+)$/m.exec(sandbox.seen.out) ?? [];
    await vi.waitFor(async () => {
      expect(await (await fetch(url)).text()).toContain('\nkuberik_controller_leading 1\n');
    }, soon);
    expect(await sandbox.stop()).toBe(ExitCode.Ok);
  });

  it('lets in others, who may do what roles allow', async () => {
    const sandbox = start('sandbox', '--data-dir', folder, '--users', 'jane,joe');
    await vi.waitFor(() => {
      expect(sandbox.seen.out).toContain('Press Ctrl-C');
    }, soon);
    const file = join(folder, 'kubeconfig-jane');
    expect(sandbox.seen.out).toContain(`of jane      ${file}`);
    const get = start('get', 'rollouts', '-A', '--kubeconfig', file);
    await vi.waitFor(() => {
      expect(get.seen.notes).toContain('User "jane" cannot list resource "rollouts"');
    }, soon);
    expect(await get.stop()).not.toBe(ExitCode.Ok);
    expect(await sandbox.stop()).toBe(ExitCode.Ok);
  });
});
