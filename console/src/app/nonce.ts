/* The word that the policy of this page asks of style elements made at run time. */

export function nonce(): string {
  return document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? "";
}
