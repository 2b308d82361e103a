import type { IntegrationType } from "@posthorn/client";

const hosts: readonly [RegExp, IntegrationType][] = [
  [/^hooks\.slack(-gov)?\.com$/, "slack"],
  [/^(ptb\.|canary\.)?discord(app)?\.com$/, "discord"],
  [/^api\.telegram\.org$/, "telegram"],
  [/(\.logic\.azure\.com|\.webhook\.office\.com|\.api\.powerplatform\.com)$/, "teams"],
];

/** The chat service that a URL belongs to, if it is one of those that want messages of their own shape. */
export function integrationOfUrl(url: string): IntegrationType | undefined {
  if (!URL.canParse(url)) return undefined;
  const { hostname } = new URL(url);
  return hosts.find(([pattern]) => pattern.test(hostname))?.[1];
}
