import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { Server as NetServer } from 'node:net';
import type { Socket } from 'node:net';
import { setTimeout as delay, setImmediate as nextTurn } from 'node:timers/promises';

/** What a client may take. In milliseconds, where nothing else is said. */
export interface ClientLimits {
  /** For all headers of a request. */
  headersMs: number;
  /** For a whole request: a document of some megabytes from a phone with a poor line. */
  requestMs: number;
  /** For which nothing may move on a connection that is being answered. Live streams say something every 15 s. */
  standstillMs: number;
  /** For the next request on a connection. Longer than usual balancers keep theirs (60 s): they must be the first. */
  keptMs: number;
  /** How often it is looked who is too slow. */
  checkEveryMs: number;
  maxHeaderBytes: number;
  maxHeaders: number;
}

const usualLimits: ClientLimits = {
  headersMs: 15_000,
  requestMs: 300_000,
  standstillMs: 180_000,
  keptMs: 65_000,
  checkEveryMs: 5_000,
  maxHeaderBytes: 16_384,
  maxHeaders: 100,
};

export interface GracefulServer {
  server: Server;
  /**
   * No new connections; whatever is answered from then on says that it was the connection's last answer. Whoever stands
   * before the door already is let in first, or the system would cut them off. What is kept open is not closed: its next
   * request may be on its way.
   */
  beginStop: () => Promise<void>;
  /**
   * Waits until nothing is being answered and no request can come any more, then closes what is left. A proxy's
   * connections are waited for as long as possible, since a proxy may not repeat what it has sent; browsers do.
   */
  finish: (wait: { atLeastMs: number; atMostMs: number }) => Promise<void>;
}

interface Connection {
  openedAt: number;
  answering: number;
  hasAsked: boolean;
  isProxys: boolean;
}

/** A connection that was just made brings its request within this time; a browser also makes some for later. */
const firstRequestWithinMs = 1_000;
/** New connections that come without end are not let in for longer. */
const letInWithinMs = 250;

export function createGracefulServer(
  handle: (request: IncomingMessage, response: ServerResponse) => void,
  limits: ClientLimits = usualLimits,
): GracefulServer {
  const connections = new Map<Socket, Connection>();
  const answering = new Set<ServerResponse>();
  let stopping = false;
  let letIn = 0;
  /** Requests that wait, so that nothing delays letting people in, until nobody is let in any more. */
  let held: (() => void)[] | undefined;

  const server = createServer(
    {
      headersTimeout: limits.headersMs,
      requestTimeout: limits.requestMs,
      keepAliveTimeout: limits.keptMs,
      connectionsCheckingInterval: limits.checkEveryMs,
      maxHeaderSize: limits.maxHeaderBytes,
    },
    (request, response) => {
      const connection = connections.get(request.socket);
      if (connection !== undefined) {
        connection.hasAsked = true;
        connection.isProxys ||= 'x-forwarded-for' in request.headers || 'forwarded' in request.headers;
        connection.answering += 1;
      }
      answering.add(response);
      if (stopping) response.setHeader('connection', 'close');
      response.once('close', () => {
        answering.delete(response);
        if (connection !== undefined) connection.answering -= 1;
      });
      const go = () => {
        handle(request, response);
      };
      if (held === undefined) go();
      else held.push(go);
    },
  );
  server.timeout = limits.standstillMs;
  server.maxHeadersCount = limits.maxHeaders;
  server.on('connection', (socket) => {
    letIn += 1;
    connections.set(socket, { openedAt: Date.now(), answering: 0, hasAsked: false, isProxys: false });
    socket.once('close', () => connections.delete(socket));
  });

  const mayBeClosed = ({ openedAt, answering, hasAsked, isProxys }: Connection): boolean =>
    answering === 0 && (hasAsked ? !isProxys : Date.now() - openedAt > firstRequestWithinMs);

  return {
    server,
    async beginStop() {
      held = [];
      const latest = Date.now() + letInWithinMs;
      // Of those who wait, each turn lets in one: after a turn without anybody, nobody waits.
      await nextTurn();
      for (let before = -1; letIn > before && Date.now() < latest;) {
        before = letIn;
        await nextTurn();
      }
      stopping = true;
      // HTTP's own close() would cut kept connections, under the requests that are on their way.
      NetServer.prototype.close.call(server);
      for (const response of answering) {
        if (!response.headersSent) response.setHeader('connection', 'close');
      }
      const waited = held;
      held = undefined;
      for (const go of waited) go();
    },
    async finish({ atLeastMs, atMostMs }) {
      const began = Date.now();
      const past = () => Date.now() - began;
      while (past() < atLeastMs || (connections.size > 0 && past() < atMostMs)) {
        if (past() >= atLeastMs) {
          for (const [socket, connection] of connections) if (mayBeClosed(connection)) socket.destroy();
        }
        await delay(20);
      }
      server.closeAllConnections();
    },
  };
}
