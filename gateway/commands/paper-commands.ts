import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gatherFacts } from '../papers/gather-facts.ts';
import { paperLanguages } from '../papers/paper.ts';
import { unverifiedDevices } from '../papers/paper-facts.ts';
import { paperAsHtml, paperAsPdf, paperNames } from '../papers/paper-files.ts';
import { softwareVersion } from '../software-version.ts';
import type { GatewayStore } from '../store/gateway-store.ts';
import { type CommandContext, CommandError } from './run-command.ts';

/** `papers SITE [--language de|en] [--out DIRECTORY]`: every paper as HTML and PDF, beside a running gateway or not. */
export async function writePapers(context: CommandContext & { readonly store: GatewayStore }): Promise<void> {
  const { store, words, flags, config, print } = context;
  const [site, ...more] = words;
  if (site === undefined || more.length > 0) throw new CommandError('name the id of a site');
  const folder = (flags['out'] as string | undefined) ?? `papers-${site}`;
  const languages = languagesOf(flags['language'] as string | undefined);
  const source = { store, settings: config, software: softwareVersion(), nowMs: Date.now() };
  const facts = await gatherFacts(site, source);
  if (facts === null) throw new CommandError(`there is no site "${site}"`);
  mkdirSync(folder, { recursive: true });
  for (const language of languages) {
    for (const name of paperNames) {
      const file = join(folder, `${site}-${name}-${language}`);
      writeFileSync(`${file}.html`, paperAsHtml(name, facts, language));
      writeFileSync(`${file}.pdf`, await paperAsPdf(name, facts, language));
      print(`${file}.html, .pdf`);
    }
  }
  const unverified = unverifiedDevices(facts).map(({ device }) => device);
  if (unverified.length > 0) print(`unverified, named so in every paper: ${unverified.join(', ')}`);
}

function languagesOf(asked: string | undefined) {
  if (asked === undefined) return paperLanguages;
  const found = paperLanguages.find((language) => language === asked);
  if (found === undefined) throw new CommandError(`--language is one of ${paperLanguages.join(', ')}`);
  return [found];
}
