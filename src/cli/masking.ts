import { maskEmailAddress } from '../logger.js';

/** Addresses and links as they may be shown: in part, unless `--reveal`. */
export interface Mask {
  address(address: string): string;
  link(link: string): string;
}

export function createMask(reveal: boolean): Mask {
  return reveal
    ? { address: (address) => address, link: (link) => link }
    : { address: maskEmailAddress, link: (link) => link.replace(/(\?|&)token=[^&#]*/, '$1token=***') };
}
