const NAME = "posthorn.api-key";

/**
 * Where the API key is kept: in this tab until it is closed if the user wants that, otherwise in memory alone. Never in
 * a URL, a cookie or the storage of other tabs.
 */
let inMemory: string | undefined;

export function storedKey(): string | undefined {
  return inMemory ?? sessionStorage.getItem(NAME) ?? undefined;
}

export function storeKey(key: string, forThisTab: boolean) {
  inMemory = key;
  if (forThisTab) sessionStorage.setItem(NAME, key);
  else sessionStorage.removeItem(NAME);
}

export function forgetKey() {
  inMemory = undefined;
  sessionStorage.removeItem(NAME);
}
