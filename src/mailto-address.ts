/** The one address of a `mailto:` URL (RFC 6068), decoded and without its query; null where it is none, or not one alone. */
export function mailtoAddress(url: string): string | null {
  const encoded = /^mailto:([^?#]+)/i.exec(url)?.[1];
  if (encoded === undefined) return null;
  try {
    const address = decodeURIComponent(encoded);
    return oneAddress.test(address) ? address : null;
  } catch {
    return null;
  }
}

// It becomes a header of mails: nothing that ends one, names a second address, or quotes.
const oneAddress = /^[^\s\p{Cc}\p{Cf}@<>"'\\()[\],;:]+@[^\s\p{Cc}\p{Cf}@<>"'\\()[\],;:]+$/u;
