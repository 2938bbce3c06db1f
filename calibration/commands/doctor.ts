import type { ProfileInForce } from '../../edge-agent/config/profile-in-force.ts';
import { surveyAgent } from '../doctor/survey-agent.ts';
import { surveyBroker } from '../doctor/survey-broker.ts';
import { surveyHealth } from '../doctor/survey-health.ts';
import { type DoctorCode, doctorMessages } from '../messages/doctor.ts';
import { timeFindings } from '../network/survey-network.ts';
import { chooseMachine } from '../scan/choose-machine.ts';
import { type Finding, finding } from '../scan/finding.ts';
import { printedFindings, tellFindings } from '../scan/tell-findings.ts';
import { openSite } from '../site/open-site.ts';
import { commandOf, type Job } from '../verb.ts';

const options = { practice: { type: 'string' } } as const;

const { de, en } = doctorMessages;

/** `doctor`: whether a running counter is well. */
export const doctor = commandOf({
  summary: { de: de.summary, en: en.summary },
  help: { de: de.help, en: en.help },
  options,
  run: examine,
});

async function examine(job: Job<typeof options>) {
  const { values, words, dialogue, language } = job;
  const text = doctorMessages[language];
  const { config, inForce } = openSite(values, words);
  const { machine } = chooseMachine(values.practice);
  dialogue.say('title', text.title(config.device));
  const findings: Finding<DoctorCode>[] = [];
  const take = (found: readonly Finding<DoctorCode>[]) => {
    job.signal.throwIfAborted();
    tellFindings(found, text.sentences, dialogue);
    findings.push(...found);
  };
  take(config.clock === 'trusted' ? [] : await timeFindings());
  take(await surveyHealth(machine, config));
  const agent = await surveyAgent(machine, config);
  take(agent.findings);
  take(await surveyBroker(config, agent.lastSequence));
  take(profileFindings(inForce));
  const problems = findings.filter(({ state }) => state === 'bad').length;
  dialogue.say(problems === 0 ? 'good' : 'bad', problems === 0 ? text.good : text.bad(problems));
  return {
    code: problems === 0 ? (0 as const) : (1 as const),
    result: { kind: 'examined', well: problems === 0, findings: printedFindings(findings, text.sentences) },
  };
}

function profileFindings({ profile, fault }: ProfileInForce): Finding<DoctorCode>[] {
  if (fault !== null) return [finding('profile-broken', 'bad', { details: { fault } })];
  if (profile === null) return [finding('profile-none', 'bad')];
  return [finding('profile-good', 'good', { details: { revision: profile.revision } })];
}
