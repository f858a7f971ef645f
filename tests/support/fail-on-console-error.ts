import { afterEach, beforeEach } from 'vitest';

// What is written to console.error is a fault that nobody would see in a green run: it fails the test.
// A test that expects it replaces console.error itself (vi.spyOn).
let written: string[] = [];
const original = console.error;

beforeEach(() => {
  written = [];
  console.error = (...parts: unknown[]) => {
    written.push(parts.map(String).join(' '));
    original(...parts);
  };
});

afterEach(() => {
  console.error = original;
  if (written.length > 0) throw new Error(`console.error was called:\n${written.join('\n')}`);
});
