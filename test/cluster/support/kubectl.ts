/** The real kubectl, of the very version of the cluster. */
import { run } from '../control-plane/command.ts';
import type { Connection } from '../control-plane/control-plane.ts';

/** As the administrator. @returns standard output @throws with standard error */
export function kubectl(connection: Connection, ...parameters: readonly string[]): Promise<string> {
  return run(connection.kubectl, [`--kubeconfig=${connection.kubeconfig}`, ...parameters]);
}

/** With something on standard input, for `-f -`. */
export function kubectlWith(connection: Connection, input: string, ...parameters: readonly string[]): Promise<string> {
  return run(connection.kubectl, [`--kubeconfig=${connection.kubeconfig}`, ...parameters], { input });
}
