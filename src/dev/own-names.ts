import { hostname, networkInterfaces } from 'node:os';

/**
 * Whether a `Host` header names this server: one of the names and addresses that it listens on, with any port. A page of
 * somebody else's whose name leads here by DNS rebinding would otherwise read the mailbox, live links and all.
 *
 * @param listening the address that the server was told to listen on
 */
export function isOwnName(host: string | undefined, listening: string): boolean {
  const name = hostNameOf(host);
  if (name === undefined) return false;
  return ownNames(listening).some((own) => hostNameOf(urlHost(own)) === name);
}

function ownNames(listening: string): string[] {
  const loopback = ['localhost', '127.0.0.1', '::1'];
  const isEverywhere = ['', '0.0.0.0', '::'].includes(listening);
  const interfaces = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  return isEverywhere
    ? [...loopback, hostname(), ...interfaces.map(({ address }) => address)]
    : [...loopback, listening];
}

/** In one spelling: `LOCALHOST.`, `[0:0::1]:3000` and `127.1` as browsers read them. */
function hostNameOf(host: string | undefined): string | undefined {
  if (host === undefined || !/^[\w.:[\]-]+$/.test(host) || !URL.canParse(`http://${host}/`)) return undefined;
  return new URL(`http://${host}/`).hostname.replace(/\.$/, '');
}

function urlHost(name: string): string {
  return name.includes(':') ? `[${name}]` : name;
}
