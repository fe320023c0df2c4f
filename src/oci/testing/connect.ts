/** For tests: servers and clients that are closed when the test ends. */
import { expect, onTestFinished } from 'vitest';
import type { ExchangeRecord } from '../http.ts';
import type { Access } from '../registry.ts';
import { createRegistry, type RegistryClient, type RegistryOptions } from '../registry-client.ts';
import { createHastyClock, type HastyClock } from './hasty-clock.ts';
import { type Script, type ScriptedServer, startScriptedServer } from './scripted-server.ts';

export const neverAborted = new AbortController().signal;

export async function serve(script: Script, tls?: { cert: string; key: string }): Promise<ScriptedServer> {
  const server = await startScriptedServer(script, tls);
  onTestFinished(() => server[Symbol.asyncDispose]());
  return server;
}

interface Connected {
  readonly registry: RegistryClient;
  readonly clock: HastyClock;
  readonly exchanges: readonly ExchangeRecord[];
  /** The tags of `<host>/me/app`. */
  tags(host: string, access?: Access, signal?: AbortSignal): Promise<readonly string[]>;
}

export function connect(options: Partial<RegistryOptions> = {}): Connected {
  const clock = createHastyClock();
  const exchanges: ExchangeRecord[] = [];
  const registry = createRegistry({ clock, onRequest: (one) => exchanges.push(one), ...options });
  onTestFinished(() => registry[Symbol.asyncDispose]());
  return {
    registry,
    clock,
    exchanges,
    tags: (host, access = {}, signal = neverAborted) => registry.listTags(`${host}/me/app`, access, signal),
  };
}

/** What the work was rejected with. */
export async function failure(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => expect.unreachable(),
    (error: unknown) => error,
  );
}
