import type { TestContext } from 'vitest';
import { requirePrograms } from '../require-programs.ts';
import { PracticeBench } from './practice-bench.ts';
import { Terminal } from './terminal.ts';

/**
 * A terminal of a test's own, closed when the test has ended. Tests that play in terminals mostly
 * wait for people to walk: they may run at the same time.
 */
export async function openTerminal(
  context: TestContext,
  environment: Readonly<Record<string, string>> = {},
): Promise<Terminal> {
  requirePrograms(context, 'tmux');
  const terminal = await Terminal.open(environment);
  context.onTestFinished(() => terminal.close());
  return terminal;
}

/** A workbench beside a terminal, cleared when the test has ended. */
export function openBench(context: TestContext, terminal: Terminal): PracticeBench {
  requirePrograms(context, 'socat');
  const bench = new PracticeBench(terminal);
  context.onTestFinished(() => bench.close());
  return bench;
}
