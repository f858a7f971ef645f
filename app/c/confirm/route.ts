import { errorFacts } from '#lib/base/log.ts';
import { confirmScan } from '#lib/check-in/confirm-scan.ts';
import { loadTicket } from '#lib/check-in/load-scan.ts';
import { readDevicePosition } from '#lib/check-in/whereabouts.ts';
import { answering } from '#lib/http/answering.ts';
import { asAppError } from '#lib/http/as-app-error.ts';
import { circumstancesOf, knowBrowser } from '#lib/http/circumstances.ts';
import { finishPath } from '#lib/http/finish-scan.ts';
import { requireOwnOrigin } from '#lib/http/own-origin.ts';
import { renewedPhone } from '#lib/http/phone-cookie.ts';
import { readForm } from '#lib/http/read-body.ts';
import { seeOther } from '#lib/http/redirect.ts';
import { refusalPage } from '../_pages/refusal-page.ts';
import { resultPage } from '../_pages/result-page.ts';
import { scanPage, waitingPage } from '../_pages/scan-page.ts';

/** The one tap of a remembered phone. The phone says who it is; a login in the same browser does not. */
export const POST = answering(async (request, voice) => {
  requireOwnOrigin(request.headers);
  const { ctx } = voice;
  const form = await readForm(request);
  const ticket = form.get('ticket') ?? '';
  const browser = knowBrowser(request.headers);
  const circumstances = {
    ...circumstancesOf(request.headers, browser),
    position: readDevicePosition(form.get('position')),
  };
  try {
    const result = await confirmScan(
      { ...ctx, viewer: undefined },
      {
        ticket,
        circumstances,
        expectedMembershipId: form.get('member') ?? undefined,
      },
    );
    switch (result.kind) {
      case 'checked-in':
      case 'checked-out':
      case 'already':
      case 'noted':
      case 'unpaired':
        return resultPage(result, voice, {
          headers: [...browser.cookies, ...(await renewedPhone(ctx, circumstances.deviceKey, result.phone))],
        });
      case 'code-too-old':
        return refusalPage(result.kind, voice, { ageSeconds: result.ageSeconds });
      case 'someone-else':
      case 'not-a-member':
      case 'not-a-student':
      case 'test-user': {
        // Not this phone's person (any more): who it is now, or the sign-in.
        const scan = await loadTicket(ctx, { ticket, deviceKey: circumstances.deviceKey });
        return scanPage(scan, voice, { changed: true });
      }
      default:
        return refusalPage(result.kind, voice);
    }
  } catch (error) {
    // The scan must outlive a database that is away for a moment.
    if (asAppError(error).code !== 'unavailable') throw error;
    ctx.log.warn(errorFacts(error), 'a check-in waits for the database');
    return waitingPage(finishPath(ticket), voice);
  }
});

/** After Back, or from the history: the place to begin again. */
export const GET = answering(() => Promise.resolve(seeOther('/c')));
