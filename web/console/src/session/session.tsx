import { createPosthorn, type Posthorn, type Session } from "@posthorn/client";
import { PosthornProvider } from "@posthorn/client/react";
import { createContext, type ReactNode, useContext, useMemo } from "react";
import { storedKey } from "./key-store.ts";

/** Who is signed in, and in which tenant. */
export interface SignedIn extends Session {
  /** The tenant that is shown: the key's own, or what an admin chose. */
  shownTenant: string;
  posthorn: Posthorn;
  /** Whether the key may change webhooks, deliveries and the catalogue of its tenant. */
  mayManage: boolean;
  /** Whether the key may read: a publisher's may not. */
  mayView: boolean;
  isAdmin: boolean;
  signOut: () => void;
}

const SessionContext = createContext<SignedIn | undefined>(undefined);

export function useSession(): SignedIn {
  const session = useContext(SessionContext);
  if (session === undefined) throw new Error("useSession wants somebody to be signed in");
  return session;
}

export function SessionProvider(props: {
  session: Session;
  /** The tenant that the page's address names; only an admin's counts. */
  chosenTenant: string | undefined;
  signOut: () => void;
  children: ReactNode;
}) {
  const { session, chosenTenant, signOut, children } = props;
  const isAdmin = session.role === "admin" && !session.tenant;
  const tenant = isAdmin ? (chosenTenant ?? "default") : undefined;
  const signedIn = useMemo(
    () => ({
      ...session,
      shownTenant: tenant ?? session.tenant ?? "default",
      posthorn: createPosthorn({ apiKey: storedKey, tenant }),
      mayManage: session.role === "admin" || session.role === "manager",
      mayView: session.role !== "publisher",
      isAdmin,
      signOut,
    }),
    [session, tenant, isAdmin, signOut],
  );
  return (
    <SessionContext value={signedIn}>
      <PosthornProvider client={signedIn.posthorn}>{children}</PosthornProvider>
    </SessionContext>
  );
}
