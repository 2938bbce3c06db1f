import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Language, Refusal } from '../command.ts';
import { askGateway, type GatewayAccess } from '../remote/gateway-client.ts';
import type { ReportContents, ReportedPaper } from './report-contents.ts';

const wanted = ['notice', 'sign-a4'] as const;

/** Where the gateway hands out a paper of a site, made from the configuration that runs. */
const paperPath = (site: string, name: string, language: Language): string =>
  `/v1/sites/${encodeURIComponent(site)}/papers/${name}.pdf?language=${language}`;

/**
 * Fetches privacy notice and door sign and lays them beside the report. What cannot be had is said in
 * `missing`, in the gateway's words: a report without them is a report, and says so.
 */
export async function fetchPapers(
  access: GatewayAccess | null,
  order: {
    readonly site: string | undefined;
    readonly language: Language;
    readonly folder: string;
    readonly stem: string;
  },
): Promise<ReportContents['papers']> {
  if (access === null) return { gateway: null, files: [], missing: null };
  if (order.site === undefined) return { gateway: access.url, files: [], missing: '--site' };
  const files: ReportedPaper[] = [];
  let missing: string | null = null;
  for (const name of wanted) {
    const path = paperPath(order.site, name, order.language);
    try {
      const { status, type, body } = await askGateway(access, path);
      if (status !== 200 || !type.startsWith('application/pdf')) {
        missing = `${access.url}${path}: ${status}`;
        continue;
      }
      const file = `${order.stem}-${name}.pdf`;
      writeFileSync(join(order.folder, file), body);
      files.push({ name, file });
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      missing = error.message;
    }
  }
  return { gateway: access.url, files, missing };
}
