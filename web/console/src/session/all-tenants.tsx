import { createPosthorn } from "@posthorn/client";
import { PosthornProvider } from "@posthorn/client/react";
import type { ReactNode } from "react";
import { storedKey } from "./key-store.ts";

/** Names no tenant: to an admin's key that is all of them. */
const everywhere = createPosthorn({ apiKey: storedKey });

/** Asks on behalf of all tenants below it; only an admin's key may, and only what belongs to no single tenant. */
export function AllTenants({ children }: { children: ReactNode }) {
  return <PosthornProvider client={everywhere}>{children}</PosthornProvider>;
}
