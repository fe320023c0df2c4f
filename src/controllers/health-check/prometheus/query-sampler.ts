/** Class `prometheus-query`: the result of a query must be in a range. */
import type { HttpAsker } from '../../../integrations/http/ask.ts';
import { askPrometheus } from '../../../integrations/prometheus/ask.ts';
import { parseQueryResult, type QueryValue, queryPath } from '../../../integrations/prometheus/query.ts';
import type { SampleRequest, Sampler } from '../sampled/sampler.ts';
import { judgeValues } from './judge-values.ts';
import { invalid, noData, readServer } from './server.ts';

export function prometheusQuerySampler(asker: HttpAsker): Sampler {
  async function ask(
    question: { readonly server: URL; readonly parameters: Readonly<Record<string, string>> },
    { access, timeout }: SampleRequest,
    signal: AbortSignal,
  ): Promise<readonly QueryValue[] | string> {
    const answer = await askPrometheus(asker, { ...question, path: queryPath, access, timeout }, signal);
    return typeof answer === 'string' ? answer : parseQueryResult(answer.json);
  }

  return {
    read(check) {
      const server = readServer(check, 'prometheusQuery');
      if (!(server instanceof URL)) return server;
      const options = check.spec.prometheusQuery;
      if (options === undefined) return invalid('spec.prometheusQuery is missing: it says what to ask');
      const { query, secretRef, relativeRange } = options;
      return {
        url: server,
        ...(secretRef && { secretName: secretRef.name }),
        async take(request, signal) {
          const { deployedAt } = request;
          const time = relativeRange && deployedAt?.toString();
          // Asked each time: what it was may be known later than the deployment, and a memory of it could be wrong.
          const [values, then] = await Promise.all([
            ask({ server, parameters: { query } }, request, signal),
            time === undefined ? undefined : ask({ server, parameters: { query, time } }, request, signal),
          ]);
          if (typeof values === 'string') return noData(values);
          if (typeof then === 'string') return noData(`of the time when the deployment began, ${then}`);
          return judgeValues(values, then, options);
        },
      };
    },
  };
}
