import { ApiProblem, createPosthorn, getSession, queryKeys } from "@posthorn/client";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useCallback, useEffect, useState } from "react";
import { PageError } from "../parts/page-error.tsx";
import { PageSkeleton } from "../parts/page-skeleton.tsx";
import { forgetKey, storedKey } from "./key-store.ts";
import { SessionProvider } from "./session.tsx";
import { SignIn } from "./sign-in.tsx";

/** Lets in who has a key that is valid, and shows the sign-in form to everybody else. */
export function Gatekeeper({
  chosenTenant,
  children,
}: {
  chosenTenant: string | undefined;
  children: ReactNode;
}) {
  const cache = useQueryClient();
  const [hasKey, setHasKey] = useState(() => storedKey() !== undefined);
  const [ended, setEnded] = useState(false);
  const session = useQuery({
    queryKey: queryKeys.administration.session({ tenant: undefined }),
    queryFn: ({ signal }) => getSession(createPosthorn({ apiKey: storedKey }), signal),
    enabled: hasKey,
    staleTime: Number.POSITIVE_INFINITY,
  });

  const signOut = useCallback(() => {
    forgetKey();
    cache.clear();
    setHasKey(false);
  }, [cache]);

  // Whatever is answered with 401, wherever: the key was revoked or has expired.
  useEffect(
    () =>
      cache.getQueryCache().subscribe(({ query }) => {
        const { error } = query.state;
        if (error instanceof ApiProblem && error.status === 401 && storedKey() !== undefined) {
          setEnded(true);
          signOut();
        }
      }),
    [cache, signOut],
  );

  if (!hasKey) {
    return (
      <SignIn
        ended={ended}
        onSignedIn={() => {
          setEnded(false);
          setHasKey(true);
        }}
      />
    );
  }
  if (session.data) {
    return (
      <SessionProvider session={session.data} chosenTenant={chosenTenant} signOut={signOut}>
        {children}
      </SessionProvider>
    );
  }
  return session.error ? (
    <PageError problem={session.error} retry={() => session.refetch()} />
  ) : (
    <PageSkeleton />
  );
}
