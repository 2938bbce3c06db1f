import { createHash } from 'node:crypto';
import Value from 'typebox/value';
import type { AgentConfig } from '../../edge-agent/config.ts';
import {
  type EnrolmentAnswer,
  EnrolmentAnswer as EnrolmentAnswerSchema,
  type EnrolmentClaim,
} from '../../gateway/contract/enrolment.ts';
import { Refusal } from '../command.ts';
import type { EnrolmentMessages } from '../messages/enrolment.ts';
import { askPinned, type ClientAnswer } from './enrolment-client.ts';
import type { PendingClaim } from './pending-claim.ts';

/** What the command line adds to a claim. */
export type ClaimWishes = Pick<EnrolmentClaim, 'device' | 'sensor' | 'lane' | 'swapped' | 'replaces'>;

/** The claim of a device: its sensors as configured, its password by hash only. */
export function claimOf(pending: PendingClaim, config: AgentConfig, wishes: ClaimWishes): EnrolmentClaim {
  return {
    version: 1,
    code: pending.code,
    passwordSha256: createHash('sha256').update(pending.password).digest('hex'),
    sensors: config.sensors.map(({ sensor, source }) => ({ sensor, kind: kindOf(source) })),
    ...wishes,
  };
}

/** What a source delivers; a recording is judged by what it usually holds: a door. */
function kindOf({ kind }: AgentConfig['sensors'][number]['source']): 'crossing' | 'motion' | 'presence' {
  if (kind === 'wifi-probe') return 'presence';
  return kind === 'pir' ? 'motion' : 'crossing';
}

/** Makes the claim. Throws `Refusal` with the gateway's reason; then nothing has changed there or here. */
export async function claimPlace(
  pending: PendingClaim,
  claim: EnrolmentClaim,
  { signal, text }: { readonly signal: AbortSignal; readonly text: EnrolmentMessages },
): Promise<EnrolmentAnswer> {
  const gateway = { url: pending.url, pin: pending.pin, credentials: null, signal };
  const answer = await askPinned(gateway, { method: 'POST', path: '/v1/enrolments', body: claim }, text);
  if (answer.status !== 200) throw refusalOf(answer, gateway.url, text);
  if (!Value.Check(EnrolmentAnswerSchema, answer.body)) {
    throw new Refusal('gateway-strange', text.strange(gateway.url, answer.status));
  }
  return answer.body;
}

/** The gateway's refusal in the technician's language. */
export function refusalOf(answer: ClientAnswer, url: string, text: EnrolmentMessages): Refusal {
  const { status, problem, body } = answer;
  if (problem === null) return new Refusal('gateway-strange', text.strange(url, status), { status });
  return new Refusal(problem, text.problem(problem, String(body['detail'] ?? '')), { status });
}
