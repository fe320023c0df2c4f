/** `secrets` plants credentials on the real parts, has all of them used by the real process, and looks for them everywhere. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { Canaries } from '../../secrets/canary.ts';
import { type Channels, leaksIn, objectsIn, told } from '../../secrets/channels.ts';
import { HostileService } from '../../secrets/hostile-service.ts';
import { Planting } from '../../secrets/planting.ts';
import { commandLines, settled } from '../../secrets/settled.ts';
import { run } from '../control-plane/command.ts';
import { connectionTo, startControlPlane } from '../control-plane/control-plane.ts';
import { readLedger } from '../permissions/ledger.ts';
import { openClusterAt } from '../support/cluster.ts';
import { startController } from '../support/controller.ts';
import { kubectl } from '../support/kubectl.ts';

/** What the sandbox is told of all modes, and of these the real process and the real Flux. */
const some = ['ok', 'refuses', 'unauthorized', 'forbidden', 'broken', 'cut-at-512', 'text', 'redirects', 'resets'];
const hosts = ['--http-gate-hosts=127.0.0.1,localhost', '--health-check-hosts=*,127.0.0.1,localhost'];

test('nothing secret is in a log, an object, an Event, a metric, a command or a request', {
  timeout: 300_000,
}, async () => {
  await using plane = await startControlPlane({ name: 'canaries', workloads: false });
  const connection = connectionTo(plane);
  await using cluster = openClusterAt(connection);
  await using service = await HostileService.start(connection.registry);
  await using controller = await startController(connection, 'canaries-controller', ['--log-level=debug', ...hosts]);
  const canaries = new Canaries();
  service.token = canaries.plant('issued token', true);
  // Before the signature every token begins the same.
  canaries.watchFor("the controller's own token", controller.token.slice(-40));
  const space = await cluster.space('canaries');
  const planted = await new Planting(space, canaries, service, some).plant();
  const missing = (): readonly string[] =>
    [...planted.sent].flatMap(([path, names]) => {
      const seen = canaries.nameOf(service.sentTo(path));
      return names.filter((name) => !seen.includes(name));
    });
  await settled(space, planted, () => {
    expect(missing()).toEqual([]);
  });

  const read = async (path: string): Promise<unknown> => JSON.parse(await kubectl(connection, 'get', '--raw', path));
  const requests = readLedger('canaries').flatMap(({ events }) => events.map(({ requestURI }) => requestURI));
  const channels: Channels = new Map([
    ['log', readFileSync(controller.part.log, 'utf8')],
    ['metrics', await (await fetch(`http://${controller.metrics}/metrics`)).text()],
    ['requests', requests.join('\n')],
    ...(await objectsIn(read)),
    ...(await commands()),
  ]);
  expect(channels.get('log')).toContain('"msg":"leading"');
  expect(channels.get('metrics')).toContain('kuberik_');
  expect(requests.length).toBeGreaterThan(planted.rollouts.length);
  expect(told(leaksIn(canaries, channels))).toEqual([]);

  async function commands(): Promise<Channels> {
    const main = `${import.meta.dirname}/../../../src/cli/main.ts`;
    const printed = new Map<string, string>();
    // In this process all of them are run by the tests of the sandbox.
    for (const line of commandLines(planted).filter((one) => /(checked|gated)$|get \w+ -o wide/.test(one))) {
      const words = [main, '-n', space.namespace, `--kubeconfig=${connection.kubeconfig}`, ...line.split(' ')];
      printed.set(line, await run(process.execPath, words).catch(String));
    }
    return printed;
  }
});
