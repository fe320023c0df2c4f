/** The wire format itself. https://protobuf.dev/programming-guides/encoding/ */

export interface Wire {
  readonly number: number;
  /** Of a varint field. */
  readonly integer: bigint;
  /** Of a length-delimited or fixed field. */
  readonly bytes: Buffer;
}

/** Bytes that are no protocol buffer. */
export class WireError extends Error {
  override readonly name = 'WireError';
}

const none = Buffer.alloc(0);

/** The fields of a message in their order. @throws WireError */
export function* fieldsIn(message: Buffer): Iterable<Wire> {
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = message[at];
      if (byte === undefined) throw new WireError('a number is cut off');
      at += 1;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    throw new WireError('a number is too long');
  };
  const take = (length: number): Buffer => {
    if (at + length > message.length) throw new WireError('a field is cut off');
    at += length;
    return message.subarray(at - length, at);
  };
  while (at < message.length) {
    const tag = Number(varint());
    const number = tag >>> 3;
    switch (tag & 7) {
      case 0:
        yield { number, integer: varint(), bytes: none };
        break;
      case 1:
        yield { number, integer: 0n, bytes: take(8) };
        break;
      case 2:
        yield { number, integer: 0n, bytes: take(Number(varint())) };
        break;
      case 5:
        yield { number, integer: 0n, bytes: take(4) };
        break;
      default:
        throw new WireError(`wire type ${tag & 7} is not in use`);
    }
  }
}
