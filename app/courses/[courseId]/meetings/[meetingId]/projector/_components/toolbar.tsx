'use client';

import {
  ALargeSmall,
  Eye,
  EyeOff,
  LogIn,
  LogOut,
  Maximize,
  Minimize,
  Moon,
  Plus,
  QrCode,
  Square,
  Sun,
} from 'lucide-react';
import type { LucideIcon } from 'lucide-react';
import Link from 'next/link';
import { buttonStyle } from '../../../../../../_components/button.tsx';
import { useTranslate } from '../../../../../../_components/language.tsx';
import type { Direction } from '#lib/check-in-windows/input.ts';
import { useFullScreen } from './use-screen.ts';

/** What the teacher needs now and then: small, at the lower edge. */
export function Toolbar({
  way: { courseId, meetingId, direction },
  isOpen,
  canProlong,
  isBusy,
  isDark,
  isLarge,
  showsNames,
  onProlong,
  onEnd,
  onView,
  onNames,
  onScheme,
}: {
  way: { courseId: string; meetingId: string; direction: Direction };
  isOpen: boolean;
  canProlong: boolean;
  isBusy: boolean;
  isDark: boolean;
  /** The typed code alone, as large as can be. */
  isLarge: boolean;
  showsNames: boolean;
  onProlong: () => void;
  onEnd: () => void;
  onView: () => void;
  onNames: () => void;
  onScheme: () => void;
}) {
  const t = useTranslate();
  const fullScreen = useFullScreen();
  const Other = direction === 'in' ? LogOut : LogIn;
  const tool = (Icon: LucideIcon, word: string, onPress: () => void, kind: 'quiet' | 'danger' = 'quiet') => (
    <button
      type="button"
      disabled={isBusy && (onPress === onProlong || onPress === onEnd)}
      onClick={onPress}
      className={buttonStyle({ kind, size: 'small' })}
    >
      <Icon aria-hidden className="size-4" />
      {word}
    </button>
  );
  return (
    // Larger on a large screen: it is as far away from whoever stands before it.
    <footer className="flex flex-wrap items-center justify-end gap-1 px-[2vw] pb-[1dvh] *:min-h-[max(2rem,3.4dvh)] *:gap-[0.5em] *:px-[0.6em] *:text-[max(0.8125rem,1.5dvh)] [&_svg]:size-[1.25em]">
      <Link
        href={`/courses/${courseId}/meetings/${meetingId}/projector${direction === 'in' ? '?direction=out' : ''}`}
        className={`${buttonStyle({ kind: 'quiet', size: 'small' })} mr-auto`}
      >
        <Other aria-hidden className="size-4" />
        {t(direction === 'in' ? 'wall.other.out' : 'wall.other.in')}
      </Link>
      {isOpen && tool(isLarge ? QrCode : ALargeSmall, t(isLarge ? 'wall.large.leave' : 'wall.large'), onView)}
      {isOpen &&
        !isLarge &&
        tool(showsNames ? EyeOff : Eye, t(showsNames ? 'wall.names.hide' : 'wall.names.show'), onNames)}
      {tool(isDark ? Sun : Moon, t(isDark ? 'wall.light' : 'wall.dark'), onScheme)}
      {fullScreen.isOffered &&
        tool(
          fullScreen.isOn ? Minimize : Maximize,
          t(fullScreen.isOn ? 'wall.full-screen.leave' : 'wall.full-screen'),
          fullScreen.toggle,
        )}
      {canProlong && tool(Plus, t('wall.prolong'), onProlong)}
      {isOpen && tool(Square, t('wall.end'), onEnd, 'danger')}
    </footer>
  );
}
