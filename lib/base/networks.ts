import { BlockList, isIP } from 'node:net';

/** More than a campus has; a list that long is a mistake. */
const maxNetworks = 50;

/** A network as it is written: 192.0.2.0/24, 2001:db8::/32, or one address alone. */
function parseNetwork(text: string): { address: string; bits: number; family: 'ipv4' | 'ipv6' } | undefined {
  const [, address = '', bits] = /^([0-9a-f.:]+)(?:\/(\d{1,3}))?$/i.exec(text) ?? [];
  const version = isIP(address);
  const maxBits = version === 4 ? 32 : 128;
  const read = bits === undefined ? maxBits : Number(bits);
  if (version === 0 || read > maxBits) return undefined;
  return { address, bits: read, family: version === 4 ? 'ipv4' : 'ipv6' };
}

/**
 * A list of networks as people write it (spaces, lines, commas), as it is kept: parted by one space, none twice.
 *
 * @returns the first entry that is none; the whole list where it is too long
 */
export function readNetworks(text: string): { ok: true; networks: string } | { ok: false; wrong: string } {
  const entries = new Set(
    text
      .toLowerCase()
      .split(/[\s,;]+/)
      .filter((entry) => entry !== ''),
  );
  const wrong = [...entries].find(
    (entry, index) => index >= maxNetworks || parseNetwork(entry) === undefined,
  );
  return wrong === undefined ? { ok: true, networks: [...entries].join(' ') } : { ok: false, wrong };
}

/**
 * Whether an address lies in one of these networks.
 *
 * @param networks as `readNetworks` keeps them
 * @param address as `nearestAddress` tells it
 */
export function isInNetworks(networks: string, address: string): boolean {
  const known = new BlockList();
  for (const entry of networks.split(' ')) {
    const network = parseNetwork(entry);
    if (network !== undefined) known.addSubnet(network.address, network.bits, network.family);
  }
  return known.check(address, isIP(address) === 4 ? 'ipv4' : 'ipv6');
}

/**
 * The address that a request came from: the last entry of X-Forwarded-For, which the balancer nearest to us writes. What
 * stands before it anybody can write. An IPv4 address within IPv6 is told as IPv4. Null: none, or no address.
 */
export function nearestAddress(forwardedFor: string | null): string | null {
  const last = forwardedFor?.split(',').at(-1)?.trim() ?? '';
  const [, bracketed] = /^\[([^\]]+)\](?::\d+)?$/.exec(last) ?? [];
  const [, withoutPort] = /^([\d.]+):\d+$/.exec(last) ?? [];
  const address = (bracketed ?? withoutPort ?? last).toLowerCase().replace(/^::ffff:(?=[\d.]+$)/, '');
  return isIP(address) === 0 || address.includes('%') ? null : address;
}
