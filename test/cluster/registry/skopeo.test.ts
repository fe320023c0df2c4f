/** Our client and the real skopeo read what the other one pushed, whatever registry is between them. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseTag } from '../../../src/api/tag.ts';
import { digestOf } from '../../../src/oci/manifest.ts';
import { mediaTypes } from '../../../src/oci/media-types.ts';
import { pushImage } from '../../../src/oci/push.ts';
import { packFiles } from '../../../src/oci/tar.ts';
import { run } from '../control-plane/command.ts';
import { registryNames } from '../control-plane/registries.ts';
import { Run } from '../control-plane/run.ts';
import { eachRegistry, signal } from './registries.ts';

const registry = eachRegistry();
let owned: Run;

beforeAll(async () => {
  owned = await Run.create('skopeo');
});
afterAll(() => owned[Symbol.asyncDispose]());

/** An OCI layout on disk: https://github.com/opencontainers/image-spec/blob/main/image-layout.md */
async function writeLayout(folder: string): Promise<string> {
  const blobs = join(folder, 'blobs', 'sha256');
  await mkdir(blobs, { recursive: true });
  const put = async (mediaType: string, bytes: Uint8Array) => {
    const digest = digestOf(bytes);
    await writeFile(join(blobs, digest.slice('sha256:'.length)), bytes);
    return { mediaType, digest, size: bytes.byteLength };
  };
  const json = (value: object) => Buffer.from(JSON.stringify(value));
  const layer = await put(mediaTypes.layer, packFiles(new Map([['hello', Buffer.from('hello')]])));
  const config = await put(
    mediaTypes.config,
    json({
      architecture: 'amd64',
      os: 'linux',
      config: { Labels: { 'org.opencontainers.image.revision': 'main@sha1:8d2f' } },
      rootfs: { type: 'layers', diff_ids: [layer.digest] },
    }),
  );
  const annotations = { 'org.opencontainers.image.version': '1.0.0' };
  const manifest = { schemaVersion: 2, mediaType: mediaTypes.manifest, config, layers: [layer], annotations };
  const described = await put(mediaTypes.manifest, json(manifest));
  await writeFile(join(folder, 'oci-layout'), json({ imageLayoutVersion: '1.0.0' }));
  await writeFile(join(folder, 'index.json'), json({ schemaVersion: 2, manifests: [described] }));
  return described.digest;
}

describe.each(registryNames)('%s', (name) => {
  test('an image that skopeo copied is read by us', async () => {
    const { client, repository: fresh } = registry(name);
    const repository = fresh('theirs');
    const folder = owned.folder(name);
    const digest = await writeLayout(folder);
    await run('skopeo', ['copy', '--dest-tls-verify=false', `oci:${folder}`, `docker://${repository}:v1.0.0`]);
    expect(await client.listTags(repository, {}, signal)).toEqual(['v1.0.0']);
    expect(await client.readManifest(repository, parseTag('v1.0.0'), {}, signal)).toMatchObject({
      digest,
      mediaType: mediaTypes.manifest,
      version: '1.0.0',
      revision: 'main@sha1:8d2f',
    });
  });

  test('an image that we pushed is read by skopeo', async () => {
    const { client, repository: fresh } = registry(name);
    const repository = fresh('ours');
    const labels = { 'org.opencontainers.image.version': '1.0.0' };
    const content = { repository, tag: 'v1.0.0', files: { hello: 'hello' }, labels };
    const digest = await pushImage(client.transport, content, signal);
    const inspected: unknown = JSON.parse(
      await run('skopeo', ['inspect', '--tls-verify=false', `docker://${repository}:v1.0.0`]),
    );
    expect(inspected).toMatchObject({
      Name: repository,
      Digest: digest,
      RepoTags: ['v1.0.0'],
      Labels: labels,
      Architecture: 'amd64',
    });
    const listed: unknown = JSON.parse(
      await run('skopeo', ['list-tags', '--tls-verify=false', `docker://${repository}`]),
    );
    expect(listed).toEqual({ Repository: repository, Tags: ['v1.0.0'] });
  });
});
