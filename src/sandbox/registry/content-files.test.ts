import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { mediaTypes } from '../../oci/media-types.ts';
import { absent, manifestOf, putBlob, putImage, sha256, start } from './testing/start.ts';

describe('on disk', () => {
  async function folder(): Promise<string> {
    const path = await mkdtemp(join(tmpdir(), 'kuberik-registry-'));
    onTestFinished(() => rm(path, { recursive: true }));
    return path;
  }

  it('everything is there after a restart', async () => {
    const dataDir = await folder();
    const before = await start({ dataDir });
    const subject = { mediaType: mediaTypes.manifest, digest: sha256(manifestOf()), size: 1 };
    await putImage(before.call, 'team/app', '1.0.0');
    await putImage(before.call, 'team/app', 'gone');
    await putImage(before.call, 'team/app', 'about', manifestOf({ subject }));
    await before.call('DELETE', '/v2/team/app/manifests/gone');
    const blob = await putBlob(before.call, 'team/app', 'deleted');
    await before.call('DELETE', `/v2/team/app/blobs/${blob}`);
    await before.registry.close();

    const { call } = await start({ dataDir });
    expect((await call('GET', '/v2/team/app/tags/list')).json().tags).toEqual(['1.0.0', 'about']);
    expect((await call('GET', '/v2/team/app/manifests/1.0.0')).body).toBe(manifestOf());
    expect((await call('GET', `/v2/team/app/blobs/${sha256('{}')}`)).body).toBe('{}');
    expect((await call('GET', `/v2/team/app/blobs/${blob}`)).status).toBe(404);
    expect((await call('GET', `/v2/team/app/referrers/${subject.digest}`)).json().manifests).toHaveLength(1);
  });

  it('what a crash left is not taken for content', async () => {
    const dataDir = await folder();
    const before = await start({ dataDir });
    await putImage(before.call, 'team/app', '1.0.0');
    await before.registry.close();
    const links = join(dataDir, 'repositories/team/app');
    await writeFile(join(dataDir, 'unfinished/half'), 'half');
    await writeFile(join(links, '_blobs/sha256', absent.slice(7)), '');
    await writeFile(join(links, '_tags/dangling'), absent);
    await mkdir(join(dataDir, 'content/other'), { recursive: true });

    const { call, code } = await start({ dataDir });
    expect((await call('GET', '/v2/team/app/tags/list')).json().tags).toEqual(['1.0.0']);
    expect(await code(call('GET', `/v2/team/app/blobs/${absent}`))).toBe('404 BLOB_UNKNOWN');
    expect(await code(call('GET', '/v2/team/app/manifests/dangling'))).toBe('404 MANIFEST_UNKNOWN');
  });

  it('many writers at once lose nothing', async () => {
    const dataDir = await folder();
    const before = await start({ dataDir });
    await putBlob(before.call, 'team/app', '{}');
    const numbers = Array.from({ length: 30 }, (_, index) => `t${10 + index}`);
    await Promise.all(
      numbers.map(async (tag) => {
        await putBlob(before.call, `team/${tag}`, 'shared');
        await putImage(before.call, 'team/app', tag);
        await before.call('DELETE', `/v2/team/${tag}/blobs/${sha256('shared')}`);
      }),
    );
    await putBlob(before.call, 'team/last', 'shared');
    await before.registry.close();
    const { call } = await start({ dataDir });
    expect((await call('GET', '/v2/team/app/tags/list')).json().tags).toEqual(numbers);
    expect((await call('GET', `/v2/team/last/blobs/${sha256('shared')}`)).body).toBe('shared');
  });
});
