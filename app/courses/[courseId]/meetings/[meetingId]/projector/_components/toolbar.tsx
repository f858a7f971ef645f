'use client';

import { Eye, EyeOff, Maximize, Minimize, Moon, Plus, Square, Sun } from 'lucide-react';
import type { LucideIcon } from 'lucide-react';
import { buttonStyle } from '../../../../../../_components/button.tsx';
import { useTranslate } from '../../../../../../_components/language.tsx';
import { useFullScreen } from './use-screen.ts';

/** What the teacher needs now and then: small, at the lower edge. */
export function Toolbar({
  isOpen,
  isBusy,
  isDark,
  showsNames,
  onProlong,
  onEnd,
  onNames,
  onScheme,
}: {
  isOpen: boolean;
  isBusy: boolean;
  isDark: boolean;
  showsNames: boolean;
  onProlong: () => void;
  onEnd: () => void;
  onNames: () => void;
  onScheme: () => void;
}) {
  const t = useTranslate();
  const fullScreen = useFullScreen();
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
    <footer className="flex flex-wrap items-center justify-end gap-1 px-[2vw] pb-[1dvh]">
      {isOpen &&
        tool(showsNames ? EyeOff : Eye, t(showsNames ? 'wall.names.hide' : 'wall.names.show'), onNames)}
      {tool(isDark ? Sun : Moon, t(isDark ? 'wall.light' : 'wall.dark'), onScheme)}
      {fullScreen.isOffered &&
        tool(
          fullScreen.isOn ? Minimize : Maximize,
          t(fullScreen.isOn ? 'wall.full-screen.leave' : 'wall.full-screen'),
          fullScreen.toggle,
        )}
      {isOpen && tool(Plus, t('wall.prolong'), onProlong)}
      {isOpen && tool(Square, t('wall.end'), onEnd, 'danger')}
    </footer>
  );
}
