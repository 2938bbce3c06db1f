import type { CatalogueConfig } from '../../../config.ts';
import type { Resolution } from '../../../contract/http-api.ts';

/** One line that is shared with the public under a licence. */
export interface OpenLine {
  readonly id: string;
  readonly name: string;
  readonly siteName: string;
  readonly organisation: string;
  readonly town: string;
  readonly licence: string;
  readonly municipalityKey: string | null;
  /** The finest cells that are shared, and from when on. */
  readonly resolution: Resolution;
  readonly from: string;
}

interface CatalogueSource {
  readonly catalogue: CatalogueConfig;
  readonly publicUrl: string;
}

/** DCAT-AP.de 3.0 names its terms in these vocabularies (https://www.dcat-ap.de/def/). */
const context = {
  dcat: 'http://www.w3.org/ns/dcat#',
  dcterms: 'http://purl.org/dc/terms/',
  dcatde: 'http://dcat-ap.de/def/dcatde/',
  dcatap: 'http://data.europa.eu/r5r/',
  foaf: 'http://xmlns.com/foaf/0.1/',
  xsd: 'http://www.w3.org/2001/XMLSchema#',
};

const authority = 'http://publications.europa.eu/resource/authority';
/** How often something is added, by the finest cells that are shared. */
const cadence: Partial<Record<Resolution, { frequency: string; duration: string }>> = {
  '15m': { frequency: 'HOURLY', duration: 'PT15M' },
  '1h': { frequency: 'HOURLY', duration: 'PT1H' },
  '1d': { frequency: 'DAILY', duration: 'P1D' },
  '1w': { frequency: 'WEEKLY', duration: 'P7D' },
  '1mo': { frequency: 'MONTHLY', duration: 'P1M' },
};
const formats = [
  { suffix: '.csv', fileType: 'CSV', mediaType: 'text/csv' },
  { suffix: '.parquet', fileType: 'PARQUET', mediaType: 'application/vnd.apache.parquet' },
  { suffix: '', fileType: 'JSON', mediaType: 'application/json' },
] as const;

/** The catalogue of open lines as JSON-LD, with nothing in it that nobody has said. */
export function dcatCatalogue(lines: readonly OpenLine[], by: CatalogueSource): object {
  const { catalogue, publicUrl } = by;
  return {
    '@context': context,
    '@id': `${publicUrl}/catalog`,
    '@type': 'dcat:Catalog',
    'dcterms:title': german(catalogue.title),
    'dcterms:description': german(catalogue.description),
    'dcterms:publisher': agent(catalogue.publisher),
    'foaf:homepage': { '@id': `${publicUrl}/`, '@type': 'foaf:Document' },
    'dcterms:language': { '@id': `${authority}/language/DEU` },
    'dcat:dataset': lines.map((line) => dataset(line, by)),
  };
}

function dataset(line: OpenLine, { catalogue, publicUrl }: CatalogueSource): object {
  const { frequency, duration } = cadence[line.resolution]!;
  const where = [line.siteName, line.town].filter((part) => part !== '').join(', ');
  return {
    '@id': `${publicUrl}/catalog#${line.id}`,
    '@type': 'dcat:Dataset',
    'dcterms:title': german(`Personenzählung ${where}: ${line.name}`),
    'dcterms:description': german(
      'Ein- und Austritte je Zeitabschnitt, anonym gezählt. Jede Zahl trägt ein vor der Veröffentlichung ' +
        'einmal gezogenes Rauschen und ihren Standardfehler; ein leerer Wert heißt „nicht beobachtet“, nicht null.',
    ),
    'dcterms:publisher': agent(line.organisation === '' ? catalogue.publisher : line.organisation),
    'dcterms:identifier': line.id,
    'dcat:theme': { '@id': `${authority}/data-theme/TRAN` },
    'dcterms:accrualPeriodicity': { '@id': `${authority}/frequency/${frequency}` },
    'dcat:temporalResolution': { '@type': 'xsd:duration', '@value': duration },
    'dcterms:temporal': {
      '@type': 'dcterms:PeriodOfTime',
      'dcat:startDate': { '@type': 'xsd:dateTime', '@value': line.from },
    },
    ...(line.municipalityKey === null
      ? {}
      : {
          'dcatde:politicalGeocodingURI': {
            '@id': `http://dcat-ap.de/def/politicalGeocoding/municipalityKey/${line.municipalityKey}`,
          },
          'dcatde:politicalGeocodingLevelURI': {
            '@id': 'http://dcat-ap.de/def/politicalGeocoding/Level/municipality',
          },
        }),
    'dcat:distribution': formats.map((format) => distribution(line, format, publicUrl)),
  };
}

function distribution(line: OpenLine, format: (typeof formats)[number], publicUrl: string): object {
  const { suffix, fileType, mediaType } = format;
  return {
    '@id': `${publicUrl}/catalog#${line.id}-${fileType.toLowerCase()}`,
    '@type': 'dcat:Distribution',
    'dcterms:title': german(`${line.name} (${fileType})`),
    'dcat:accessURL': { '@id': `${publicUrl}/v1/lines/${line.id}/counts${suffix}` },
    'dcterms:license': { '@id': line.licence },
    'dcterms:format': { '@id': `${authority}/file-type/${fileType}` },
    'dcat:mediaType': { '@id': `https://www.iana.org/assignments/media-types/${mediaType}` },
  };
}

function german(text: string): object {
  return { '@language': 'de', '@value': text };
}

function agent(name: string): object {
  return { '@type': 'foaf:Agent', 'foaf:name': name };
}
