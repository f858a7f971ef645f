'use client';

import { createContext, useContext, useRef, useState } from 'react';
import type { ReactNode, SyntheticEvent } from 'react';

const FirstTicket = createContext('');

/**
 * Brings the ticket that the server made with the page: it serves the first seconds, in which a page is
 * already seen but its script has not yet come.
 */
export function HandOverProvider({ ticket, children }: { ticket: string; children: ReactNode }) {
  return <FirstTicket value={ticket}>{children}</FirstTicket>;
}

/**
 * A form that opens a page of ours in a window of its own and signs it in there: inside the platform's frame
 * our cookie is partitioned, and the frame forbids what a projector needs. It works without script too, for as
 * long as the page's own ticket lasts.
 */
export function OpenInNewWindow({
  action,
  fields,
  blockedText,
  children,
  className,
  onSent,
}: {
  action: string;
  fields?: Record<string, string>;
  /** The sentence when the browser did not let the window open. */
  blockedText: string;
  /** The submit button. */
  children: ReactNode;
  className?: string;
  /** The window is on its way: what asked for it may go. */
  onSent?: () => void;
}) {
  const ticketField = useRef<HTMLInputElement>(null);
  const [blocked, setBlocked] = useState(false);
  const firstTicket = useContext(FirstTicket);

  async function openWindow(event: SyntheticEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = event.currentTarget;
    // The window opens within the click; after waiting for the ticket a browser would block it.
    const name = `sk-${String(Date.now())}`;
    const opened = window.open('', name);
    if (opened === null) {
      setBlocked(true);
      return;
    }
    setBlocked(false);
    try {
      const answer = await fetch('/api/handover', {
        method: 'POST',
        headers: { accept: 'application/json' },
      });
      if (!answer.ok) throw new Error(String(answer.status));
      const { ticket } = (await answer.json()) as { ticket: string };
      if (ticketField.current === null) return;
      ticketField.current.value = ticket;
    } catch {
      // No login any more, or no network: the page that the window gets says so.
    }
    form.target = name;
    form.submit();
    onSent?.();
  }

  return (
    <form
      action={action}
      method="post"
      target="_blank"
      className={className}
      onSubmit={(event) => {
        void openWindow(event);
      }}
    >
      <input ref={ticketField} type="hidden" name="ticket" defaultValue={firstTicket} />
      {Object.entries(fields ?? {}).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      {children}
      {blocked && <p role="alert">{blockedText}</p>}
    </form>
  );
}
