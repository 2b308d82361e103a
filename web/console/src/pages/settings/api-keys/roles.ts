import type { Role } from "@posthorn/client";

/** The roles, least first, and what each may do. */
export const roles: readonly { value: Role; label: string; description: string }[] = [
  { value: "publisher", label: "Publisher", description: "Sends events, and nothing else. For services." },
  { value: "viewer", label: "Viewer", description: "Sees everything of its tenant, changes nothing." },
  {
    value: "manager",
    label: "Manager",
    description: "Everything of its tenant: webhooks, event types, retries.",
  },
  { value: "admin", label: "Admin", description: "Everything in every tenant, keys and tenants too." },
];

export function roleLabel(role: Role): string {
  return roles.find(({ value }) => value === role)?.label ?? role;
}
