/** Asks a part whether it is ready. */
import { Agent, request } from 'undici';

/** The parts' own certificates are signed by nobody; what is asked here is no secret. */
const agent = new Agent({ connect: { rejectUnauthorized: false }, keepAliveTimeout: 1 });

/** @returns whether the address answers with 200 */
export async function answers(url: string): Promise<boolean> {
  const { statusCode, body } = await request(url, { dispatcher: agent, headersTimeout: 2000, bodyTimeout: 2000 });
  await body.dump();
  return statusCode === 200;
}
