/** What a request shows of who sends it, and whom it trusts. */

export interface HttpAccess {
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** PEM. Absent: the certificates that the system trusts. */
  readonly authority?: string;
  /** PEM, for servers that want to see one. */
  readonly certificate?: { readonly chain: string; readonly key: string };
}
