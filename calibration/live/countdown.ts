/** Whole seconds left, counted from now on. */
export function countdown(seconds: number): () => number {
  const endsAt = performance.now() + seconds * 1000;
  return () => Math.max(0, Math.ceil((endsAt - performance.now()) / 1000));
}
