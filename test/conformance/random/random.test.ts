/** The comparison itself, without a real server: two sandboxes are alike, and one that is a little wrong is found. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiServer, startApiServer } from '../../../src/sandbox/apiserver/start.ts';
import { fluxDefinitions } from '../../../src/sandbox/crds/flux-definitions.ts';
import { definitions as kuberik } from '../table/kuberik.ts';
import { widgetDefinition } from '../table/widget.ts';
import { drawSequence } from './draw.ts';
import { play } from './play.ts';
import { printed } from './print.ts';
import { playRounds } from './rounds.ts';
import { sabotaged, saboteurs } from './saboteurs.ts';

const crds = [...kuberik, widgetDefinition, ...fluxDefinitions];
const mostSeeds = 60;
/** Milliseconds for what is lost, and never comes. */
const patience = 200;

describe('random requests', () => {
  let servers: { readonly real: ApiServer; readonly sandbox: ApiServer };

  beforeAll(async () => {
    servers = { real: await startApiServer({ crds }), sandbox: await startApiServer({ crds }) };
  });
  afterAll(async () => {
    await servers.real.close();
    await servers.sandbox.close();
  });

  it('are the same for the same seed', () => {
    expect(drawSequence(7)).toEqual(drawSequence(7));
    expect(drawSequence(7)).not.toEqual(drawSequence(8));
  });

  it('are answered alike by two servers that are', async () => {
    const seeds = Array.from({ length: 10 }, (_, index) => index + 1);
    const options = { abreast: 4, shrinks: 20, failures: 1 };
    const { failures, requests } = await playRounds(servers, seeds, options);
    expect(failures).toEqual([]);
    expect(requests).toBeGreaterThan(400);
  });

  it.each(saboteurs)('find out that $name', async (saboteur) => {
    await using sandbox = await sabotaged(servers.sandbox, saboteur);
    for (let seed = 1; seed <= mostSeeds; seed += 1) {
      const { difference } = await play({ real: servers.real, sandbox }, drawSequence(seed), patience);
      if (difference === undefined) continue;
      expect(printed(difference)).toContain('the last differs');
      return;
    }
    expect.fail(`nobody found out within ${mostSeeds} sequences`);
  });
});
