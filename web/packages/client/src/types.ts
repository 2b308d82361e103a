import type { components, operations } from "./schema.ts";

type Schemas = components["schemas"];

export type ApiKey = Schemas["ApiKey"];
export type ApiKeyInput = Schemas["ApiKeyInput"];
export type Attempt = Schemas["Attempt"];
export type AuditEntry = Schemas["AuditEntry"];
export type Breaker = Schemas["Breaker"];
export type CreatedWebhook = Schemas["CreatedWebhook"];
export type DeadLetter = Schemas["DeadLetter"];
export type DeadLetterChoice = Schemas["DeadLetterChoice"];
export type DeadLetterDetail = Schemas["DeadLetterDetail"];
export type Delivery = Schemas["Delivery"];
export type DeliveryDetail = Schemas["DeliveryDetail"];
export type DeliveryStatus = Schemas["DeliveryStatus"];
export type EventInput = Schemas["EventInput"];
export type EventType = Schemas["EventType"];
export type EventTypeSettings = Schemas["EventTypeSettings"];
export type EventView = Schemas["EventView"];
export type EventWithData = Schemas["EventWithData"];
export type ImportedEventTypes = Schemas["ImportedEventTypes"];
export type IntegrationType = Schemas["IntegrationType"];
export type IssuedApiKey = Schemas["IssuedApiKey"];
export type ListedWebhook = Schemas["ListedWebhook"];
export type NewEventType = Schemas["NewEventType"];
export type PayloadFormat = Schemas["PayloadFormat"];
export type Probe = Schemas["Probe"];
export type ProbeResult = Schemas["ProbeResult"];
export type Problem = Schemas["Problem"];
export type Replay = Schemas["Replay"];
export type ReplayOnly = Schemas["ReplayOnly"];
export type Role = Schemas["Role"];
export type Rotation = Schemas["Rotation"];
export type Queue = Schemas["Queue"];
export type Session = Schemas["Session"];
export type SignatureFormat = Schemas["SignatureFormat"];
export type Statistics = Schemas["Statistics"];
export type StatisticsBucket = Schemas["StatisticsBucket"];
export type Tenant = Schemas["Tenant"];
export type TenantPatch = Schemas["TenantPatch"];
export type Timings = Schemas["Timings"];
export type UnreadableWebhook = Schemas["UnreadableWebhook"];
export type Webhook = Schemas["Webhook"];
export type WebhookActivity = Schemas["WebhookActivity"];
export type WebhookCondition = Schemas["WebhookCondition"];
export type WebhookGate = Schemas["WebhookGate"];
export type WebhookHealth = Schemas["WebhookHealth"];
export type WebhookInput = Schemas["WebhookInput"];
export type WebhookPatch = Schemas["WebhookPatch"];
export type WebhookPreview = Schemas["WebhookPreview"];
export type WebhookPreviewResult = Schemas["WebhookPreviewResult"];
export type WebhookReplay = Schemas["WebhookReplay"];
export type WebhookTest = Schemas["WebhookTest"];
export type WebhookTestResult = Schemas["WebhookTestResult"];

/** What an operation takes in its query; the tenant is the client's. */
export type Query<Operation extends keyof operations> = operations[Operation] extends {
  parameters: { query?: infer Parameters };
}
  ? Omit<NonNullable<Parameters>, "tenant">
  : never;
