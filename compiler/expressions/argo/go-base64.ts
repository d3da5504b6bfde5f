/** Standard base64 with padding. */

export function toBase64(text: string): string {
  return Buffer.from(text).toString("base64");
}

/** The text of standard base64, or `undefined` where it is none. Line breaks do not count. */
export function fromBase64(text: string): string | undefined {
  const plain = text.replace(/[\r\n]/g, "");
  const isValid = plain.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(plain);
  return isValid ? Buffer.from(plain, "base64").toString() : undefined;
}

/** Why a text is no base64: the byte at which Go stops. */
export function base64Error(text: string): string {
  const wrong = /[^A-Za-z0-9+/=\r\n]/.exec(text)?.index ?? text.length - (text.length % 4);
  return `illegal base64 data at input byte ${Buffer.byteLength(text.slice(0, wrong))}`;
}
