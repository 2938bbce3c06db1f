import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { PanPrivateSketch } from '../../edge-agent/count/pan-private-sketch.ts';
import { estimateRadios } from '../../edge-agent/count/radio-estimate.ts';
import { seededRandomness } from '../../edge-agent/count/randomness.ts';
import type { ProbeChunk } from '../../hardware/sensor.ts';
import { openCaptureSensor } from '../../hardware/wifi-probe/capture-sensor.ts';
import { fixed, hashLine, mean, table } from './markdown-table.ts';

/** Captures of labelled phones laid over each other in time: how many radios does the sketch see? */
export async function unicaSection(folder: string): Promise<string[]> {
  const files = readdirSync(folder)
    .sort()
    .flatMap((phone) => {
      const captures = readdirSync(join(folder, phone)).filter(
        (file) => file.endsWith('-ch-1-th-40.pcap') || file.endsWith('-ch-1-th-60.pcap'),
      );
      const active = captures.filter((file) => /mode(A|PA)-/.test(file)).sort();
      return active[0] === undefined ? [] : [join(folder, phone, active[0])];
    });
  const addresses = await Promise.all(files.map(firstWindowAddresses));
  const rows = [1, 2, 4, 6, 8, files.length].map((phones) => {
    const merged = addresses.slice(0, phones).flat();
    const distinct = new Set(merged.map((address) => Buffer.from(address).toString('hex'))).size;
    const estimates = Array.from({ length: 200 }, (_, seed) => {
      const sketch = new PanPrivateSketch({ bits: 256, epsilon: 2, randomness: seededRandomness(seed + 1) });
      sketch.begin();
      for (const address of merged) sketch.arrive(address, 0);
      return estimateRadios(sketch.setBits(), 256, 2).radios;
    });
    const average = mean(estimates);
    const deviation = Math.sqrt(mean(estimates.map((value) => (value - average) ** 2)));
    return [phones, merged.length, distinct, fixed(average), fixed(deviation)];
  });
  return [
    '## Labelled phones',
    '',
    `Captures of ${files.length} phones in use (channel 1, one a phone, Pintor & Atzori 2022), their first 300 s laid over each other. Phones change their address, so distinct addresses and the estimate (mean and standard deviation over 200 seeds, 256 bits, ε = 2) exceed the phones: an estimate of radios is not a count of people.`,
    '',
    ...table(['phones', 'frames', 'distinct addresses', 'estimate', 'standard deviation'], rows),
    '',
    ...files.map(hashLine),
    '',
  ];
}

async function firstWindowAddresses(file: string): Promise<Uint8Array[]> {
  const sensor = await openCaptureSensor({ file, pace: 0, mode: 'hashing' });
  const found: Uint8Array[] = [];
  for await (const chunk of sensor.chunks(new AbortController().signal)) {
    const probe = chunk as ProbeChunk;
    for (let i = 0; i < probe.length; i += 1) {
      if (probe.atSeconds[i]! < 300) found.push(probe.address!.slice(i * 6, i * 6 + 6));
    }
  }
  return found;
}
