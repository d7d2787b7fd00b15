'use strict';

// The demo page: two channels of Parley through an unmodified pusher-js. Messages are client events on
// `private-demo`, who is here and who is typing come from `presence-demo`.

const typingSentEveryMs = 2000; // a person who keeps writing says so this often
const typingShownMs = 4000; // and is shown as typing this long after the last word of it
const messagesKept = 500;
const wireRowsKept = 200;

const byId = (id) => document.getElementById(id);

function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

function randomOf(list) {
  return list[crypto.getRandomValues(new Uint32Array(1))[0] % list.length];
}

function randomName() {
  const manners = ['Brave', 'Calm', 'Clever', 'Gentle', 'Jolly', 'Lucky', 'Merry', 'Quick', 'Quiet', 'Sunny'];
  const animals = ['Badger', 'Crane', 'Dolphin', 'Fox', 'Hare', 'Heron', 'Lynx', 'Otter', 'Robin', 'Wren'];
  return `${randomOf(manners)} ${randomOf(animals)}`;
}

function randomId() {
  const bytes = crypto.getRandomValues(new Uint8Array(8));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Who this tab is. A reload keeps the person, another tab is another one. */
function loadMe() {
  const id = sessionStorage.getItem('parley.id') ?? randomId();
  const name = sessionStorage.getItem('parley.name') ?? randomName();
  sessionStorage.setItem('parley.id', id);
  sessionStorage.setItem('parley.name', name);
  return { id, name };
}

const me = loadMe();

// People

function avatar(id, name) {
  const made = element('span', 'avatar', Array.from(name.trim())[0]?.toUpperCase() ?? '?');
  made.setAttribute('aria-hidden', 'true');
  if (id) made.dataset.colour = Array.from(id).reduce((sum, letter) => sum + letter.codePointAt(0), 0) % 8;
  return made;
}

const typists = new Map(); // user id -> timer that ends it

function showPeople(members) {
  const rows = [];
  let others = 0;
  members.each((member) => {
    const row = element('li');
    row.append(avatar(member.id, member.info.name ?? ''), element('span', '', member.info.name));
    if (member.id === me.id) row.append(element('span', 'you', '(you)'));
    else others += 1;
    rows.push(row);
  });
  byId('people').replaceChildren(...rows);
  byId('people-count').textContent = String(rows.length);
  byId('empty-title').textContent = others > 0 ? 'You are not alone' : 'Nobody else is here yet';
  byId('empty-text').textContent =
    others > 0
      ? 'Write a message: it reaches every open tab.'
      : 'Every tab is a person of its own. Open a second one, put the two side by side and write.';
}

function showTyping(members) {
  const names = [...typists.keys()].map((id) => members.get(id)?.info.name).filter(Boolean);
  const verb = names.length === 1 ? 'is' : 'are';
  byId('typing').textContent = names.length === 0 ? '' : `${names.join(', ')} ${verb} typing…`;
}

// Messages

function appendToLog(row) {
  const log = byId('messages');
  const atEnd = log.hidden || log.scrollHeight - log.scrollTop - log.clientHeight < 60;
  byId('empty').hidden = true;
  log.hidden = false;
  log.append(row);
  while (log.children.length > messagesKept) log.firstChild.remove();
  if (atEnd) log.scrollTop = log.scrollHeight;
}

function showNote(text, className = 'note') {
  appendToLog(element('p', className, text));
}

function showMessage({ id, name, text }) {
  const last = byId('messages').lastElementChild;
  const row = element('div', 'message');
  row.dataset.from = id;
  row.classList.toggle('mine', id === me.id);
  row.classList.toggle('next', last?.dataset.from === id && last.dataset.name === name);
  row.dataset.name = name;

  const who = element('p', 'who');
  const time = new Date().toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
  who.append(element('b', '', id === me.id ? 'You' : name), ` ${time}`);
  row.append(avatar(id, name), who, element('p', 'words', text));
  appendToLog(row);
}

/** Whatever another tab or a back end sent, as text that can be shown. */
function readMessage(data) {
  const textOf = (value, otherwise) => (typeof value === 'string' && value !== '' ? value : otherwise);
  return {
    id: textOf(data?.id, ''),
    name: textOf(data?.name, 'Server').slice(0, 40),
    text: textOf(data?.text, typeof data === 'string' ? data : JSON.stringify(data)),
  };
}

// The wire

function pretty(raw) {
  try {
    return JSON.stringify(JSON.parse(raw), null, 2);
  } catch {
    return raw;
  }
}

/** The event's name and, where there is one, the channel's. */
function describe(raw) {
  const name = element('span', 'name', raw);
  try {
    const message = JSON.parse(raw);
    const channel = message.channel ?? message.data?.channel;
    name.textContent = message.event;
    if (channel) name.append(' ', element('span', 'channel', channel));
  } catch {
    // Not JSON: shown as it is.
  }
  return name;
}

function showOnWire(direction, raw) {
  const wire = byId('wire');
  const atEnd = wire.scrollHeight - wire.scrollTop - wire.clientHeight < 120;
  const arrow = element('span', direction, direction === 'sent' ? '↑' : '↓');
  arrow.setAttribute('role', 'img');
  arrow.setAttribute('aria-label', direction);
  const summary = element('summary');
  summary.append(arrow, describe(raw), element('span', 'at', new Date().toTimeString().slice(0, 8)));
  const details = element('details');
  details.append(summary, element('pre', '', pretty(raw)));
  const row = element('li');
  row.append(details);
  wire.append(row);
  while (wire.children.length > wireRowsKept) wire.firstChild.remove();
  if (atEnd) wire.scrollTop = wire.scrollHeight;
}

/** Shows what passes over the sockets that pusher-js opens, before it has touched it. */
function watchWire() {
  window.WebSocket = class extends WebSocket {
    constructor(...parameters) {
      super(...parameters);
      this.addEventListener('message', (event) => showOnWire('received', event.data));
    }

    send(raw) {
      showOnWire('sent', raw);
      super.send(raw);
    }
  };
}

// The connection

const stateTexts = {
  initialized: 'Connecting',
  connecting: 'Connecting',
  connected: 'Connected',
  unavailable: 'Server not reachable, trying again',
  failed: 'This browser has no WebSocket',
  disconnected: 'Disconnected',
};

function showState(state) {
  byId('state').dataset.state = state;
  byId('state-text').textContent = stateTexts[state] ?? state;
}

function connect({ key, path_prefix: pathPrefix }) {
  const tls = location.protocol === 'https:';
  const port = Number(location.port) || (tls ? 443 : 80);
  const pusher = new Pusher(key, {
    cluster: '',
    wsHost: location.hostname,
    wsPort: port,
    wssPort: port,
    wsPath: pathPrefix,
    forceTLS: tls,
    enabledTransports: ['ws', 'wss'],
    channelAuthorization: {
      transport: 'ajax',
      endpoint: '/demo/auth',
      paramsProvider: () => ({ user_id: me.id, user_name: me.name }),
    },
  });
  showState(pusher.connection.state);
  pusher.connection.bind('state_change', ({ current }) => showState(current));
  pusher.connection.bind('error', (error) => {
    const refused = error?.data ?? error?.error?.data;
    if (refused?.message) showNote(`${refused.code ?? 'Error'}: ${refused.message}`, 'note warning');
  });
  return pusher;
}

function subscribe(pusher, name) {
  const channel = pusher.subscribe(name);
  channel.bind('pusher:subscription_error', ({ error, status }) =>
    showNote(`${name}, ${status}: ${error}`, 'note warning'),
  );
  return channel;
}

function joinMessages(pusher) {
  const channel = subscribe(pusher, 'private-demo');
  const send = byId('send');
  const update = () => {
    send.disabled = !(channel.subscribed && pusher.connection.state === 'connected');
  };
  channel.bind('pusher:subscription_succeeded', update);
  pusher.connection.bind('state_change', update);
  channel.bind('client-message', (data) => showMessage(readMessage(data)));
  channel.bind('message', (data) => showMessage({ ...readMessage(data), id: '' }));
  return channel;
}

function joinPeople(pusher) {
  const channel = subscribe(pusher, 'presence-demo');
  const stopTyping = (id) => {
    clearTimeout(typists.get(id));
    typists.delete(id);
    showTyping(channel.members);
  };
  channel.bind('pusher:subscription_succeeded', (members) => showPeople(members));
  channel.bind('pusher:member_added', (member) => {
    showPeople(channel.members);
    showNote(`${member.info.name} joined`);
  });
  channel.bind('pusher:member_removed', (member) => {
    stopTyping(member.id);
    showPeople(channel.members);
    showNote(`${member.info.name} left`);
  });
  channel.bind('client-typing', (data, { user_id: id }) => {
    stopTyping(id);
    if (data?.typing !== true) return;
    typists.set(
      id,
      setTimeout(() => stopTyping(id), typingShownMs),
    );
    showTyping(channel.members);
  });
  return channel;
}

function start(pusher) {
  const messages = joinMessages(pusher);
  let people = joinPeople(pusher);
  let typingSaidAt = -Infinity;

  const sayTyping = (typing) => {
    if (!people.subscribed) return;
    if (typing && performance.now() - typingSaidAt < typingSentEveryMs) return;
    if (!typing && typingSaidAt === -Infinity) return;
    typingSaidAt = typing ? performance.now() : -Infinity;
    people.trigger('client-typing', { typing });
  };

  byId('text').addEventListener('input', (event) => sayTyping(event.target.value !== ''));

  byId('composer').addEventListener('submit', (event) => {
    event.preventDefault();
    const text = byId('text').value.trim();
    if (text === '' || byId('send').disabled) return;
    const message = { id: me.id, name: me.name, text };
    if (!messages.trigger('client-message', message)) return;
    showMessage(message);
    sayTyping(false);
    byId('text').value = '';
  });

  // A member's name is fixed when he subscribes: a new name is a new subscription.
  const rename = () => {
    const name = byId('name').value.trim();
    byId('name').value = name || me.name;
    if (name === '' || name === me.name) return;
    me.name = name;
    sessionStorage.setItem('parley.name', name);
    pusher.unsubscribe('presence-demo');
    typingSaidAt = -Infinity;
    people = joinPeople(pusher);
  };
  byId('name').addEventListener('change', rename);
  byId('name-form').addEventListener('submit', (event) => {
    event.preventDefault();
    byId('text').focus();
  });
}

async function main() {
  byId('name').value = me.name;
  byId('wire-clear').addEventListener('click', () => byId('wire').replaceChildren());
  watchWire();
  try {
    const answer = await fetch('/demo/config.json');
    if (!answer.ok) throw new Error(`/demo/config.json: ${answer.status}`);
    start(connect(await answer.json()));
  } catch (error) {
    showState('unavailable');
    showNote(String(error.message), 'note warning');
  }
}

main();
