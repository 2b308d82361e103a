import { setNonce } from "get-nonce";

/** The nonce with which the page's policy allows styles; empty in development. */
export function styleNonce(): string {
  return document.querySelector<HTMLMetaElement>("meta[property=csp-nonce]")?.nonce ?? "";
}

/** Gives the nonce to libraries that add styles of their own: what locks scrolling behind a dialog. */
export function allowOurStyles() {
  setNonce(styleNonce());
}
