/** A place for tests to make the network and the server fail. */

/** A request as the hook sees it. */
export interface InterceptedRequest {
  readonly method: string;
  /** With the query. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

export interface Fault {
  /** Answer with this instead of serving. */
  readonly answer?: {
    readonly status: number;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: string;
  };
  /** Wait first; milliseconds of the server's clock. */
  readonly delayMs?: number;
  /** Cut the connection: `before` the request is served, or `after`, when its effect is there but nobody hears of it. */
  readonly drop?: 'before' | 'after';
}

export type Intercept = (request: InterceptedRequest) => Fault | undefined;
