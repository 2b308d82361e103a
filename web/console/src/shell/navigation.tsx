import { NavLink } from "@mantine/core";
import {
  IconActivity,
  IconBook2,
  IconBroadcast,
  IconHistory,
  IconKey,
  IconMailOff,
  IconPlayerPlay,
  IconSend,
  IconUsersGroup,
  IconWebhook,
} from "@tabler/icons-react";
import { Link, useLocation } from "@tanstack/react-router";
import { type SignedIn, useSession } from "../session/session.tsx";

const always = (session: SignedIn) => session.mayView;

/** The pages in their order, and who sees them. */
const entries = [
  { to: "/", label: "Overview", icon: IconActivity, isFor: always },
  { to: "/webhooks", label: "Webhooks", icon: IconWebhook, isFor: always },
  { to: "/deliveries", label: "Deliveries", icon: IconSend, isFor: always },
  { to: "/dead-letters", label: "Dead letters", icon: IconMailOff, isFor: always },
  { to: "/replays", label: "Replays", icon: IconPlayerPlay, isFor: always },
  { to: "/events", label: "Events", icon: IconBroadcast, isFor: always },
  // Who may see events finds this on their page.
  { to: "/events/new", label: "Send an event", icon: IconBroadcast, isFor: (s: SignedIn) => !s.mayView },
  { to: "/event-types", label: "Event types", icon: IconBook2, isFor: always },
  { to: "/settings/api-keys", label: "API keys", icon: IconKey, isFor: (s: SignedIn) => s.isAdmin },
  { to: "/settings/tenants", label: "Tenants", icon: IconUsersGroup, isFor: (s: SignedIn) => s.isAdmin },
  { to: "/settings/audit-log", label: "Audit log", icon: IconHistory, isFor: always },
] as const;

export function Navigation({ onChoose }: { onChoose: () => void }) {
  const session = useSession();
  const { pathname } = useLocation();
  return entries
    .filter(({ isFor }) => isFor(session))
    .map(({ to, label, icon: Icon }) => {
      const isActive = to === "/" ? pathname === "/" : pathname.startsWith(to);
      return (
        <NavLink
          key={to}
          component={Link}
          to={to}
          label={label}
          leftSection={<Icon size={18} stroke={1.6} aria-hidden />}
          active={isActive}
          aria-current={isActive ? "page" : undefined}
          onClick={onChoose}
        />
      );
    });
}
