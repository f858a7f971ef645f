// Carries a login's browser key from /lti/login to /lti/launch where the browser keeps no cookie of ours inside
// the platform's page: in the platform's own storage (LTI Client Side postMessages and Platform Storage), where
// it offers one, else in the frame's. Both pages name the key and what they know of the platform.

const answerWithinMs = 1000;
const page = document.querySelector('[data-browser-key]');
const { keyName, storageTarget, platformOrigin } = page.dataset;
const pageOrigins = (page.dataset.pageOrigins ?? '').split(' ').filter((origin) => origin !== '');
const isFramed = window.parent !== window;

/** The platform's pages: exact origins, or `https://*.host` for all hosts below. */
function isPlatformPage(origin) {
  return pageOrigins.some((known) => {
    const [scheme, below] = known.split('://*');
    return below === undefined
      ? origin === known
      : origin.startsWith(`${scheme}://`) && origin.endsWith(below);
  });
}

/** The origin of the page that frames us, where the browser tells it. */
function framingOrigin() {
  return window.location.ancestorOrigins?.[0] ?? URL.parse(document.referrer)?.origin;
}

/** Sends one message to a window of the platform and waits for its answer: by id, subject and origin. */
function ask(target, { origin, subject, ...data }) {
  return new Promise((resolve, reject) => {
    const messageId = crypto.randomUUID();
    const late = setTimeout(() => {
      end(reject, new Error(`${subject}: no answer`));
    }, answerWithinMs);
    const hear = (event) => {
      const answer = event.data;
      if (answer?.message_id !== messageId || answer.subject !== `${subject}.response`) return;
      if (origin !== '*' && event.origin !== origin) return;
      if (answer.error === undefined) end(resolve, answer);
      else end(reject, new Error(`${subject}: ${answer.error.code}`));
    };
    const end = (settle, value) => {
      clearTimeout(late);
      window.removeEventListener('message', hear);
      settle(value);
    };
    window.addEventListener('message', hear);
    try {
      target.postMessage({ subject, message_id: messageId, ...data }, origin);
    } catch (error) {
      end(reject, error);
    }
  });
}

/** A frame of the platform's page by its name. A page may lack the one that it promised. */
function frameOf(name) {
  if (name === '_parent') return window.parent;
  try {
    return window.parent.frames[name];
  } catch {
    return undefined;
  }
}

/** The frame that the page around us names for this kind of message; it holds nothing of worth to ask. */
async function namedFrame(subject) {
  const answer = await ask(window.parent, { origin: '*', subject: 'lti.capabilities' });
  const named = answer.supported_messages?.find((known) => known.subject === subject)?.frame;
  if (named === undefined || named === storageTarget) throw new Error('nothing new');
  return named;
}

/** Asks the platform's storage: in the frame it offered or names, else in its page. */
async function askStorage(subject, data) {
  const inFrame = async (name) => {
    const target = frameOf(name);
    if (target === undefined) throw new Error(`no frame ${name}`);
    return ask(target, { origin: platformOrigin, subject, ...data });
  };
  try {
    return await Promise.any([inFrame(storageTarget), namedFrame(subject).then(inFrame)]);
  } catch {
    // Anybody may frame this page, so the key is told to a page of the platform alone.
    const origin = framingOrigin();
    if (!isPlatformPage(origin)) throw new Error('not a page of the platform');
    return ask(window.parent, { origin, subject, ...data });
  }
}

const storages = [() => window.sessionStorage, () => window.localStorage];

/** Does something with each storage of the frame that this browser lets us have. */
function withStorages(work) {
  return storages.flatMap((storage) => {
    try {
      return work(storage()) ?? [];
    } catch {
      return [];
    }
  });
}

function cookieStays() {
  const { probeName, probeAttributes } = page.dataset;
  const keeps = () => document.cookie.split('; ').includes(`${probeName}=1`);
  try {
    document.cookie = `${probeName}=1; Max-Age=60; ${probeAttributes}`;
    const kept = keeps();
    document.cookie = `${probeName}=; Max-Age=0; ${probeAttributes}`;
    return kept;
  } catch {
    return false;
  }
}

/** Keeps the key where it will be found again. In a page of our own, only a cookie would carry the login on. */
async function keepKey(value) {
  if (cookieStays()) return true;
  if (!isFramed) return false;
  if (storageTarget !== undefined) {
    try {
      await askStorage('lti.put_data', { key: keyName, value });
      return true;
    } catch {
      // The platform's storage does not answer or is full.
    }
  }
  return withStorages((storage) => {
    storage.setItem(keyName, value);
    return [storage.getItem(keyName) === value];
  }).includes(true);
}

/** Finds the key, and leaves nothing behind. */
async function takeKey() {
  const [kept] = withStorages((storage) => {
    const value = storage.getItem(keyName);
    storage.removeItem(keyName);
    return value;
  });
  if (kept !== undefined) return kept;
  if (storageTarget === undefined) return undefined;
  try {
    const { value } = await askStorage('lti.get_data', { key: keyName });
    // Its answer is not waited for: nothing depends on it.
    askStorage('lti.put_data', { key: keyName, value: null }).catch(() => undefined);
    return value ?? undefined;
  } catch {
    return undefined;
  }
}

if (page.dataset.browserKey === 'keep') {
  if (await keepKey(page.dataset.keyValue)) {
    window.location.replace(page.dataset.continueTo);
  } else {
    page.querySelector('[data-waiting]').hidden = true;
    page.querySelector(isFramed ? '[data-in-new-tab]' : '[data-nothing-kept]').hidden = false;
  }
} else {
  const form = page.querySelector('form');
  form.elements.kept_key.value = (await takeKey()) ?? 'none';
  form.submit();
}
