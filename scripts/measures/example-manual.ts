import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import pino from 'pino';
import { parseGatewayConfig } from '../../gateway/config.ts';
import { openGateway } from '../../gateway/open-gateway.ts';
import { openStore } from '../../gateway/open-store.ts';
import { writeExampleTown } from './example-town.ts';
import { type MeasuresManual, measuresManual } from './measures-manual.ts';

/** Opens a gateway over the example town in an empty folder and writes the manual from its answers. */
export async function exampleManual(folder: string): Promise<MeasuresManual> {
  const value = {
    http: { port: 0 },
    broker: { kind: 'embedded', port: 0 },
    dataDirectory: folder,
    logLevel: 'silent',
  };
  const config = parseGatewayConfig(value, 'measures');
  const store = await openStore(config);
  await writeExampleTown(store);
  await store.close();
  const gateway = await openGateway({ config, logger: pino({ level: 'silent' }) });
  try {
    const read = (name: string) => readFileSync(join(import.meta.dirname, name), 'utf8').trimEnd();
    return await measuresManual(gateway.url, { head: read('head.md'), tail: read('tail.md') });
  } finally {
    await gateway.close();
  }
}
