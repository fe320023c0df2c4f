/** What the controller of the documented health class does, in either world. */
import { expect } from 'vitest';
import { HealthCheck } from '../../src/api/health-check.ts';
import { eventually } from '../support/eventually.ts';
import { deploymentManifests } from '../support/objects.ts';
import type { Space } from '../support/space.ts';
import { documentedObject, type Running, runDocumented } from './documented.ts';

/** @param rights a kubeconfig of somebody who may run the controller */
export async function healthStory(space: Space, rights: () => string | Promise<string>): Promise<void> {
  await space.put(documentedObject('check.yaml'));
  // Nobody but the class of the document finds a crashing pod: Deployments give up after ten minutes.
  await space.application({}, deploymentManifests(space.image(), 600));
  await space.remove(HealthCheck, 'app');
  await eventually(async () => {
    expect(await space.says('Progressing', 'True', 'Deploying')).toContain('crash-loop');
  });

  await using controller: Running = runDocumented('crash-loop.mjs', await rights());
  await space.reaches(['v1.0.0 Succeeded Automatic']);
  await space.pushCrashing('v1.1.666');
  const rolledBack = ['v1.0.0 Succeeded Rollback', 'v1.1.666 Failed Automatic', 'v1.0.0 Succeeded Automatic'];
  await space.reaches(rolledBack);
  const [, failed] = await space.entries();
  expect(failed?.failedHealthChecks).toMatchObject([{ name: 'crash-loop', message: /of v1\.1\.666 crash-loops$/ }]);
  expect(controller.output()).toBe('');
}
