import { Agent, request } from 'node:http';
import type { AgentOptions } from 'node:http';
import { Agent as TlsAgent, request as requestByTls } from 'node:https';

/** Node's own request, by TLS where the address says so. */
export function requestFor(url: string): typeof requestByTls {
  return isSecure(url) ? requestByTls : request;
}

/** Connections to an address that are kept, by TLS where it says so. */
export function agentFor(url: string, options: AgentOptions = {}): Agent {
  return new (isSecure(url) ? TlsAgent : Agent)({ keepAlive: true, ...options });
}

export const isSecure = (url: string) => url.startsWith('https:');
