import { type Static, Type } from 'typebox';

const closed = { additionalProperties: false } as const;
const Text = (description: string, maxLength = 200) => Type.String({ minLength: 1, maxLength, description });

/** Where something is, in degrees of WGS 84 as GPS and maps use them. */
export const Place = Type.Object(
  {
    latitude: Type.Number({ minimum: -90, maximum: 90, examples: [51.3757] }),
    longitude: Type.Number({ minimum: -180, maximum: 180, examples: [7.702] }),
  },
  { ...closed, description: 'Degrees, WGS 84.' },
);
export type Place = Static<typeof Place>;

/** What papers and catalogues say about a site and no counter can know. Everything may be left out. */
export const SiteDetails = Type.Object(
  {
    place: Type.Optional(Place),
    municipalityKey: Type.Optional(
      Type.String({
        pattern: '^[0-9]{8}$',
        description: 'Amtlicher Gemeindeschlüssel, eight digits.',
        examples: ['05962024'],
      }),
    ),
    openDataLicence: Type.Optional(
      Type.String({
        pattern: '^https?://[^\\s"<>]{1,200}$',
        description:
          'Under which the public may use what is shared with it; without one no catalogue lists it.',
        examples: ['http://dcat-ap.de/def/licenses/cc-by/4.0'],
      }),
    ),
    privacy: Type.Optional(
      Type.Object(
        {
          controller: Type.Optional(Text('Who decides about the counting, by its full name.')),
          address: Type.Optional(Text('Postal address of the controller.', 300)),
          contact: Type.Optional(Text('E-mail or telephone of the controller.')),
          dataProtectionOfficer: Type.Optional(
            Text('How to reach the data protection officer, or that there is none.'),
          ),
          supervisoryAuthority: Type.Optional(Text('Where one may complain.')),
          noticeUrl: Type.Optional(
            Type.String({
              pattern: '^https?://[^\\s"<>]{1,300}$',
              description: 'Where the notice can be read; the QR code of the sign leads there.',
            }),
          ),
        },
        { ...closed, description: 'What the privacy papers cannot know by themselves.' },
      ),
    ),
  },
  { ...closed, description: 'For papers, maps and catalogues.' },
);
export type SiteDetails = Static<typeof SiteDetails>;
