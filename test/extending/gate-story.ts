/** What the controller of the documented gate class does, in either world. */
import { expect } from 'vitest';
import { eventually } from '../support/eventually.ts';
import type { Space } from '../support/space.ts';
import { documentedObject, type Running, runDocumented } from './documented.ts';

/** @param rights a kubeconfig of somebody who may run the controller */
export async function gateStory(space: Space, rights: () => string | Promise<string>): Promise<void> {
  await space.application();
  await space.reaches(['v1.0.0 Succeeded Automatic']);
  await space.put(documentedObject('gate.yaml'));
  await space.push('v1.2.0');
  await waitsFor(space, 'RolloutGate stable waits for the first answer of class even-minor');
  expect(await space.history()).toEqual(['v1.0.0 Succeeded Automatic']);

  await using controller: Running = runDocumented('even-minor.mjs', await rights());
  await space.reaches(['v1.2.0 Succeeded Automatic', 'v1.0.0 Succeeded Automatic']);
  await space.push('v1.3.0');
  await waitsFor(space, 'v1.3.0 is for developers: wait for the next even minor version');
  await space.push('v1.4.0');
  await eventually(async () => {
    expect((await space.history())[0]).toBe('v1.4.0 Succeeded Automatic');
  });
  expect(await space.carried()).toEqual(['v1.0.0', 'v1.2.0', 'v1.4.0']);
  expect(controller.output()).toBe('');
}

async function waitsFor(space: Space, text: string): Promise<void> {
  await eventually(async () => {
    expect(await space.says('Progressing', 'False', 'WaitingForGates')).toContain(text);
  });
}
