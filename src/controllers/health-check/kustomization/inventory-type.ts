/** Objects of any kind, reduced to what tells their health: many of them stay in memory. */
import Type from 'typebox';
import { parserFor } from '../../../api/define-resource.ts';
import { isRecord } from '../../../api/json.ts';
import { type KubeObject, ObjectMeta } from '../../../api/meta.ts';
import type { ResourceType } from '../../../api/resource-type.ts';

const parseObject = parserFor(
  'object of an inventory',
  Type.Object({ apiVersion: Type.String(), kind: Type.String(), metadata: ObjectMeta }),
);

/** Parts that are big and say nothing about health. */
const bulk = ['data', 'binaryData', 'stringData', 'rules', 'webhooks', 'subjects', 'roleRef'] as const;
const specBulk = ['template', 'versions', 'volumeClaimTemplates', 'containers', 'initContainers', 'volumes'] as const;

function parse(raw: unknown): KubeObject {
  const object = parseObject(raw);
  const kept: Record<string, unknown> & KubeObject = { ...object };
  for (const field of bulk) Reflect.deleteProperty(kept, field);
  const metadata = { ...object.metadata };
  delete metadata.annotations;
  delete metadata.managedFields;
  if (!isRecord(object.spec)) return { ...kept, metadata };
  const spec = { ...object.spec };
  for (const field of specBulk) Reflect.deleteProperty(spec, field);
  return { ...kept, metadata, spec };
}

export function inventoryType(apiVersion: string, kind: string, plural: string, namespaced: boolean): ResourceType {
  return { apiVersion, kind, plural, namespaced, parse };
}
