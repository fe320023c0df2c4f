/** The controller of `docs/extending.md` runs as it stands, and is all that a class of one's own needs. */
import { expect, test } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { sharedWorld } from '../support/world.ts';
import { documented, documentedObject, runDocumented } from './documented.ts';

const world = sharedWorld();

test('an unknown class holds a release and says whose it is; the controller of the document opens it', async () => {
  const space = await world().space('extending');
  await space.application();
  await space.reaches(['v1.0.0 Succeeded Automatic']);
  await space.put(documentedObject('gate.yaml'));
  await space.push('v1.2.0');
  await eventually(async () => {
    const said = await space.says('Progressing', 'False', 'WaitingForGates');
    expect(said).toContain('RolloutGate stable waits for the first answer of class even-minor');
  });
  expect(await space.history()).toEqual(['v1.0.0 Succeeded Automatic']);

  await using controller = runDocumented('even-minor.mjs', world().sandbox.api.kubeconfig());
  await space.reaches(['v1.2.0 Succeeded Automatic', 'v1.0.0 Succeeded Automatic']);

  await space.push('v1.3.0');
  await eventually(async () => {
    const said = await space.says('Progressing', 'False', 'WaitingForGates');
    expect(said).toContain('v1.3.0 is for developers: wait for the next even minor version');
  });
  await space.push('v1.4.0');
  await eventually(async () => {
    expect((await space.history())[0]).toBe('v1.4.0 Succeeded Automatic');
  });
  expect(await space.carried()).toEqual(['v1.0.0', 'v1.2.0', 'v1.4.0']);
  expect(controller.output()).toBe('');
});

test('the controller of the document is short', () => {
  expect(documented('even-minor.mjs').trim().split('\n').length).toBeLessThanOrEqual(40);
});
