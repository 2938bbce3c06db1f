import { getHolidays } from 'feiertagejs';

/** States of Germany, as the federal statistical office abbreviates them. */
type Region =
  | ('BW' | 'BY' | 'BE' | 'BB' | 'HB' | 'HE' | 'HH' | 'MV')
  | ('NI' | 'NW' | 'RP' | 'SL' | 'SN' | 'ST' | 'SH' | 'TH');

/** A public holiday: local date and name in German. */
export interface PublicHoliday {
  readonly date: string;
  readonly name: string;
}

/** Public holidays of a year in a state, ascending. Easter Sunday is one in Brandenburg and Hesse only. */
export function publicHolidays(year: number, region: Region): PublicHoliday[] {
  return getHolidays(year, region)
    .map((holiday) => ({ date: holiday.dateString, name: holiday.translate('de') ?? '' }))
    .sort((left, right) => (left.date < right.date ? -1 : 1));
}
