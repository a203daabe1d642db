import { ProxyAgent } from 'undici'

/** How the requests of `fetch` leave this machine. */
export type Dispatcher = NonNullable<RequestInit['dispatcher']>

/**
 * Requests through an http proxy, by CONNECT: it learns host and port, not what is said. `address` may hold user and
 * password. `destroy()` ends its connections.
 */
export function throughProxy(address: string): Dispatcher {
  // The types of Node are those of another release; they differ in what fetch does not use.
  return new ProxyAgent(address) as unknown as Dispatcher
}
