/* global window, document */
// What the page that frames a tool answers to the tool's messages: LTI platform storage, and Canvas' own
// `lti.…` subjects as far as the demo has what they are about. Everything else is left unanswered.
const frame = document.querySelector('[data-tool-frame]');

// Canvas counts per page and per tool, keys and values together.
const largestNumberOfKeys = 500;
const largestNumberOfCharacters = 4096;
const used = new Map();

class Refusal extends Error {
  constructor(code, message) {
    super(message);
    this.code = code;
  }
}

const storageKey = (origin, key) => `lti|platform_storage|${origin}|${key}`;

function requireText(data, name) {
  if (typeof data[name] !== 'string' || data[name] === '') {
    throw new Refusal('bad_request', `Missing required '${name}' field`);
  }
  return data[name];
}

function putData(data, origin) {
  const key = requireText(data, 'key');
  requireText(data, 'message_id');
  const place = storageKey(origin, key);
  const count = used.get(origin) ?? { keys: 0, characters: 0 };
  const before = window.localStorage.getItem(place);
  const freed = before === null ? 0 : key.length + before.length;
  if (data.value === null || data.value === undefined || data.value === '') {
    window.localStorage.removeItem(place);
    used.set(origin, {
      keys: Math.max(0, count.keys - 1),
      characters: Math.max(0, count.characters - freed),
    });
    return { key };
  }
  const value = String(data.value);
  const next = { keys: count.keys + 1, characters: count.characters + key.length + value.length };
  if (next.keys > largestNumberOfKeys) {
    throw new Refusal('storage_exhaustion', 'Reached key limit for tool');
  }
  if (next.characters > largestNumberOfCharacters) {
    throw new Refusal('storage_exhaustion', 'Reached byte limit for tool');
  }
  window.localStorage.setItem(place, value);
  used.set(origin, next);
  return { key, value };
}

function getData(data, origin) {
  const key = requireText(data, 'key');
  requireText(data, 'message_id');
  return { key, value: window.localStorage.getItem(storageKey(origin, key)) };
}

function resizeFrame(data) {
  const height = Number(data.height);
  if (!Number.isFinite(height)) throw new Refusal('bad_request', "Missing required 'height' field");
  // The content security policy forbids style attributes in HTML; a property set by script is no attribute.
  frame.style.height = `${Math.max(1, height)}px`;
  return {};
}

function scrollToTop() {
  window.scrollTo({ top: frame.getBoundingClientRect().top + window.scrollY });
  return {};
}

const subjects = {
  'lti.put_data': putData,
  'lti.get_data': getData,
  'lti.frameResize': resizeFrame,
  'lti.scrollToTop': scrollToTop,
  'lti.fetchWindowSize': () => ({
    height: window.innerHeight,
    width: window.innerWidth,
    offset: { top: frame.offsetTop, left: frame.offsetLeft },
    footer: 0,
    scrollY: window.scrollY,
  }),
  'lti.getPageSettings': () => ({
    pageSettings: {
      locale: frame.dataset.locale,
      time_zone: frame.dataset.timeZone,
      use_high_contrast: false,
      active_brand_config_json_url: frame.dataset.brandConfig,
    },
  }),
  'lti.capabilities': () => ({
    supported_messages: Object.keys(subjects).map((subject) =>
      subject === 'lti.put_data' || subject === 'lti.get_data'
        ? { subject, frame: 'post_message_forwarding' }
        : { subject },
    ),
  }),
};

/** Tools send objects, and some send them as JSON. */
function readMessage(data) {
  if (typeof data === 'object') return data;
  try {
    return JSON.parse(data);
  } catch {
    return null;
  }
}

function answerTo(message, origin) {
  if (message === null || typeof message !== 'object' || !Object.hasOwn(subjects, message.subject))
    return undefined;
  const head = {
    subject: `${message.subject}.response`,
    ...(message.message_id === undefined ? {} : { message_id: message.message_id }),
  };
  try {
    return { ...head, ...subjects[message.subject](message, origin) };
  } catch (error) {
    const code = error instanceof Refusal ? error.code : 'generic_error';
    return { ...head, error: { code, message: error.message } };
  }
}

window.addEventListener('message', (event) => {
  const forwarding = window.frames['post_message_forwarding'];
  if (event.source === forwarding && event.origin === window.location.origin) {
    const { forwarded, from } = event.data ?? {};
    if (from === undefined) return;
    const answer = answerTo(readMessage(forwarded), from.origin);
    if (answer !== undefined) forwarding.postMessage({ forwardTo: from, answer }, window.location.origin);
    return;
  }
  if (event.source !== frame.contentWindow) return;
  const answer = answerTo(readMessage(event.data), event.origin);
  if (answer !== undefined) event.source.postMessage(answer, event.origin);
});
