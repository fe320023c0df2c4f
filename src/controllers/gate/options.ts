/** What the controller of gates of class `http` is given. */
import type { AllowedHosts } from '../../integrations/http/allowed-hosts.ts';
import type { HttpAsker } from '../../integrations/http/ask.ts';
import type { KubeClient } from '../../kube/client.ts';
import type { Clock } from '../../kube/clock.ts';
import type { EventRecorder } from '../../kube/events.ts';
import type { Reader } from '../../kube/reader.ts';

export interface HttpGateOptions {
  readonly client: KubeClient;
  /** RolloutGates and Rollouts. */
  readonly reader: Reader;
  /** Live: Secrets, which are never cached, and Environments, which are not worth a watch. */
  readonly live: Reader;
  readonly asker: HttpAsker;
  readonly hosts: AllowedHosts;
  readonly clock: Clock;
  readonly events: EventRecorder;
}
