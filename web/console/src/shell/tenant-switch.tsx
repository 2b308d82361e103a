import { Badge, Select } from "@mantine/core";
import { useTenants } from "@posthorn/client/react";
import { useNavigate } from "@tanstack/react-router";
import { useSession } from "../session/session.tsx";

/** Says which tenant is shown, and lets an admin choose another. */
export function TenantSwitch() {
  const { isAdmin, shownTenant } = useSession();
  return isAdmin ? (
    <Switch shown={shownTenant} />
  ) : (
    <Badge variant="default" tt="none">
      {shownTenant}
    </Badge>
  );
}

function Switch({ shown }: { shown: string }) {
  const tenants = useTenants();
  const navigate = useNavigate();
  const names = new Set([shown, ...(tenants.data?.tenants.map(({ id }) => id) ?? [])]);
  return (
    <Select
      aria-label="Tenant"
      size="xs"
      w={{ base: 132, xs: 160 }}
      searchable
      allowDeselect={false}
      data={[...names].sort()}
      value={shown}
      // What is open belongs to the tenant before: the other one's overview is where to begin.
      onChange={(tenant) => tenant && navigate({ to: "/", search: { tenant } })}
    />
  );
}
