/** @param address canonical, so that an internationalised domain has one form */
export function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1);
}
