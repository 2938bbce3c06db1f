import { existsSync, readFileSync } from 'node:fs';
import { readAgentConfig } from '../../edge-agent/config.ts';
import { type VisibleNetwork, WifiUplink, WifiUplinkError } from '../../hardware/uplink/wifi-uplink.ts';
import { Refusal, UsageError } from '../command.ts';
import { networkMessages } from '../messages/network.ts';
import {
  addressFindings,
  gatewayFindings,
  linkFindings,
  type NetworkCode,
  type NetworkLink,
  networkLinks,
  timeFindings,
  type WifiState,
} from '../network/survey-network.ts';
import { chooseMachine } from '../scan/choose-machine.ts';
import type { Finding } from '../scan/finding.ts';
import { printedFindings, tellFindings } from '../scan/tell-findings.ts';
import { configFileOf } from '../site/open-site.ts';
import { commandOf, type Job } from '../verb.ts';

const options = {
  ssid: { type: 'string' },
  'password-file': { type: 'string' },
  interface: { type: 'string' },
  gateway: { type: 'string' },
  practice: { type: 'string' },
} as const;

type NetworkJob = Job<typeof options>;

/** More rows than this scroll off a telephone's screen. */
const networksShownMax = 12;
const none = '';

const { de, en } = networkMessages;

/** `network`: whether counts get through, and joining a WiFi network. */
export const network = commandOf({
  summary: { de: de.summary, en: en.summary },
  help: { de: de.help, en: en.help },
  options,
  run: lookAtNetwork,
});

async function lookAtNetwork(job: NetworkJob) {
  const { values, dialogue, language } = job;
  const text = networkMessages[language];
  const gateway = gatewayUrl(job);
  dialogue.say('title', text.title);
  const { machine } = chooseMachine(values.practice);
  const before = await networkLinks(machine);
  const uplink = new WifiUplink(values.interface === undefined ? {} : { interface: values.interface });
  const joined = await joinWifi(job, uplink, before);
  const links = joined === null ? before : await networkLinks(machine);
  const wifi = links.some(({ kind }) => kind === 'wifi') ? await wifiState(job, uplink) : null;
  const findings: Finding<NetworkCode>[] = [];
  for (const look of [
    async () => linkFindings(links, wifi),
    () => addressFindings(machine, links),
    () => gatewayFindings(gateway),
    () => timeFindings(),
  ]) {
    const found: Finding<NetworkCode>[] = await look();
    job.signal.throwIfAborted();
    tellFindings(found, text.sentences, dialogue);
    findings.push(...found);
  }
  const isGood = findings.every(({ state }) => state !== 'bad');
  dialogue.say(isGood ? 'good' : 'bad', isGood ? text.good : text.bad);
  return {
    code: isGood ? (0 as const) : (1 as const),
    result: { kind: 'network', good: isGood, joined, findings: printedFindings(findings, text.sentences) },
  };
}

/** The address to try: as given, or where the agent sends its counts. */
function gatewayUrl({ values }: NetworkJob): string | undefined {
  if (values.gateway !== undefined) {
    if (!URL.canParse(values.gateway) || !/^(mqtts?|wss?|https?):\/\//.test(values.gateway)) {
      throw new UsageError(
        `--gateway ${values.gateway}: mqtt://host:1883, mqtts://host:8883, https://host:8443`,
      );
    }
    return values.gateway;
  }
  const file = configFileOf(values);
  return existsSync(file) ? readAgentConfig(file).uplink?.url : undefined;
}

/** Joins the WiFi that was named or picked; null where none was. Throws `Refusal` where it does not work. */
async function joinWifi(
  job: NetworkJob,
  uplink: WifiUplink,
  links: readonly NetworkLink[],
): Promise<string | null> {
  const { values, dialogue, language } = job;
  const text = networkMessages[language];
  const isOnline = links.some(({ isUp }) => isUp);
  if (values.ssid === undefined && (isOnline || !dialogue.asks)) return null;
  if (!links.some(({ kind }) => kind === 'wifi')) return null;
  try {
    dialogue.say('info', text.searching);
    const networks = await uplink.list();
    const name = await pickNetwork(job, networks);
    if (name === none) return null;
    const wanted = networks.find((one) => one.name === name);
    if (wanted === undefined) throw new Refusal('network-not-found', text.notThere(name));
    const password = wanted.security === '' ? undefined : await askPassword(job, name);
    await uplink.join(password === undefined ? { name } : { name, password });
    dialogue.say('good', text.joined(name));
    return name;
  } catch (error) {
    if (error instanceof WifiUplinkError) throw new Refusal(error.code, error.message);
    throw error;
  }
}

async function pickNetwork(
  { values, dialogue, language }: NetworkJob,
  networks: readonly VisibleNetwork[],
): Promise<string> {
  if (values.ssid !== undefined) return values.ssid;
  const text = networkMessages[language];
  const named = networks.filter((one): one is VisibleNetwork & { name: string } => one.name !== null);
  // One name may have many access points: the strongest stands for it.
  const strongest = named.filter((one, at) => named.findIndex(({ name }) => name === one.name) === at);
  const choices = strongest.slice(0, networksShownMax).map(({ name, qualityPercent, security }) => ({
    value: name,
    label: name,
    hint: `${qualityPercent} %, ${security === '' ? text.open : security}`,
  }));
  const leave = { value: none, label: text.noJoin };
  return dialogue.choose({ message: text.whichNetwork, option: '--ssid', choices: [...choices, leave] });
}

async function askPassword({ values, dialogue, language }: NetworkJob, name: string): Promise<string> {
  const file = values['password-file'];
  if (file === undefined) {
    return dialogue.text({
      message: networkMessages[language].password(name),
      option: '--password-file',
      secret: true,
    });
  }
  try {
    return readFileSync(file, 'utf8').split('\n')[0]!.trimEnd();
  } catch (cause) {
    throw new UsageError(`--password-file ${file}: ${(cause as Error).message}`);
  }
}

async function wifiState({ dialogue, language }: NetworkJob, uplink: WifiUplink): Promise<WifiState | null> {
  try {
    const state = await uplink.state();
    return state.kind === 'connected' ? state : null;
  } catch (error) {
    if (!(error instanceof WifiUplinkError)) throw error;
    dialogue.say('warning', networkMessages[language].wifiFault(error.message));
    return null;
  }
}
