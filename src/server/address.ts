/** Bind addresses as Go programs write them: `:8080`, `127.0.0.1:8080`, `[::1]:8080`, and `0` for none. */
import { ServerError } from './errors.ts';

export interface BindAddress {
  /** Undefined: every interface. */
  readonly host: string | undefined;
  /** 0: any free one. */
  readonly port: number;
}

const expression = /^(?:\[(?<v6>[0-9a-fA-F:.]+)\]|(?<host>[^:[\]]*)):(?<port>\d{1,5})$/;

export function formatBindAddress({ host = '', port }: BindAddress): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/**
 * Undefined for `0`, which switches the endpoint off.
 * @throws ServerError KBK_SERVER_INVALID_ADDRESS
 */
export function parseBindAddress(text: string): BindAddress | undefined {
  if (text === '0') return undefined;
  const { v6, host, port } = expression.exec(text)?.groups ?? {};
  if (port === undefined || Number(port) > 65_535) {
    throw new ServerError(
      'KBK_SERVER_INVALID_ADDRESS',
      text,
      `"${text}" is no address to listen on: write for example :8080, 127.0.0.1:8080 or [::1]:8080, or 0 for none`,
    );
  }
  return { host: v6 ?? (host === '' ? undefined : host), port: Number(port) };
}
