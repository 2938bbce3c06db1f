/** Papers are written in both languages of the house. */
export const paperLanguages = ['de', 'en'] as const;
export type PaperLanguage = (typeof paperLanguages)[number];

/** One row of facts; what nobody has said is marked for the operator with `hint`. */
export interface PaperField {
  readonly label: string;
  readonly value: string | null;
  readonly hint: string;
}

export type PaperBlock =
  | { readonly kind: 'heading'; readonly text: string }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'list'; readonly items: readonly string[] }
  | { readonly kind: 'fields'; readonly fields: readonly PaperField[] }
  | {
      readonly kind: 'table';
      readonly head: readonly string[];
      readonly rows: readonly (readonly string[])[];
    }
  | { readonly kind: 'checks'; readonly items: readonly string[] }
  | { readonly kind: 'warning'; readonly text: string };

/** A paper as contents, before it is laid out as HTML or PDF: both say the same. */
export interface Paper {
  readonly language: PaperLanguage;
  readonly title: string;
  readonly subtitle: string;
  readonly blocks: readonly PaperBlock[];
  /** Under every page. */
  readonly footer: string;
}

/** Every sentence of a paper, for whoever looks for one. */
export function textOfPaper(paper: Paper): string {
  const texts = paper.blocks.flatMap((block): readonly (string | null)[] => {
    switch (block.kind) {
      case 'heading':
      case 'text':
      case 'warning':
        return [block.text];
      case 'list':
      case 'checks':
        return block.items;
      case 'fields':
        return block.fields.flatMap(({ label, value, hint }) => [label, value ?? hint]);
      case 'table':
        return [...block.head, ...block.rows.flat()];
    }
    return block satisfies never;
  });
  return [paper.title, paper.subtitle, ...texts, paper.footer].join('\n');
}
