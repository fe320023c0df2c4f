import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { OciError } from './errors.ts';
import { apiHost, formatReference, parseReference, parseRepository } from './reference.ts';

const sha = `sha256:${'a'.repeat(64)}`;

test.each([
  ['nginx', 'docker.io', 'library/nginx', undefined, undefined],
  ['nginx:1.27', 'docker.io', 'library/nginx', '1.27', undefined],
  ['me/app', 'docker.io', 'me/app', undefined, undefined],
  ['docker.io/nginx', 'docker.io', 'library/nginx', undefined, undefined],
  ['index.docker.io/library/nginx:1', 'docker.io', 'library/nginx', '1', undefined],
  ['registry-1.docker.io/me/app', 'docker.io', 'me/app', undefined, undefined],
  ['localhost/app', 'localhost', 'app', undefined, undefined],
  ['localhost:5000/app:v1', 'localhost:5000', 'app', 'v1', undefined],
  ['host:5000/app', 'host:5000', 'app', undefined, undefined],
  ['GHCR.io/me/app', 'ghcr.io', 'me/app', undefined, undefined],
  ['[::1]:5000/app', '[::1]:5000', 'app', undefined, undefined],
  [`ghcr.io/me/app@${sha}`, 'ghcr.io', 'me/app', undefined, sha],
  [`ghcr.io/me/app:1.0.0@${sha}`, 'ghcr.io', 'me/app', '1.0.0', sha],
  ['oci://ghcr.io/me/manifests:1.0.0', 'ghcr.io', 'me/manifests', '1.0.0', undefined],
  ['ghcr.io/a_b/c__d/e-f/g--h/i.j', 'ghcr.io', 'a_b/c__d/e-f/g--h/i.j', undefined, undefined],
])('%s', (text, registry, repository, tag, digest) => {
  expect(parseReference(text)).toEqual({ registry, repository, tag, digest });
});

test.each([
  ['', 'path'],
  ['/app', 'path'],
  ['ghcr.io/', 'path'],
  ['ghcr.io/Me/app', '"Me"'],
  ['ghcr.io/me//app', '""'],
  ['ghcr.io/me/app:', 'tag'],
  ['ghcr.io/me/app:-x', 'tag'],
  ['ghcr.io/me/app@sha256:abc', 'digest'],
  ['ghcr.io/me/a___b', '"a___b"'],
  ['ghcr.io/me/../etc', '".."'],
  ['https://ghcr.io/me/app', 'scheme'],
  ['-ghcr.io/me/app', 'host'],
  ['[:]/me/app', 'host'],
  ['ghcr.io:99999/me/app', 'host'],
  [`ghcr.io/${'a'.repeat(256)}`, 'longer than 255'],
  ['a'.repeat(2000), 'longer than 1024'],
])('refuses %s', (text, fault) => {
  expect(() => parseReference(text)).toThrow(
    expect.objectContaining({ code: 'KBK_OCI_INVALID_REFERENCE', message: expect.stringContaining(fault) }),
  );
});

describe('a repository name', () => {
  it('has neither tag nor digest', () => {
    expect(parseRepository('ghcr.io/me/app')).toEqual({ registry: 'ghcr.io', repository: 'me/app' });
    expect(() => parseRepository('ghcr.io/me/app:1')).toThrow('tag or a digest');
  });

  it('of Docker Hub is served elsewhere', () => {
    expect(apiHost(parseRepository('nginx').registry)).toBe('registry-1.docker.io');
    expect(apiHost('ghcr.io')).toBe('ghcr.io');
  });
});

const component = fc.stringMatching(/^[a-z0-9]{1,8}(?:[._-][a-z0-9]{1,8})?$/);
const reference = fc.record({
  registry: fc.constantFrom('docker.io', 'ghcr.io', 'localhost:5000', 'registry.example.com:443', '10.0.0.1', '[::1]'),
  repository: fc.array(component, { minLength: 2, maxLength: 4 }).map((parts) => parts.join('/')),
  tag: fc.option(fc.stringMatching(/^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,20}$/), { nil: undefined }),
  digest: fc.option(fc.constant(sha), { nil: undefined }),
});

test('what is written is read as the same', () => {
  fc.assert(
    fc.property(reference, (parts) => {
      expect(parseReference(formatReference(parts as never))).toEqual(parts);
    }),
  );
});

test('no text makes it fail otherwise than with an error that says so', () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.stringMatching(/^[a-z.:@/_-]{0,40}$/)),
      (text) => {
        try {
          const parsed = parseReference(text);
          expect(parseReference(formatReference(parsed))).toEqual(parsed);
        } catch (error) {
          expect(error).toBeInstanceOf(OciError);
        }
      },
    ),
    { numRuns: 1000 },
  );
});
