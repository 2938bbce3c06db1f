import type { Crossing, CrossingSink, Doubt, FlagSpan, Rejection } from './counter.ts';

type Finding =
  | { readonly kind: 'crossing'; readonly atSeconds: number; readonly value: Crossing }
  | { readonly kind: 'rejection'; readonly atSeconds: number; readonly value: Rejection }
  | { readonly kind: 'doubt'; readonly atSeconds: number; readonly value: Doubt }
  | { readonly kind: 'flag'; readonly atSeconds: number; readonly value: FlagSpan };

/** Holds what a crossing counter has found until somebody drains it, in the order of the times. */
export class FindingQueue {
  #findings: Finding[] = [];

  crossing(value: Crossing): void {
    this.#findings.push({ kind: 'crossing', atSeconds: value.atSeconds, value });
  }

  rejection(value: Rejection): void {
    this.#findings.push({ kind: 'rejection', atSeconds: value.atSeconds, value });
  }

  doubt(value: Doubt): void {
    this.#findings.push({ kind: 'doubt', atSeconds: value.atSeconds, value });
  }

  flag(value: FlagSpan): void {
    this.#findings.push({ kind: 'flag', atSeconds: value.toSeconds ?? value.fromSeconds, value });
  }

  drain(sink: CrossingSink): void {
    const findings = this.#findings;
    if (findings.length === 0) return;
    this.#findings = [];
    findings.sort((a, b) => a.atSeconds - b.atSeconds);
    for (const finding of findings) hand(finding, sink);
  }
}

function hand(finding: Finding, sink: CrossingSink): void {
  switch (finding.kind) {
    case 'crossing':
      sink.crossing(finding.value);
      break;
    case 'rejection':
      sink.rejection(finding.value);
      break;
    case 'doubt':
      sink.doubt(finding.value);
      break;
    case 'flag':
      sink.flag(finding.value);
      break;
    default:
      finding satisfies never;
  }
}
