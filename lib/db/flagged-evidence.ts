import { sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';

/**
 * The evidence of a meeting at which a person should look, as a query: `id`, `membership_id`, and `reasons`. These are
 * the flags that it was stored with; `shared-phone`, where one browser has confirmed for several people; and
 * `passed-on`, where a scan was tried that somebody else had confirmed. What a person has found to be fine or has set
 * aside is left out. The register's flags and the counts of meetings are of these; lib/reviews tells them on cards.
 *
 * @param meetingId of one meeting, as SQL
 */
export const flaggedEvidence = (meetingId: SQL) => sql`
  select found.id, found.membership_id, found.reasons from (
    select c.id, c.membership_id, c.flags
      || case when c.outcome = 'ticket-used' then array['passed-on'] else '{}' end
      || case when c.outcome not in ('wrong-code', 'ticket-used') and c.browser_hash in (
          select one.browser_hash from check_ins one
          where one.meeting_id = ${meetingId} and one.outcome not in ('wrong-code', 'ticket-used')
          group by one.browser_hash having count(distinct one.membership_id) > 1)
        then array['shared-phone'] else '{}' end as reasons
    from check_ins c where c.meeting_id = ${meetingId}
    offset 0 -- so that the reasons are found once a row, not once for each of their uses
  ) found
  where found.reasons <> '{}' and not exists (select 1 from check_in_reviews review
    where review.check_in_id = found.id and review.decision <> 'ask')`;
