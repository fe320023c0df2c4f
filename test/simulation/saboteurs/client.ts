/** Between the controllers and their client: they see what is not so, or write what they should not. */
import { type KubeObject, keyOf } from '../../../src/api/meta.ts';
import type { HistoryEntry, Rollout } from '../../../src/api/rollout.ts';
import { parseTag } from '../../../src/api/tag.ts';
import type { KubeClient } from '../../../src/kube/client.ts';
import { instead } from '../../support/instead.ts';
import { kustomizationType } from '../flux.ts';
import type { Saboteur } from './saboteur.ts';
import { both, doing, failing, having, isGood, meeting, story } from './where.ts';

type See = (object: KubeObject) => KubeObject | undefined;

/** Sees objects of a kind otherwise than they are, or not at all. */
const seeing = (kind: string, see: See) => (client: KubeClient) =>
  instead(client, {
    async list(type, options) {
      const page = await client.list(type, options);
      if (type.kind !== kind) return page;
      return { ...page, items: page.items.flatMap((item) => see(item as KubeObject) ?? []) };
    },
    async *watch(type, options) {
      for await (const event of client.watch(type, options)) {
        const isPlain = type.kind !== kind || event.type === 'BOOKMARK';
        const object = isPlain ? event.object : see(event.object as KubeObject);
        if (object !== undefined) yield { ...event, object };
      }
    },
  });

/** Writes the status of Rollouts otherwise than it should. */
const writing = (write: (rollout: Rollout) => Rollout) => (client: KubeClient) =>
  instead(client, {
    replace: (type, object, options) =>
      client.replace(type, type.kind === 'Rollout' ? write(object as unknown as Rollout) : object, options),
  });

const withHistory = (rollout: Rollout, map: (entries: readonly HistoryEntry[]) => HistoryEntry[]): Rollout => ({
  ...rollout,
  status: { ...rollout.status, history: map(rollout.status?.history ?? []) },
});

const withSpec = (object: KubeObject, fields: object): KubeObject => {
  const { spec } = object as KubeObject & { spec: object };
  return { ...object, spec: { ...spec, ...fields } };
};

const neverRan = { tag: parseTag('1.0.666') };

const variableOf = (name: string): string => name.replace('-', '_').toUpperCase();

