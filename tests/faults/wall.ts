import { addMs } from '#lib/base/time.ts';
import type { CodesView } from '#lib/check-in-windows/load-codes.ts';

export interface Wall {
  /** What the QR code on the wall holds now. */
  code(): string;
}

/** When the projector asks again. */
const enoughMs = 40_000;

/**
 * What a projector does: it holds the codes of the next minute, shows them by the server's clock, and asks for more in
 * time. While nobody answers, those that it holds go on.
 */
export async function holdCodes(url: string, headers: Record<string, string>): Promise<Wall> {
  let held: CodesView['codes'] = [];
  let aheadMs = 0;
  const look = async () => {
    const answer = await fetch(url, { headers });
    if (!answer.ok) throw new Error(`the wall was answered ${String(answer.status)}`);
    const view = (await answer.json()) as CodesView;
    aheadMs = Date.parse(view.serverNow) - Date.now();
    held = view.codes;
  };
  await look();
  let asking: Promise<void> | undefined;
  return {
    code() {
      const now = addMs(new Date(), aheadMs).toISOString();
      if ((held.at(-1)?.until ?? '') < addMs(new Date(now), enoughMs).toISOString()) {
        asking ??= look()
          .catch(() => undefined)
          .finally(() => (asking = undefined));
      }
      const shown = held.find(({ from, until }) => from <= now && now < until);
      if (shown === undefined) throw new Error('the wall has no code for now');
      return shown.code;
    },
  };
}
