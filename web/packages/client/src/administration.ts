import { dataOf, type Posthorn } from "./client.ts";
import type { ApiKeyInput, IssuedApiKey, Query, TenantPatch } from "./types.ts";

/** What the audit log is filtered by. */
export type AuditFilters = Query<"list_audit_log">;

/** A part of a list that is counted from its beginning. */
export type OffsetPage = Query<"list_tenants">;

/** API keys, without what is secret about them. */
export const listApiKeys = (posthorn: Posthorn, query: OffsetPage = {}, signal?: AbortSignal) =>
  dataOf(posthorn.http.GET("/api/v1/api-keys", { params: { query }, signal }));

/** Issues a key; the answer is the only one that holds it. */
export const createApiKey = (posthorn: Posthorn, body: ApiKeyInput): Promise<IssuedApiKey> =>
  dataOf(posthorn.http.POST("/api/v1/api-keys", { body }));

/** An API key, without the key itself. */
export const getApiKey = (posthorn: Posthorn, id: string, signal?: AbortSignal) =>
  dataOf(posthorn.http.GET("/api/v1/api-keys/{id}", { params: { path: { id } }, signal }));

/** Revokes a key at once. */
export const deleteApiKey = (posthorn: Posthorn, id: string) =>
  dataOf(posthorn.http.DELETE("/api/v1/api-keys/{id}", { params: { path: { id } } }));

export const listTenants = (posthorn: Posthorn, query: OffsetPage = {}, signal?: AbortSignal) =>
  dataOf(posthorn.http.GET("/api/v1/tenants", { params: { query }, signal }));

export const getTenant = (posthorn: Posthorn, id: string, signal?: AbortSignal) =>
  dataOf(posthorn.http.GET("/api/v1/tenants/{id}", { params: { path: { id } }, signal }));

export const createTenant = (posthorn: Posthorn, id: string) =>
  dataOf(posthorn.http.POST("/api/v1/tenants", { body: { id } }));

/** Changes what a tenant keeps. */
export const patchTenant = (posthorn: Posthorn, id: string, changes: TenantPatch) =>
  dataOf(
    posthorn.http.PATCH("/api/v1/tenants/{id}", {
      params: { path: { id } },
      body: changes,
      headers: { "content-type": "application/merge-patch+json" },
    }),
  );

/** Deletes a tenant with all that it has. */
export const deleteTenant = (posthorn: Posthorn, id: string) =>
  dataOf(posthorn.http.DELETE("/api/v1/tenants/{id}", { params: { path: { id } } }));

/** Who changed what, newest first. */
export const listAuditLog = (posthorn: Posthorn, query: AuditFilters = {}, signal?: AbortSignal) =>
  dataOf(posthorn.http.GET("/api/v1/audit-log", { params: { query }, signal }));

/** Whose key this is, and what it may do. */
export const getSession = (posthorn: Posthorn, signal?: AbortSignal) =>
  dataOf(posthorn.http.GET("/api/v1/session", { signal }));

/** What waits in the queues of the whole installation; for admins. */
export const getQueue = (posthorn: Posthorn, signal?: AbortSignal) =>
  dataOf(posthorn.http.GET("/api/v1/queue", { signal }));
