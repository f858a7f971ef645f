/** A window, or the frame in it that a selector names. */
export interface Place {
  window: string;
  frame?: string;
}

/** What the stories need of a browser, whatever protocol it speaks. Each has a fresh profile. */
export interface Driver {
  version: string;
  /** The windows and tabs that are open. */
  windows(): Promise<string[]>;
  /** Resolves when the page has loaded. */
  goTo(window: string, url: string): Promise<void>;
  /**
   * Calls a function inside the page, whatever its content security policy says.
   *
   * @param source JavaScript of the function; it may be async
   * @param args, and what is returned: JSON
   */
  call(place: Place, source: string, args: readonly unknown[]): Promise<unknown>;
  /** As a person clicks: a page may open a window upon it. */
  click(place: Place, selector: string): Promise<void>;
  close(): Promise<void>;
}

export interface DriverOptions {
  /** An empty folder for everything that the browser writes. */
  folder: string;
  authorityFile: string;
  certificateFile: string;
}
