'use client';

import { useTranslate } from '../../../../../_components/language.tsx';
import { statusStyles } from '../../../../../_components/status.tsx';
import type { Status } from '#lib/base/statuses.ts';

/** In the order of the buttons, with the key of each. */
const presses = [
  ['present', 'P'],
  ['late', 'L'],
  ['partial', 'E'],
  ['absent', 'A'],
  ['excused', 'X'],
] as const satisfies readonly (readonly [Status, string])[];

/** The five small buttons. What is pressed is coloured, and said; the word stands beside them. */
export function PressButtons({
  pressed,
  isDisabled,
  inTabOrder,
  onPress,
}: {
  pressed?: Status | undefined;
  isDisabled?: (status: Status) => boolean;
  /** Buttons of a grid's row are reached by arrows. */
  inTabOrder: boolean;
  onPress: (status: Status) => void;
}) {
  const t = useTranslate();
  return presses.map(([status, key]) => {
    const { Icon, soft } = statusStyles[status];
    const isPressed = pressed === status;
    return (
      <button
        key={status}
        type="button"
        data-stop=""
        tabIndex={inTabOrder ? 0 : -1}
        aria-pressed={isPressed}
        disabled={isDisabled?.(status) === true}
        aria-keyshortcuts={key}
        aria-label={t(`register.mark.${status}`)}
        title={`${t(`register.mark.${status}`)} (${key})`}
        onClick={() => {
          onPress(status);
        }}
        className={`grid size-9 place-items-center rounded-sm border max-sm:size-10 ${
          isPressed
            ? `border-current ${soft}`
            : 'border-line text-quiet hover:border-edge hover:bg-sunken disabled:opacity-55 disabled:hover:border-line disabled:hover:bg-transparent'
        }`}
      >
        <Icon aria-hidden className="size-4.5" />
      </button>
    );
  });
}
