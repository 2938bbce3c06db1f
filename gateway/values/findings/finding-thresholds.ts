/** What has to be so for a finding to be said; every answer states it. */
export const findingThresholds = {
  /** Weeks before that make up what is usual, and how many of them must have been looked at. */
  usualWeeks: 8,
  usualWeeksMin: 4,
  /** Smaller changes are true, perhaps, and of no use. */
  changePercentMin: 10,
  /** Fewer people in a window are left alone: three more are not "30 % more". */
  windowPeopleMin: 20,
  /** Whole ranges have more people, so smaller changes can be told. */
  rangeChangePercentMin: 5,
  rangePeopleMin: 100,
  /** The chance that any window of the range is called unusual although all are usual. */
  familyError: 0.05,
  /** Of unusual windows the most remarkable are said. */
  windowsMax: 3,
  /** Below this share looked at, a range has a finding about itself. */
  coverageMin: 0.9,
} as const;
