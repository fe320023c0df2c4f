/**
 * The application itself, as probes of class `http` see it: at `/<namespace>` it answers as the version that Flux applied
 * there would, so that an answer before that is one of the version before.
 */
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll } from 'vitest';
import { isRecord } from '../../src/api/json.ts';
import type { Space } from './space.ts';

/** Answers, or does not. */
type Behaviour = (version: string, response: ServerResponse) => void;

export interface ProbedService {
  /** How the application of a namespace answers from now on. Its manifests are those of `configManifests`. */
  runs(space: Space, behaviour: Behaviour): void;
  url(space: Space): string;
  /** Versions that were asked, oldest first. */
  asked(space: Space): readonly string[];
}

/** One for all tests of a file. Call it at the top; the function that it returns is for inside of tests. */
export function sharedProbedService(): () => ProbedService {
  const applications = new Map<string, { readonly space: Space; behaviour: Behaviour; readonly asked: string[] }>();
  const server = createServer((request, response) => {
    const application = applications.get(request.url?.slice(1) ?? '');
    if (application === undefined) {
      response.writeHead(404).end();
      return;
    }
    versionOf(application.space).then(
      (version) => {
        application.asked.push(version);
        application.behaviour(version, response);
      },
      () => response.writeHead(503).end(),
    );
  });
  beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)));
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  const service: ProbedService = {
    runs: (space, behaviour) => {
      const asked = applications.get(space.namespace)?.asked ?? [];
      applications.set(space.namespace, { space, behaviour, asked });
    },
    url: ({ namespace }) => `http://127.0.0.1:${(server.address() as AddressInfo).port}/${namespace}`,
    asked: ({ namespace }) => applications.get(namespace)?.asked ?? [],
  };
  return () => service;
}

/** What Flux applied last. */
async function versionOf(space: Space): Promise<string> {
  const type = await space.typeOf({ apiVersion: 'v1', kind: 'ConfigMap' });
  const applied: unknown = await space.get(type);
  const data = isRecord(applied) && isRecord(applied.data) ? applied.data : {};
  return String(data.VERSION);
}
