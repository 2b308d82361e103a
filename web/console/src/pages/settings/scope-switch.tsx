import { SegmentedControl } from "@mantine/core";
import { useSession } from "../../session/session.tsx";

export type Scope = "all" | undefined;

/** Lets an admin look at one tenant or at all. */
export function ScopeSwitch({ value, onChange }: { value: Scope; onChange: (scope: Scope) => void }) {
  const { shownTenant } = useSession();
  return (
    <SegmentedControl
      aria-label="Whose"
      data={[
        { value: "one", label: `Tenant ${shownTenant}` },
        { value: "all", label: "All tenants" },
      ]}
      value={value ?? "one"}
      onChange={(chosen) => onChange(chosen === "all" ? "all" : undefined)}
    />
  );
}
