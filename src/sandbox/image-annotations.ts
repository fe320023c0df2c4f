/** What an image says about itself, for the scripted outcomes of workloads: annotations first, then config labels. */

import { isRecord } from '../api/json.ts';
import { parseTag } from '../api/tag.ts';
import { type JsonObject, objectAt, parseObject, text } from '../oci/json.ts';
import { acceptManifests } from '../oci/media-types.ts';
import { formatReference, parseReference } from '../oci/reference.ts';
import type { Transport } from '../oci/transport.ts';

const largest = 4 * 1024 * 1024;

/** Rejects with an `OciError`, `KBK_OCI_NOT_FOUND` when there is no such image. */
export async function readImageAnnotations(
  transport: Transport,
  image: string,
  signal: AbortSignal,
): Promise<Readonly<Record<string, string>>> {
  const { tag, digest, ...name } = parseReference(image);
  const reference = formatReference({ ...name, ...(tag && { tag }), ...(digest && { digest }) });
  const read = async (path: string, accept: string): Promise<JsonObject> => {
    const request = {
      name,
      reference,
      access: {},
      method: 'GET',
      path,
      headers: { accept },
      maxBytes: largest,
    } as const;
    const { body } = await transport.send(request, signal);
    return parseObject(body.toString()) ?? {};
  };
  const manifest = await read(`manifests/${digest ?? tag ?? parseTag('latest')}`, acceptManifests);
  const config = text(objectAt(manifest, 'config').digest);
  const labels =
    config === undefined ? {} : objectAt(objectAt(await read(`blobs/${config}`, '*/*'), 'config'), 'Labels');
  return { ...stringsOf(labels), ...stringsOf(objectAt(manifest, 'annotations')) };
}

function stringsOf(value: unknown): Record<string, string> {
  if (!isRecord(value)) return {};
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, item]) => (typeof item === 'string' ? [[key, item] as const] : [])),
  );
}
