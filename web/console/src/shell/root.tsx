import { Outlet, useSearch } from "@tanstack/react-router";
import { Gatekeeper } from "../session/gatekeeper.tsx";
import { Shell } from "./shell.tsx";

/** What is around every page: the sign-in, then the frame. */
export function Root() {
  const { tenant } = useSearch({ from: "__root__" });
  return (
    <Gatekeeper chosenTenant={tenant}>
      <Shell>
        <Outlet />
      </Shell>
    </Gatekeeper>
  );
}
