import { createContext, type ReactNode, useContext } from "react";
import type { Posthorn } from "../client.ts";

const PosthornContext = createContext<Posthorn | undefined>(undefined);

/** Gives the hooks below it their client. */
export function PosthornProvider({ client, children }: { client: Posthorn; children: ReactNode }) {
  return <PosthornContext value={client}>{children}</PosthornContext>;
}

/** The client of the nearest {@link PosthornProvider}. */
export function usePosthorn(): Posthorn {
  const client = useContext(PosthornContext);
  if (client === undefined) throw new Error("usePosthorn wants a PosthornProvider above it");
  return client;
}
