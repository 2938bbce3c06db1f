import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    // Two cores: more workers only make the timing tests less true.
    maxWorkers: 2,
    testTimeout: 20_000,
    hookTimeout: 30_000,
    // What is polled for is waited for, also on a machine that has much else to do.
    expect: { poll: { timeout: 10_000 } },
  },
});