export const ofClients: readonly Saboteur[] = [
  {
    name: 'targets are written before the record',
    breaks: ['I3'],
    wrap: (client) =>
      instead(client, {
        async replace(type, object, options) {
          const { metadata, status } = object as unknown as Rollout;
          const tag = status?.history?.[0]?.version.tag;
          if (type.kind === 'Rollout' && tag !== undefined) {
            const body = { spec: { postBuild: { substitute: { [variableOf(metadata.name)]: tag } } } };
            const key = { namespace: 'apps', name: metadata.name };
            await client.patch(kustomizationType, key, { type: 'merge', body }).catch(() => undefined);
          }
          return client.replace(type, object, options);
        },
      }),
  },
  {
    name: 'freezes are not seen',
    breaks: ['I1'],
    where: doing('freeze', 'push'),
    wrap: seeing('Freeze', () => undefined),
  },
  {
    name: 'a closed gate looks open',
    breaks: ['I1'],
    where: story(({ flagGate }) => flagGate, { do: 'close' }, { do: 'push', is: isGood }),
    wrap: seeing('RolloutGate', (gate) => withSpec(gate, { passing: true })),
  },
  {
    name: 'a manual gate is taken for an open flag',
    breaks: ['I1'],
    where: having(({ manualGate }) => manualGate),
    wrap: seeing('RolloutGate', (gate) => {
      const { class: kind } = (gate as KubeObject & { spec: { class?: string } }).spec;
      return kind === 'manual' ? undefined : gate;
    }),
  },
  {
    name: 'what is unfinished is left so when the next one comes',
    breaks: ['I2'],
    wrap: writing((rollout) =>
      withHistory(rollout, (entries) =>
        entries.map((entry, index) => (index === 1 ? { ...entry, bakeStatus: 'InProgress' } : entry)),
      ),
    ),
  },
  {
    name: 'whoever loses the race for the record writes all the same',
    breaks: ['I2', 'I3', 'I4'],
    where: both(doing('push'), meeting('lagging-caches', 'late-events', 'silent-watches')),
    wrap: (client) =>
      instead(client, {
        replace(type, object, options) {
          if (type.kind !== 'Rollout') return client.replace(type, object, options);
          const { status } = object as unknown as Rollout;
          return client.patch(type, keyOf(object), { type: 'merge', body: { status } }, options);
        },
      }),
  },
  {
    name: 'ids are used again',
    breaks: ['I3'],
    wrap: writing((rollout) => withHistory(rollout, (entries) => entries.map((entry) => ({ ...entry, id: 1 })))),
  },
  {
    name: 'a pin is not seen',
    breaks: ['I4'],
    where: doing('pin'),
    wrap: seeing('Rollout', (rollout) => withSpec(rollout, { wantedVersion: '' })),
  },
  {
    name: 'a rollback goes to what never ran',
    breaks: ['I5'],
    where: failing,
    wrap: writing((rollout) =>
      withHistory(rollout, (entries) =>
        entries.map((entry) => (entry.trigger === 'Rollback' ? { ...entry, version: neverRan } : entry)),
      ),
    ),
  },
  {
    name: 'what failed or was revoked is forgotten',
    breaks: ['I6'],
    where: failing,
    wrap: seeing('Rollout', (object) => {
      const rollout = object as unknown as Rollout;
      const forget = ({ resumeAfter, ...entry }: HistoryEntry): HistoryEntry =>
        entry.bakeStatus === 'Failed' ? { ...entry, bakeStatus: 'Cancelled' } : entry;
      const [newest, ...older] = rollout.status?.history ?? [];
      if (newest === undefined) return object;
      const { resumeAfter, ...rest } = newest;
      const status = { ...rollout.status, rejectedReleases: [], history: [rest, ...older.map(forget)] };
      return { ...rollout, status };
    }),
  },
  {
    name: 'every status is written twice',
    breaks: ['I7'],
    wrap: (client) =>
      instead(client, {
        async replace(type, object, options) {
          const written = await client.replace(type, object, options);
          return client.replace(type, written, options);
        },
      }),
  },
  {
    name: 'every event is told twice',
    breaks: ['I7'],
    wrap: (client) =>
      instead(client, {
        async create(type, object, options) {
          const name = `${object.metadata.name}-again`;
          if (type.kind === 'Event') await client.create(type, { ...object, metadata: { ...object.metadata, name } });
          return client.create(type, object, options);
        },
      }),
  },
  {
    name: 'nobody says what is waited for',
    breaks: ['I8'],
    wrap: writing((rollout) => {
      const conditions = (rollout.status?.conditions ?? []).map((condition) =>
        condition.type === 'Progressing' ? { ...condition, message: '' } : condition,
      );
      return { ...rollout, status: { ...rollout.status, conditions } };
    }),
  },
  {
    name: 'a status never is what it should be, and is written again and again',
    breaks: ['I10'],
    wrap: (() => {
      let writes = 0;
      return writing((rollout) => {
        writes += 1;
        const conditions = (rollout.status?.conditions ?? []).map((condition) => ({
          ...condition,
          message: `${condition.message} (${writes})`,
        }));
        return { ...rollout, status: { ...rollout.status, conditions } };
      });
    })(),
  },
  {
    name: 'targets are not written any more after a restart',
    breaks: ['convergence'],
    wrap: (() => {
      let processes = 0;
      return (client: KubeClient) => {
        processes += 1;
        if (processes % 2 === 1) return client;
        return instead(client, { apply: async (type, object) => type.parse({ ...object }) });
      };
    })(),
  },
];
