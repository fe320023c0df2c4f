import { describe, expect, it } from 'vitest';
import { InvalidValueError } from '../api/errors.ts';
import { ApiStatusError, KubeError } from '../kube/errors.ts';
import { describeError, ExitCode, usageError } from './errors.ts';

const terminal = { kind: 'terminal' } as const;
const refusal = (status: number, name: string) =>
  new ApiStatusError(
    status,
    'Reason',
    'what the server said',
    { verb: 'get', kind: 'Rollout', key: { namespace: 'shop', name } },
    terminal,
  );

describe('describeError', () => {
  it.each([
    [usageError('bad', 'do this'), ExitCode.Usage, 'bad', 'do this'],
    [
      new InvalidValueError('KBK_API_INVALID_TAG', '-', '"-" is not a tag'),
      ExitCode.Usage,
      '"-" is not a tag',
      undefined,
    ],
    [
      refusal(404, 'app'),
      ExitCode.NotFound,
      'there is no Rollout app in namespace shop',
      'look in every namespace: -A',
    ],
    [
      refusal(404, ''),
      ExitCode.NotFound,
      'this cluster does not know the kind Rollout',
      'install the resource definitions: kuberik crds | kubectl apply --server-side -f -',
    ],
    [
      new ApiStatusError(
        403,
        'Forbidden',
        `patch Rollout shop/app: rollouts.kuberik.com "app" is forbidden: ValidatingAdmissionPolicy 'operations' with binding 'operations' denied request: you may not pin a version (403 Forbidden)`,
        { verb: 'patch', kind: 'Rollout', key: { namespace: 'shop', name: 'app' } },
        terminal,
      ),
      ExitCode.Forbidden,
      'the API server refuses: you may not pin a version',
      'it is the ValidatingAdmissionPolicy operations that says so',
    ],
    [
      new ApiStatusError(
        404,
        'NotFound',
        'get Freeze stop',
        { verb: 'get', kind: 'Freeze', key: { namespace: '', name: 'stop' } },
        terminal,
      ),
      ExitCode.NotFound,
      'there is no Freeze stop',
      undefined,
    ],
    [
      refusal(403, 'app'),
      ExitCode.Forbidden,
      'the API server refuses: what the server said',
      'ask for the verb "get" on Rollout in namespace shop',
    ],
    [
      refusal(401, 'app'),
      ExitCode.Forbidden,
      'the API server does not know who you are',
      'log in to the cluster again',
    ],
    [refusal(500, 'app'), ExitCode.Failure, 'what the server said', undefined],
    [refusal(503, 'app'), ExitCode.NoConnection, 'what the server said', 'try again in a moment'],
    [
      new KubeError('KBK_KUBE_CONNECTION', 'connection refused', terminal),
      ExitCode.NoConnection,
      'connection refused',
      'check the cluster and the context: kubectl version',
    ],
    [new KubeError('KBK_KUBE_CONFIG', 'no kubeconfig', terminal), ExitCode.NoConnection, 'no kubeconfig', undefined],
    [new Error('two\nlines'), ExitCode.Failure, 'two lines', undefined],
    ['thrown text', ExitCode.Failure, 'thrown text', undefined],
  ])('%s', (error, exitCode, message, remedy) => {
    expect(describeError(error)).toEqual({ exitCode, message, remedy });
  });
});
