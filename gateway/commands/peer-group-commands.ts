import { Compile } from 'typebox/compile';
import { RecordId } from '../contract/calibration.ts';
import type { GatewayStore } from '../store/gateway-store.ts';
import type { PeerGroup } from '../web/api/towns/index-reader.ts';
import { type CommandContext, CommandError } from './run-command.ts';

type Context = CommandContext & { readonly store: GatewayStore };

const linesMax = 500;
const validId = Compile(RecordId);

/** `peer-group set ID LINE…`: lines that are compared with each other from their next year on. */
export async function peerGroupSet({ store, words, print }: Context): Promise<void> {
  const [id, ...lines] = words;
  if (id === undefined || !validId.Check(id)) throw new CommandError('name the group, then its lines');
  const known = new Map((await store.readDirectory()).lines.map((line) => [line.id, line]));
  const unknown = lines.find((line) => known.get(line)?.kind !== 'crossing');
  if (unknown !== undefined) throw new CommandError(`"${unknown}" is no line that counts people`);
  if (lines.length < 2 || lines.length > linesMax)
    throw new CommandError(`a group has 2 to ${linesMax} lines`);
  const body: PeerGroup = { lines: [...new Set(lines)] };
  await store.put([{ kind: 'peer-group', id, body }], Date.now());
  print(`${id}: ${body.lines.length} lines`);
}

/** `peer-group list`. */
export async function peerGroupList({ store, print }: Context): Promise<void> {
  for (const { id, body } of await store.readRecords('peer-group')) {
    print(`${id}: ${(body as PeerGroup).lines.join(' ')}`);
  }
}
