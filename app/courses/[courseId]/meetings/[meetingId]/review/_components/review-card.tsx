import { formatTime } from '#lib/i18n/format.ts';
import type { Translate } from '#lib/i18n/translate.ts';
import type { Card, PersonOnCard, Reason } from '#lib/reviews/load-review.ts';
import { countPeople } from '#lib/reviews/rules.ts';
import { AllFine, DecisionButtons } from './decision-buttons.tsx';

/** More people than this fold away, so that one card does not hide the others. */
const shownPeople = 8;

interface Telling {
  timeZone: string;
  t: Translate;
}

/** One reason to look, what can be innocent about it, whom it is about, and what to make of it. */
export function ReviewCard({ card, ...telling }: { card: Card } & Telling) {
  const { t } = telling;
  const { reason, people, scannedBy } = card;
  const count = countPeople(card);
  const waiting = people.filter(({ decision }) => decision === null);
  const rows = (some: readonly PersonOnCard[]) => (
    <ul>
      {some.map((person) => (
        <Person key={person.evidence[0]?.id} person={person} reason={reason} {...telling} />
      ))}
    </ul>
  );
  return (
    <article data-reason={reason} className="rounded-md border border-line bg-paper p-4">
      <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2">
        <h3 className="min-w-0 flex-1 basis-64 font-semibold">
          {scannedBy === null || reason !== 'passed-on' ? (
            t(`review.${reason}.title`, { count })
          ) : (
            <bdi>{t('review.passed-on.title-of', { name: scannedBy.name })}</bdi>
          )}
        </h3>
        {waiting.length > 1 && (
          <AllFine
            checkInIds={waiting.flatMap((person) => person.evidence.map(({ id }) => id))}
            names={waiting.map(({ name }) => name)}
          />
        )}
      </div>
      <p className="mt-1 text-sm">
        {t(`review.${reason}.what`)}{' '}
        {reason !== 'by-hand' && (
          <span className="text-quiet">
            {t('review.innocent', { example: t(`review.${reason}.innocent`) })}
          </span>
        )}
      </p>
      <div className="mt-2">
        {people.length <= shownPeople ? (
          rows(people)
        ) : (
          <details>
            <summary className="cursor-pointer py-1 text-brand">{t('review.people', { count })}</summary>
            {rows(people)}
          </details>
        )}
      </div>
    </article>
  );
}

function Person({ person, reason, ...telling }: { person: PersonOnCard; reason: Reason } & Telling) {
  const { name, evidence, decision, counts, entered } = person;
  return (
    <li className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 border-t border-line py-2 first:border-t-0">
      <p className="min-w-0 flex-1 basis-48">
        <bdi className="block font-medium [overflow-wrap:anywhere]">{name}</bdi>
        <span className="block text-sm text-quiet tabular-nums">
          {factsOf(person, reason, telling).join(' · ')}
        </span>
        {entered !== null && counts && (
          <span className="block text-sm text-quiet">
            {telling.t('review.fact.entered', { status: telling.t(`status.${entered}`) })}
          </span>
        )}
      </p>
      <DecisionButtons
        checkInIds={evidence.map(({ id }) => id)}
        name={name}
        decision={decision}
        choices={counts ? ['fine', 'ask', 'set-aside'] : ['fine', 'ask']}
      />
    </li>
  );
}

/** When it was, and what the card is about: "in at 08:58 · code 17 s old". */
function factsOf({ evidence }: PersonOnCard, reason: Reason, { t, timeZone }: Telling): string[] {
  const time = (at: Date) => formatTime(at, timeZone, t.language);
  const last = evidence.at(-1);
  if (reason === 'wrong-codes') {
    return last === undefined
      ? []
      : [t('review.fact.guesses', { count: evidence.length, time: time(last.at) })];
  }
  return evidence.flatMap(({ outcome, direction, via, at, codeAgeMs, distanceMeters }) => [
    t(outcome === 'ticket-used' ? 'review.fact.tried' : `review.fact.${direction}`, { time: time(at) }),
    ...(reason === 'old-code' && codeAgeMs !== null
      ? [t('review.fact.code-age', { seconds: Math.round(codeAgeMs / 1000) })]
      : []),
    ...(reason === 'far-away' && distanceMeters !== null
      ? [t('review.fact.distance', { distance: distanceText(distanceMeters, t) })]
      : []),
    ...(via === 'helper' ? [t('review.fact.by-helper')] : []),
  ]);
}

function distanceText(meters: number, t: Translate): string {
  const [value, unit] = meters < 1_000 ? [meters, 'm'] : [meters / 1_000, 'km'];
  const shown = new Intl.NumberFormat(t.language, { maximumFractionDigits: unit === 'km' ? 1 : 0 });
  return `${shown.format(value)}\u00A0${unit}`;
}
