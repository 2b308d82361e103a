import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  retainSearchParams,
} from "@tanstack/react-router";
import { deadLettersSearch } from "./pages/dead-letters/search.ts";
import { deliveriesSearch } from "./pages/deliveries/search.ts";
import { eventTypesSearch } from "./pages/event-types/search.ts";
import { eventsSearch, sendEventSearch } from "./pages/events/search.ts";
import { overviewSearch } from "./pages/overview/search.ts";
import { replaysSearch } from "./pages/replays/search.ts";
import { apiKeysSearch, auditSearch, tenantsSearch } from "./pages/settings/search.ts";
import { webhookFormSearch, webhookSearch, webhooksSearch } from "./pages/webhooks/search.ts";
import { NotFoundPage } from "./parts/not-found.tsx";
import { PageError } from "./parts/page-error.tsx";
import { PageSkeleton } from "./parts/page-skeleton.tsx";
import { optionalText, search } from "./search.ts";
import { Root } from "./shell/root.tsx";

const root = createRootRoute({
  component: Root,
  // The tenant that an admin looks at stays in the address, so that a link leads to where it was copied.
  validateSearch: (given: Record<string, unknown>) => search({ tenant: optionalText(given.tenant) }),
  search: { middlewares: [retainSearchParams(["tenant"])] },
});

const page = <Path extends string>(path: Path) => ({ getParentRoute: () => root, path }) as const;

const overview = createRoute({
  ...page("/"),
  validateSearch: overviewSearch,
  component: lazyRouteComponent(() => import("./pages/overview/index.tsx")),
});
const webhooks = createRoute({
  ...page("/webhooks"),
  validateSearch: webhooksSearch,
  component: lazyRouteComponent(() => import("./pages/webhooks/list/index.tsx")),
});
const newWebhook = createRoute({
  ...page("/webhooks/new"),
  validateSearch: webhookFormSearch,
  component: lazyRouteComponent(() => import("./pages/webhooks/create/index.tsx")),
});
const webhook = createRoute({
  ...page("/webhooks/$id"),
  validateSearch: webhookSearch,
  component: lazyRouteComponent(() => import("./pages/webhooks/detail/index.tsx")),
});
const editWebhook = createRoute({
  ...page("/webhooks/$id/edit"),
  component: lazyRouteComponent(() => import("./pages/webhooks/edit/index.tsx")),
});
const deliveries = createRoute({
  ...page("/deliveries"),
  validateSearch: deliveriesSearch,
  component: lazyRouteComponent(() => import("./pages/deliveries/list/index.tsx")),
});
const delivery = createRoute({
  ...page("/deliveries/$id"),
  component: lazyRouteComponent(() => import("./pages/deliveries/detail/index.tsx")),
});
const deadLetters = createRoute({
  ...page("/dead-letters"),
  validateSearch: deadLettersSearch,
  component: lazyRouteComponent(() => import("./pages/dead-letters/index.tsx")),
});
const events = createRoute({
  ...page("/events"),
  validateSearch: eventsSearch,
  component: lazyRouteComponent(() => import("./pages/events/list/index.tsx")),
});
const sendEvent = createRoute({
  ...page("/events/new"),
  validateSearch: sendEventSearch,
  component: lazyRouteComponent(() => import("./pages/events/send/index.tsx")),
});
const event = createRoute({
  ...page("/events/$id"),
  component: lazyRouteComponent(() => import("./pages/events/detail/index.tsx")),
});
const eventTypes = createRoute({
  ...page("/event-types"),
  validateSearch: eventTypesSearch,
  component: lazyRouteComponent(() => import("./pages/event-types/list/index.tsx")),
});
const eventType = createRoute({
  ...page("/event-types/$name"),
  component: lazyRouteComponent(() => import("./pages/event-types/detail/index.tsx")),
});
const replays = createRoute({
  ...page("/replays"),
  validateSearch: replaysSearch,
  component: lazyRouteComponent(() => import("./pages/replays/list/index.tsx")),
});
const replay = createRoute({
  ...page("/replays/$id"),
  component: lazyRouteComponent(() => import("./pages/replays/detail/index.tsx")),
});
const apiKeys = createRoute({
  ...page("/settings/api-keys"),
  validateSearch: apiKeysSearch,
  component: lazyRouteComponent(() => import("./pages/settings/api-keys/index.tsx")),
});
const tenants = createRoute({
  ...page("/settings/tenants"),
  validateSearch: tenantsSearch,
  component: lazyRouteComponent(() => import("./pages/settings/tenants/index.tsx")),
});
const auditLog = createRoute({
  ...page("/settings/audit-log"),
  validateSearch: auditSearch,
  component: lazyRouteComponent(() => import("./pages/settings/audit-log/index.tsx")),
});

export const router = createRouter({
  routeTree: root.addChildren([
    overview,
    webhooks,
    newWebhook,
    webhook,
    editWebhook,
    deliveries,
    delivery,
    deadLetters,
    events,
    sendEvent,
    event,
    eventTypes,
    eventType,
    replays,
    replay,
    apiKeys,
    tenants,
    auditLog,
  ]),
  defaultPreload: "intent",
  // Data is cached by the query client.
  defaultPreloadStaleTime: 0,
  scrollRestoration: true,
  defaultNotFoundComponent: NotFoundPage,
  defaultPendingComponent: PageSkeleton,
  defaultErrorComponent: ({ error, reset }) => <PageError problem={error} retry={reset} />,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
