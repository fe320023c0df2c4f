/** What registries send, and the credentials of people. */
import { isDeepStrictEqual } from 'node:util';
import { gzipSync } from 'node:zlib';
import { parseDigest } from '../../../src/api/tag.ts';
import { createFakeClock } from '../../../src/kube/testing/fake-clock.ts';
import { parseChallenges } from '../../../src/oci/challenge.ts';
import { findCredentials, parseDockerConfig } from '../../../src/oci/docker-config.ts';
import { ArchiveError, OciError } from '../../../src/oci/errors.ts';
import { readRetryAfter, refusal } from '../../../src/oci/fault.ts';
import type { HttpResponse } from '../../../src/oci/http.ts';
import { addLabels, lacksFacts, parseManifest } from '../../../src/oci/manifest.ts';
import { formatReference, parseReference, parseRepository } from '../../../src/oci/reference.ts';
import { readTags } from '../../../src/oci/tag-list.ts';
import { packFiles, unpackFiles } from '../../../src/oci/tar.ts';
import { holds, holdsPlain, lines, type Target } from '../engine/target.ts';

const isOciError = (error: unknown): boolean => error instanceof OciError;
const clock = createFakeClock();
const digest = parseDigest(`sha256:${'0'.repeat(64)}`);

/** The body below the first line, which is the header that matters. */
export function responseOf(status: number, header: string, body: string): HttpResponse {
  const values = header === '' ? [] : header.split('\t');
  return { status, headers: () => values, body: Buffer.from(body), url: new URL('https://registry.example.com/v2/') };
}

const reference: Target = {
  name: 'reference',
  refuses: isOciError,
  run(input) {
    const parsed = parseReference(input);
    const text = formatReference(parsed);
    holds(`${text} is the same reference`, isDeepStrictEqual(parseReference(text), parsed));
    const { registry, repository } = parsed;
    holds(
      'its name alone is a name',
      isDeepStrictEqual(parseRepository(`${registry}/${repository}`), { registry, repository }),
    );
    holds('it fits into a URL', URL.canParse(`https://${registry}/v2/${repository}/`));
  },
};

const manifest: Target = {
  name: 'manifest',
  form: 'json',
  refuses: isOciError,
  run(input) {
    const parsed = parseManifest('example.com/app:v1', Buffer.from(input), digest, 'application/json; charset=utf-8');
    holdsPlain(parsed);
    for (const { size } of parsed.layers) holds('a size is whole', Number.isSafeInteger(size) && size >= 0);
    if (lacksFacts(parsed)) holdsPlain(addLabels(parsed.metadata, Buffer.from(input)));
  },
};

const challenge: Target = {
  name: 'challenge',
  run(input) {
    for (const { scheme, parameters } of parseChallenges(input.split('\n'))) {
      holds('a scheme is in lower case', scheme === scheme.toLowerCase() && scheme !== '');
      for (const name of parameters.keys()) holds('a name is in lower case', name === name.toLowerCase());
    }
  },
};

const dockerConfig: Target = {
  name: 'docker-config',
  form: 'json',
  refuses: isOciError,
  async run(input) {
    const config = parseDockerConfig(input, 'Secret team/registry');
    const { signal } = new AbortController();
    for (const registry of ['docker.io', 'registry.example.com', '__proto__']) {
      const found = await findCredentials(config, { registry, repository: 'team/app' }, signal, async (helper) => {
        holds('a helper is the name of a program alone', /^[\w.-]+$/.test(helper));
        return undefined;
      });
      for (const value of Object.values(found ?? {})) holds('a credential is a text', typeof value === 'string');
    }
  },
};

/** What follows a changed header is read only when its checksum is right. */
function withChecksums(archive: Buffer): Buffer {
  for (let offset = 0; offset + 512 <= archive.length; ) {
    const head = archive.subarray(offset, offset + 512);
    head.fill(' ', 148, 156);
    const sum = head.reduce((total, byte) => total + byte, 0);
    if (sum === 8 * 32) head.fill(0, 148, 156);
    else head.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
    const size = Number.parseInt(head.subarray(124, 136).toString('latin1'), 8);
    offset += 512 * (1 + Math.ceil((size > 0 ? size : 0) / 512));
  }
  return archive;
}

const tar: Target = {
  name: 'tar',
  form: 'bytes',
  refuses: (error) => error instanceof ArchiveError,
  run(input) {
    const archive = withChecksums(Buffer.from(input, 'latin1'));
    const files = unpackFiles(gzipSync(archive, { level: 0 }), { maxBytes: 1024 * 1024, maxEntries: 1_000 });
    for (const path of files.keys()) {
      holds(
        'a path stays in its folder',
        !path.startsWith('/') && !path.split('/').includes('..') && !path.includes('\0'),
      );
    }
    try {
      holds('what is packed is unpacked', isDeepStrictEqual(unpackFiles(packFiles(files)), new Map([...files].sort())));
    } catch (error) {
      // What another format had room for, ustar may have none.
      if (!(error instanceof ArchiveError && error.message.includes('too long for ustar'))) throw error;
    }
  },
};

const layer: Target = {
  name: 'gzip',
  form: 'bytes',
  refuses: (error) => error instanceof ArchiveError,
  run: (input) => unpackFiles(Buffer.from(input, 'latin1'), { maxBytes: 1024 * 1024 }),
};

const tagList: Target = {
  name: 'tag-list',
  refuses: isOciError,
  async run(input) {
    const pages = input.split('\n---\n');
    let page = 0;
    const tags = await readTags('example.com/app', async (path) => {
      holds('it stays on its host', typeof path === 'string' || path.host === 'registry.example.com');
      const [header = '', body = ''] = lines(pages[page++ % pages.length] ?? '', 1);
      return responseOf(200, header, body);
    });
    holds('a tag is listed once', new Set(tags).size === tags.length);
  },
};

const answer: Target = {
  name: 'registry-answer',
  run(input) {
    const [header = '', status = '', body = ''] = lines(input, 2);
    const response = responseOf(Number(status) || 429, header, body);
    const access = { credentials: { username: 'me', password: 'secret-word' } };
    const { message, retryAt } = refusal('example.com/app', 'example.com/app', response, access, clock);
    holds('no secret is in a message', !message.includes('secret-word'));
    const at = retryAt ?? readRetryAfter(response, clock);
    const latest = clock.now().add({ hours: 1 });
    holds('nobody waits longer than an hour', at === undefined || Temporal.Instant.compare(at, latest) <= 0);
  },
};

export const ociTargets: readonly Target[] = [
  ...[reference, manifest, challenge, dockerConfig, tar, layer, tagList, answer],
];
