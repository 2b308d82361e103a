/** Who did something, as the api names them: a key's name and, where two keys may share it, the key's id. */
export function actorOf(actor: string): { name: string; keyId: string | undefined } {
  const [, name, keyId] = /^(.+) \(([0-9a-f-]{36})\)$/.exec(actor) ?? [];
  return name === undefined ? { name: actor, keyId: undefined } : { name, keyId };
}
