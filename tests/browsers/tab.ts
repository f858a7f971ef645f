import type { Driver, Place } from './engines/driver.ts';
import { until } from './until.ts';

/** A window of a browser, or a frame in it: what a person sees and presses, in any engine. */
export class Tab {
  readonly #driver: Driver;
  readonly #place: Place;

  constructor(driver: Driver, place: Place) {
    this.#driver = driver;
    this.#place = place;
  }

  frame(selector: string): Tab {
    return new Tab(this.#driver, { ...this.#place, frame: selector });
  }

  goTo(url: string): Promise<void> {
    return this.#driver.goTo(this.#place.window, url);
  }

  /** Calls a function in the page. It is sent as text, and so knows nothing but its arguments (JSON). */
  async call<Args extends readonly unknown[], Result>(
    work: (...args: Args) => Result,
    ...args: Args
  ): Promise<Awaited<Result>> {
    return (await this.#driver.call(this.#place, work.toString(), args)) as Awaited<Result>;
  }

  /** Waits until a page of this path has loaded, and answers the path. */
  waitForPath(pattern: RegExp): Promise<string> {
    return until(`the path ${String(pattern)} in ${this.#name}`, async () => {
      const [path, state] = await this.call(() => [location.pathname, document.readyState] as const);
      if (state === 'complete' && pattern.test(path)) return path;
      throw new Error(`${path} is ${state}`);
    });
  }

  /** Waits for an element that can be seen, and answers what it says. */
  text(selector: string): Promise<string> {
    return until(`${selector} in ${this.#name}`, () =>
      this.call((wanted) => {
        const found = [...document.querySelectorAll<HTMLElement>(wanted)].find((one) =>
          one.checkVisibility(),
        );
        return found?.innerText.trim();
      }, selector),
    );
  }

  /** Waits until the page says it, anywhere. */
  says(words: RegExp): Promise<true> {
    return until(`the words ${String(words)} in ${this.#name}`, async () => {
      const text = await this.call(() => document.body.innerText);
      return words.test(text) ? true : undefined;
    });
  }

  async attribute(selector: string, name: string): Promise<string> {
    await this.text(selector);
    return until(`${selector}[${name}] in ${this.#name}`, async () =>
      this.call(
        (wanted, attribute) => document.querySelector(wanted)?.getAttribute(attribute) ?? undefined,
        selector,
        name,
      ),
    );
  }

  async click(selector: string): Promise<void> {
    await this.text(selector);
    await this.#driver.click(this.#place, selector);
  }

  /** Clicks, and goes over to the window that opens. */
  async clickToNewWindow(selector: string): Promise<Tab> {
    const before = await this.#driver.windows();
    await this.click(selector);
    const window = await until(`a new window of ${selector} in ${this.#name}`, async () =>
      (await this.#driver.windows()).find((one) => !before.includes(one)),
    );
    return new Tab(this.#driver, { window });
  }

  get #name(): string {
    return this.#place.frame ?? 'the window';
  }
}
