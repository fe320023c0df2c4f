/** All of them, by theme. A new one is a row. */
import { ofChoices } from './choices.ts';
import { ofClients } from './client.ts';
import { ofHealth } from './health.ts';
import { ofPermission } from './permission.ts';
import { ofQuiet } from './quiet.ts';
import { ofRecord } from './record.ts';
import { ofRecovery } from './recovery.ts';
import type { Saboteur } from './saboteur.ts';
import { ofWords } from './words.ts';

export const saboteurs: readonly Saboteur[] = [
  ...ofClients,
  ...ofPermission,
  ...ofRecord,
  ...ofChoices,
  ...ofHealth,
  ...ofWords,
  ...ofQuiet,
  ...ofRecovery,
];
