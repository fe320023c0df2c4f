/** What people ask of a Rollout, in words that it knows and in others. */
import { Rollout } from '../../../src/api/rollout.ts';
import { type ActionKind, annotate, keyOfApp, merge, oneOf } from './action.ts';

const users = ['alice', 'bob'] as const;
const nonsense: readonly Readonly<Record<string, string>>[] = [
  { deploy: 'the newest, please' },
  { deploy: '9.9.9' },
  { 'force-deploy': '9.9.9' },
  { 'force-deploy': '' },
  { rollback: '9.9.9' },
  { 'bypass-gates': '9.9.9' },
  { 'bypass-gates': 'true' },
  { 'unblock-failed': 'yes' },
  { retry: '' },
  { revoke: 'not a tag!' },
  { 'deploy-message': 'said for nothing' },
];
/** What goes on, or waits, without an end. */
const stuck: readonly string[] = ['WaitingForHealth', 'Deploying', 'Baking'];
/** Everything that may still be asked for. */
const all = ['deploy', 'force-deploy', 'rollback', 'bypass-gates', 'unblock-failed', 'retry', 'revoke'];

export const requestKinds = {
  pin: {
    weight: 1,
    carryOut: (world, { minor }, app) =>
      merge(world, Rollout, keyOfApp(app), { spec: { wantedVersion: world.known(app, minor) } }),
  },
  unpin: {
    weight: 2,
    carryOut: (world, _matter, app) => merge(world, Rollout, keyOfApp(app), { spec: { wantedVersion: null } }),
  },
  force: {
    weight: 1,
    carryOut: (world, matter, app) =>
      annotate(world, app, { 'force-deploy': world.known(app, matter.minor), 'deploy-user': oneOf(users, matter) }),
  },
  deploy: {
    weight: 1,
    carryOut: (world, matter, app) =>
      annotate(world, app, { deploy: world.known(app, matter.minor), 'deploy-user': oneOf(users, matter) }),
  },
  bypass: {
    weight: 1,
    carryOut: (world, { minor }, app) => annotate(world, app, { 'bypass-gates': world.known(app, minor) }),
  },
  rollback: {
    weight: 1,
    carryOut: (world, matter, app) =>
      annotate(world, app, { rollback: oneOf(['', world.known(app, matter.minor)], matter) }),
  },
  revoke: {
    weight: 1,
    carryOut: (world, { minor }, app) => annotate(world, app, { revoke: world.known(app, minor) }),
  },
  retry: { weight: 1, carryOut: (world, _matter, app) => annotate(world, app, { retry: 'true' }) },
  unblock: { weight: 1, carryOut: (world, _matter, app) => annotate(world, app, { 'unblock-failed': 'true' }) },
  'ask-nonsense': { weight: 1, carryOut: (world, matter, app) => annotate(world, app, oneOf(nonsense, matter)) },
  /** They make up their minds: neither what failed, nor what is ill or never ready, holds back what is newer. */
  'get-going': {
    weight: 0,
    async carryOut(world, _matter, app) {
      const { status } = await world.people.get(Rollout, keyOfApp(app));
      const reason = status?.conditions?.find(({ type }) => type === 'Progressing')?.reason ?? '';
      if (reason === 'Halted') await annotate(world, app, { 'unblock-failed': 'true' });
      const newest = world.newest(app);
      if (newest === status?.history?.[0]?.version.tag || !stuck.includes(reason)) return;
      await annotate(world, app, { 'force-deploy': newest });
    },
  },
  /** They make up their minds: nothing is asked for, and the newest release will do. */
  'drop-requests': {
    weight: 0,
    async carryOut(world, _matter, app) {
      const annotations = Object.fromEntries(all.map((key) => [`rollout.kuberik.com/${key}`, null]));
      const body = { metadata: { annotations }, spec: { wantedVersion: null, releaseOrder: null } };
      await merge(world, Rollout, keyOfApp(app), body);
    },
  },
} as const satisfies Record<string, ActionKind>;
