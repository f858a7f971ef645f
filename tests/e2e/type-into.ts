import type { FrameLocator } from '@playwright/test';

/** Fills a date or time field piece by piece, as a person types. */
export async function typeInto(frame: FrameLocator, group: RegExp, pieces: readonly string[]): Promise<void> {
  const segments = frame.getByRole('group', { name: group }).first().getByRole('spinbutton');
  for (const [index, piece] of pieces.entries()) {
    await segments.nth(index).focus();
    await segments.nth(index).pressSequentially(piece);
  }
}
