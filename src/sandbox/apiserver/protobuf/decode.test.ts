import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ApiFailure } from '../errors.ts';
import { decodeProtobuf } from './decode.ts';

/** A length-delimited field. */
function field(number: number, ...content: readonly (Buffer | string)[]): Buffer {
  const bytes = Buffer.concat(content.map((part) => Buffer.from(part)));
  return Buffer.concat([Buffer.from([(number << 3) | 2, ...varint(bytes.length)]), bytes]);
}

function integer(number: number, value: number): Buffer {
  return Buffer.from([number << 3, ...varint(value)]);
}

function varint(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...varint(value >>> 7)];
}

function body(apiVersion: string, kind: string, raw: Buffer): Buffer {
  return Buffer.concat([Buffer.from('k8s\0'), field(1, field(1, apiVersion), field(2, kind)), field(2, raw)]);
}

describe('protocol buffers', () => {
  it('reads maps, bytes and times', () => {
    const metadata = field(1, field(1, 'name'), field(3, 'default'), field(8, integer(1, 1_767_225_600)));
    const secret = Buffer.concat([metadata, field(2, field(1, 'key'), field(2, 'value')), field(3, 'Opaque')]);
    expect(decodeProtobuf(body('v1', 'Secret', secret))).toEqual({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'name', namespace: 'default', creationTimestamp: '2026-01-01T00:00:00Z' },
      data: { key: Buffer.from('value').toString('base64') },
      type: 'Opaque',
    });
  });

  it('reads lists, ports that are names or numbers, and leaves out zeros that nobody set', () => {
    const port = (target: Buffer): Buffer =>
      field(1, field(1, 'http'), integer(3, 80), field(4, target), integer(5, 0));
    const ports = [
      port(Buffer.concat([integer(1, 0), integer(2, 8080)])),
      port(Buffer.concat([integer(1, 1), field(3, 'web')])),
    ];
    const service = field(2, ...ports);
    expect(decodeProtobuf(body('v1', 'Service', service))).toMatchObject({
      spec: {
        ports: [
          { name: 'http', port: 80, targetPort: 8080 },
          { name: 'http', port: 80, targetPort: 'web' },
        ],
      },
    });
  });

  it('puts what Go embeds into its parent', () => {
    const volume = field(1, field(1, 'data'), field(2, field(2, field(1, ''))));
    const pod = field(2, volume);
    expect(decodeProtobuf(body('v1', 'Pod', pod))).toMatchObject({
      spec: { volumes: [{ name: 'data', emptyDir: {} }] },
    });
  });

  it('refuses any other bytes with a 400, never otherwise', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.boolean(), (bytes, dressed) => {
        const raw = Buffer.from(bytes);
        try {
          decodeProtobuf(dressed ? body('v1', 'Pod', raw) : raw);
        } catch (error) {
          expect(error).toBeInstanceOf(ApiFailure);
          expect((error as ApiFailure).code).toBe(400);
        }
      }),
    );
  });
});
