/** A report before it is laid out: HTML and PDF say the same. */
export type ReportBlock =
  | { readonly kind: 'heading'; readonly text: string }
  | { readonly kind: 'text'; readonly text: string }
  | {
      readonly kind: 'figures';
      readonly figures: readonly { readonly value: string; readonly label: string }[];
    }
  | { readonly kind: 'fields'; readonly fields: readonly (readonly [string, string])[] }
  | {
      readonly kind: 'table';
      readonly head: readonly string[];
      readonly rows: readonly (readonly string[])[];
    }
  | { readonly kind: 'drawing'; readonly svg: string; readonly caption: string }
  | { readonly kind: 'photo'; readonly dataUrl: string; readonly caption: string }
  | { readonly kind: 'notice'; readonly tone: 'good' | 'warning'; readonly text: string }
  | { readonly kind: 'signatures'; readonly names: readonly string[] }
  | { readonly kind: 'mono'; readonly text: string };

export interface ReportDocument {
  readonly language: 'de' | 'en';
  readonly title: string;
  readonly subtitle: string;
  readonly footer: string;
  /** "page" and "of", under every page. */
  readonly page: (page: number, pages: number) => string;
  readonly sections: readonly (readonly ReportBlock[])[];
}
