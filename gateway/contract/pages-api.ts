import { type Static, Type } from 'typebox';

/** Entries of one page: a town has fewer sites, and a megabyte of JSON is enough at a time. */
export const pageEntriesMax = 500;

/** What every list takes. */
export const PageQuery = Type.Object(
  {
    cursor: Type.Optional(
      Type.String({
        maxLength: 200,
        description: 'The `next` of the page before.',
        examples: ['c2hvcC1kb29y'],
      }),
    ),
    limit: Type.Optional(
      Type.String({
        pattern: '^[1-9][0-9]{0,2}$',
        description: `Entries of a page, at most ${pageEntriesMax}.`,
        examples: ['100'],
      }),
    ),
  },
  { additionalProperties: false },
);
export type PageQuery = Static<typeof PageQuery>;

/** What every list answers beside its entries. */
export const nextPage = {
  next: Type.Union([Type.String(), Type.Null()], {
    description: 'Cursor of the next page; null on the last one.',
    examples: [null],
  }),
};
