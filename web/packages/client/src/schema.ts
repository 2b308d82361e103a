// Generated from crates/api/openapi.json by `npm run generate`. Not to be edited.

export interface paths {
    "/api/v1/api-keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List API keys: those of the tenant that is named, or all. */
        get: operations["list_api_keys"];
        put?: never;
        /** Issue an API key. The answer holds it, and nothing else ever does. */
        post: operations["create_api_key"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/api-keys/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read an API key: everything but the key itself. */
        get: operations["get_api_key"];
        put?: never;
        post?: never;
        /**
         * Delete an API key. It stops working at once here, and within a second on other replicas. One that cannot reach the
         *     database accepts it for as long as `POSTHORN_API_KEYS_BELIEVED_SECONDS` says (5 minutes).
         */
        delete: operations["delete_api_key"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audit-log": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read the audit log: of the tenant, or of all where an admin names none. */
        get: operations["list_audit_log"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/dead-letters": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List dead letters.
         * @description A delivery that used up its attempts is here until it is retried, discarded or delivered after all; a message
         *     that could not be read until it is published again or discarded.
         */
        get: operations["list_dead_letters"];
        put?: never;
        post?: never;
        /**
         * Throw dead letters away.
         * @description The record of their deliveries stays. One request takes the 100,000 oldest at most. What the query says may also
         *     be sent as a JSON object, as for a retry.
         */
        delete: operations["discard_dead_letters"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/dead-letters/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Bring dead letters on their way again.
         * @description A delivery begins a new run with its full retry policy; a message that could not be read is published again where
         *     it was published. They are not listed any more; what fails again becomes a dead letter again. Those for a
         *     disabled webhook are left where they are. One request takes the 100,000 oldest at most.
         */
        post: operations["retry_dead_letters"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/dead-letters/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a dead letter. */
        get: operations["get_dead_letter"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List deliveries.
         * @description Those of events that Posthorn publishes itself (operational events) are left out, unless `operational`, `event_type`
         *     or `event_id` asks for them.
         */
        get: operations["list_deliveries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/deliveries/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Export deliveries.
         * @description Streams every delivery that passes the filter, newest first, as an attachment. The columns of the CSV (RFC 4180,
         *     UTF-8, with a header) are the members of a delivery; an absent value is empty. A text that a spreadsheet would
         *     take for a formula has an apostrophe before it. If something fails in the middle the connection is cut: a response
         *     that ends well is complete. As in the list, those of operational events are left out unless they are asked for.
         */
        get: operations["export_deliveries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/deliveries/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a delivery with its attempts. */
        get: operations["get_delivery"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/deliveries/{id}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Retry a delivery by hand.
         * @description The delivery is attempted at once and gets its full retry policy again; its attempts go on counting. A retry that
         *     waits for its time is replaced, so there are never two. A delivery that was retried by hand and not attempted
         *     since is left as it is: asking twice is asking once. What succeeded may be delivered again too.
         */
        post: operations["retry_delivery"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/erasures/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read how far an erasure is. */
        get: operations["get_erasure"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/event-types": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List event types. */
        get: operations["list_event_types"];
        put?: never;
        /**
         * Enter an event type in the catalogue.
         * @description From then on events of this type must satisfy its schema, if it has one, when they are published over HTTP.
         */
        post: operations["create_event_type"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/event-types/import": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Enter or replace many event types, all or none.
         * @description Takes a list of our own, or an OpenAPI 3.1 document: each of its `webhooks` becomes an event type, with the
         *     summary as its label, the first tag as its category, and the JSON schema of the request body, with the components
         *     that it refers to. A `$ref` of the document leads to one of its `components` or `webhooks`. Types that are not in the
         *     document stay.
         */
        post: operations["import_event_types"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/event-types/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read an event type. */
        get: operations["get_event_type"];
        /**
         * Replace what is said of an event type. What is left out takes its default. An event type as it was answered is taken:
         *     fields that only Posthorn sets may be there unchanged.
         */
        put: operations["replace_event_type"];
        post?: never;
        /**
         * Take an event type out of the catalogue.
         * @description Its events, deliveries and webhooks stay; events of this type are not checked any more.
         */
        delete: operations["delete_event_type"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List events.
         * @description Those that Posthorn publishes itself (operational events) are left out, unless `operational` or `type` asks for them.
         */
        get: operations["list_events"];
        put?: never;
        /**
         * Publish one event, or an array of at most 1,000.
         * @description Also takes CloudEvents 1.0: structured (`application/cloudevents+json`), batched
         *     (`application/cloudevents-batch+json`), or binary, with its attributes in `ce-` headers and data of any media type. All
         *     attributes are kept. Answers when the
         *     stream has every event. When it answers 503, or 422 `idempotency_key_reused`, some events of an array may have been
         *     stored: only an idempotency key makes the repetition safe. In the header, a key names the whole request.
         *
         *     An idempotency key is the tenant's own. Used again within the window with the same type and data, it is answered with
         *     the first event's id; with another type or other data it is 422 `idempotency_key_reused`.
         */
        post: operations["publish_events"];
        /**
         * Erase events by filter.
         * @description Those that were accepted before the request. A deliverer does it: first nothing more is sent of them and their payloads
         *     go from the log, then from the streams, at the pace of the server's disk.
         */
        delete: operations["erase_events"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/events/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read an event.
         * @description An event is in the log as soon as a deliverer has taken it up, shortly after it was accepted.
         */
        get: operations["get_event"];
        put?: never;
        post?: never;
        /**
         * Erase an event.
         * @description Its payload is gone from the log, the streams, dead letters, and from what waits; nothing more is sent of it. What
         *     stays are the records: that there was an event, with `erased_at`, and its deliveries and attempts without their bodies.
         *     Deliveries that were not settled end as failed, without a dead letter. A request that is under way at this moment goes
         *     on. Erasing an event again changes nothing.
         */
        delete: operations["erase_event"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/events/{id}/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List where an event went. */
        get: operations["list_event_deliveries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/events/{id}/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Deliver an event again.
         * @description To every enabled webhook that wants it now, those included that were created after it, or to the webhooks that
         *     are named. Each delivery begins a new run with its full retry policy. Deliveries whose attempt is due anyway, and
         *     webhooks that are disabled, are skipped.
         */
        post: operations["replay_event"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/queue": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read what waits in the queue, of all tenants together. */
        get: operations["get_queue"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/replays": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List replays. */
        get: operations["list_replays"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/replays/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read how far a replay is. */
        get: operations["get_replay"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/replays/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Stop a replay.
         * @description Deliveries that it has handed over are made nevertheless; dead letters that it has not come back into the list.
         */
        post: operations["cancel_replay"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read whose key this is, and what it may do. */
        get: operations["get_session"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/stats": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the statistics of the tenant.
         * @description Everything counts in the bucket in which its delivery was created, and as what it is now: a delivery of noon that
         *     succeeds at one o'clock is a success of noon. What is recorded is counted at once. Webhooks that were deleted
         *     stay counted here.
         */
        get: operations["get_statistics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List tenants. */
        get: operations["list_tenants"];
        put?: never;
        /**
         * Create a tenant.
         * @description A key, a webhook or an event type that is created for a tenant creates the tenant too. Publishing does not.
         */
        post: operations["create_tenant"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tenants/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a tenant. */
        get: operations["get_tenant"];
        put?: never;
        post?: never;
        /**
         * Delete a tenant with everything of it.
         * @description Its API keys and webhooks end at once. Its events (in the streams too), deliveries, dead letters, replays, statistics and
         *     audit entries are deleted by a deliverer, round by round. Until nothing is left, whatever would make or use the tenant is
         *     answered 409 `tenant_being_deleted`; whoever takes the name after that finds nothing.
         */
        delete: operations["delete_tenant"];
        options?: never;
        head?: never;
        /**
         * Change what a tenant keeps.
         * @description A JSON merge patch; a tenant as it was answered is taken too. A lower retention applies within ten minutes.
         */
        patch: operations["patch_tenant"];
        trace?: never;
    };
    "/api/v1/webhooks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List webhooks.
         * @description One that this process cannot read, because its secrets are sealed with another master key, say, is there with what
         *     can be shown of it and `"unreadable": true`. It can be deleted like any other.
         */
        get: operations["list_webhooks"];
        put?: never;
        /**
         * Create a webhook.
         * @description It gets every event that is accepted from now on. The answer holds its signing secret. A tenant has at most 1,000
         *     webhooks (a setting), and 64 MiB of settings of all of them together.
         */
        post: operations["create_webhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhooks/activity": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read how webhooks fare, at a glance.
         * @description Of each: what is wrong with it now, and what became of the deliveries of the last 24 hours, by the hour.
         */
        get: operations["get_webhook_activity"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhooks/events/available": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the event types that a webhook can subscribe to.
         * @description Any other type, and patterns, may be subscribed to as well: the catalogue need not be complete, nor be kept at all. With
         *     `seen=true` the types of events that were published lately are listed, too. The operational
         *     events `delivery.exhausted`, `webhook.disabled`, `webhook.failing` and `webhook.recovered` are among them; a webhook
         *     gets them only if it names them (exactly, or by `delivery.*`, `webhook.*`): `*` does not include them.
         */
        get: operations["list_available_events"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhooks/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read how the webhooks fare.
         * @description All numbers are those of deliveries that were created in the last 24 hours. A webhook without a settled one
         *     among them is neither healthy nor unhealthy.
         */
        get: operations["get_webhook_health"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhooks/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Preview the request that a webhook would get for an event.
         * @description Nothing is sent, and nothing is stored but a line of the audit log, once a minute for what is previewed again and again.
         *     A filter or a template that does not work is told in the answer; any other
         *     setting that is wrong is a 422.
         */
        post: operations["preview_webhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhooks/probe": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Probe a URL: does anybody answer there?
         * @description Sends one HEAD request, which no receiver takes for an event. Any HTTP answer counts as reachable. The same
         *     addresses are refused as for deliveries. The audit log says who asked for it.
         */
        post: operations["probe_url"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhooks/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a webhook. */
        get: operations["get_webhook"];
        /**
         * Replace a webhook's settings.
         * @description What is left out takes its default; only secrets that are left out stay. Credentials stay where they were given for:
         *     when scheme, host or port of `url` changes (for OAuth also of `token_url`), they must be given again, else 422 names
         *     the field. A webhook as it was answered is taken: fields that only Posthorn sets may be there unchanged.
         */
        put: operations["replace_webhook"];
        post?: never;
        /** Delete a webhook and its deliveries. */
        delete: operations["delete_webhook"];
        options?: never;
        head?: never;
        /**
         * Change some of a webhook's settings.
         * @description A JSON merge patch (RFC 7396): what is absent stays, null takes its default, and objects are merged. An
         *     `auth` of another type replaces the one before it as a whole. Credentials stay where they were given for: when scheme,
         *     host or port of `url` changes (for OAuth also of `token_url`), they must be given again, else 422 names the field.
         */
        patch: operations["patch_webhook"];
        trace?: never;
    };
    "/api/v1/webhooks/{id}/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List a webhook's deliveries.
         * @description Those of events that Posthorn publishes itself (operational events) are left out, unless `operational`, `event_type`
         *     or `event_id` asks for them: also where the webhook subscribes to them.
         */
        get: operations["list_webhook_deliveries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhooks/{id}/deliveries/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Export a webhook's deliveries.
         * @description As the export of all deliveries, of this webhook alone.
         */
        get: operations["export_webhook_deliveries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhooks/{id}/disable": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Disable a webhook. */
        post: operations["disable_webhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhooks/{id}/enable": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Enable a webhook. */
        post: operations["enable_webhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhooks/{id}/gate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read what keeps deliveries of a webhook waiting.
         * @description Its circuit breaker, the silence that its receiver asked for, its rate limit, and how many deliveries wait. And how often
         *     its filter failed lately, which keeps events from becoming deliveries, with the last reason.
         */
        get: operations["get_webhook_gate"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhooks/{id}/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Deliver events to a webhook again.
         * @description Those of the time range that its patterns and its filter want now, oldest first, whether it existed then or not.
         *     Each delivery begins a new run with its full retry policy; those whose attempt is due anyway are skipped. At most
         *     500 a second are handed over, and no more than 1,000 wait for their attempt.
         */
        post: operations["replay_webhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhooks/{id}/secret": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Reveal a webhook's signing secret. The audit log says who saw it. */
        get: operations["reveal_webhook_secret"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhooks/{id}/secret/rotate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Rotate a webhook's signing secret. Both sign until the overlap ends. At most five secrets sign at a time. */
        post: operations["rotate_webhook_secret"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhooks/{id}/stats": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the statistics of a webhook.
         * @description As those of the tenant. What `history_limit` pruned stays counted.
         */
        get: operations["get_webhook_statistics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhooks/{id}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Test a webhook with one real request.
         * @description It is signed, authenticated and rendered like any other, and sent once, also where the webhook is disabled
         *     or its filter would not let the event pass. Nothing is recorded, retried or counted, but the audit log says who sent it.
         *     The answer is 200 whatever the receiver did.
         */
        post: operations["test_webhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description An API key: everything but the key itself. */
        ApiKey: {
            /** Format: date-time */
            created_at: string;
            created_by: string;
            /** Format: date-time */
            expires_at?: string | null;
            /** @description The first characters of the key, to recognise it by. */
            hint: string;
            id: components["schemas"]["ApiKeyId"];
            /**
             * Format: date-time
             * @description When it was last used, to about a minute; null before that was first noted.
             */
            last_used_at?: string | null;
            name: string;
            role: components["schemas"]["Role"];
            /** @description Null for an admin, who may act for every tenant. */
            tenant?: string | null;
        };
        /**
         * Format: uuid
         * @description Identifies an API key (UUIDv7). It is not the key itself.
         */
        ApiKeyId: string;
        /** @description A key to issue. */
        ApiKeyInput: {
            /**
             * Format: date-time
             * @description When it stops working; never if absent.
             */
            expires_at?: string | null;
            /** @description What it is for, 1 to 100 characters. */
            name: string;
            role: components["schemas"]["Role"];
            /** @description Whose it is; the tenant of the request if absent. Not for an admin. */
            tenant?: string | null;
        };
        /** @description A page of keys, newest first. */
        ApiKeyList: {
            api_keys: components["schemas"]["ApiKey"][];
            has_more: boolean;
            next_cursor?: components["schemas"]["ApiKeyId"] | null;
            /**
             * Format: int64
             * @description How many there are on all pages.
             */
            total: number;
        };
        /** @description One HTTP request of a delivery. */
        Attempt: {
            error_message?: string | null;
            /**
             * @description Why no answer came, as a stable code: `timeout`, `connection_refused`, `tls_untrusted` … Null where the
             *     receiver answered.
             * @example connection_refused
             */
            failure?: string | null;
            /** @description Whether a person asked for it. */
            manual: boolean;
            /**
             * Format: int32
             * @description 1 for the first.
             */
            number: number;
            /** Format: int32 */
            response_time_ms?: number | null;
            /** Format: date-time */
            started_at: string;
            /** Format: int32 */
            status_code?: number | null;
            timings: components["schemas"]["Timings"];
        };
        /** @description Something that somebody did. */
        AuditEntry: {
            action: string;
            actor: string;
            /** Format: date-time */
            at: string;
            details: Record<string, unknown>;
            /** Format: int64 */
            id: number;
            target_id: string;
            target_kind: string;
            /** @description Null for what belongs to no tenant. */
            tenant?: string | null;
        };
        /** @description A page of the audit log, newest first. */
        AuditLog: {
            entries: components["schemas"]["AuditEntry"][];
            has_more: boolean;
            /** Format: int32 */
            limit: number;
            /**
             * Format: int64
             * @description The `cursor` of the next page.
             */
            next_cursor?: number | null;
            /** Format: int64 */
            offset: number;
            /**
             * Format: int64
             * @description How many there are on all pages; beyond 10,000 an estimate.
             */
            total: number;
            /** @description False where `total` is an estimate; otherwise absent. */
            total_exact?: boolean;
        };
        /**
         * @description How a webhook's owner asks for outgoing authentication. Holds secrets in the clear: it is read from
         *     a request or unsealed from storage, and never logged or answered.
         */
        AuthInput: {
            /** @enum {string} */
            type: "none";
        } | {
            /**
             * @description The token. When a webhook is changed it may be left out, unless
             *     scheme, host or port of its URL changes: the stored one stays.
             */
            token?: string | null;
            /** @enum {string} */
            type: "bearer";
        } | {
            /**
             * @description The password; may be empty. When a webhook is changed it may be left out, unless
             *     scheme, host or port of its URL changes: the stored one stays.
             */
            password?: string | null;
            /** @enum {string} */
            type: "basic";
            /** @description The user; must not contain a colon, may be empty. */
            username?: string | null;
        } | {
            /** @description The header's name. */
            header_name?: string | null;
            /**
             * @description The header's value. When a webhook is changed it may be left out, unless
             *     scheme, host or port of its URL changes: the stored one stays.
             */
            header_value?: string | null;
            /** @enum {string} */
            type: "header";
        } | {
            /** @description Whom the token is to be shown to. */
            audience?: string | null;
            client_authentication?: components["schemas"]["ClientAuthentication"] | null;
            /** @description Who asks. */
            client_id?: string | null;
            /**
             * @description What proves it. When a webhook is changed it may be left out, unless
             *     scheme, host or port of its URL changes: the stored one stays.
             */
            client_secret?: string | null;
            /** @description What the token is to be good for: names separated by spaces. */
            scope?: string | null;
            /** @description The token endpoint. */
            token_url?: string | null;
            /** @enum {string} */
            type: "oauth2";
        };
        /** @description What a webhook can subscribe to. */
        AvailableEvents: {
            /** @description The names of the catalogue and of what Posthorn publishes itself (operational events), sorted. */
            events: string[];
        };
        /** @description The circuit breaker: while it is open, nothing is sent, and deliveries wait without an attempt being counted. */
        Breaker: {
            /**
             * Format: int32
             * @description How often it has opened since the receiver answered last.
             * @example 0
             */
            consecutive_openings: number;
            /**
             * Format: date-time
             * @description From then on single attempts find out how the receiver is; null if it is closed.
             */
            open_until?: string | null;
            /**
             * Format: date-time
             * @description When it opened; null if it is closed.
             */
            opened_at?: string | null;
            /**
             * @description Why it opened: too many failures in a row, or hardly any success in a minute; null if it is closed.
             * @example consecutive_failures
             */
            reason?: string | null;
            state: components["schemas"]["BreakerState"];
        };
        /**
         * @description Closed: the receiver answers. Open: it is left alone. Half open: one attempt finds out how it is.
         * @enum {string}
         */
        BreakerState: "closed" | "open" | "half_open";
        /**
         * @description How the token endpoint learns who asks (RFC 6749, section 2.3.1).
         * @enum {string}
         */
        ClientAuthentication: "basic" | "body";
        /** @description What a CloudEvents publisher said of its event, beside its type, its time and its data. */
        CloudEventView: {
            datacontenttype?: string | null;
            dataschema?: string | null;
            /** @description The extension attributes: strings, whole numbers and booleans. */
            extensions: Record<string, unknown>;
            id: string;
            source: string;
            subject?: string | null;
        };
        /** @description A webhook that was just created, with its signing secret. */
        CreatedWebhook: components["schemas"]["Webhook"] & {
            /** @description `whsec_` and base64 of the key. */
            signing_secret: string;
        };
        /** @description What could not be delivered or read. */
        DeadLetter: {
            /**
             * Format: int32
             * @description Attempts made.
             */
            attempt_count: number;
            /**
             * Format: date-time
             * @description When it was given up.
             */
            created_at: string;
            delivery_id?: components["schemas"]["DeliveryId"] | null;
            event_id?: components["schemas"]["EventId"] | null;
            event_type?: string | null;
            /**
             * @description Of kind `delivery`: why no answer came to the last attempt, as a stable code. Null where the receiver answered,
             *     and when the delivery's record is no longer kept.
             * @example connection_refused
             */
            failure?: string | null;
            /** @description Of kind `delivery` the same as the delivery's. */
            id: components["schemas"]["DeadLetterId"];
            kind: components["schemas"]["DeadLetterKind"];
            /** @description Why it was given up, in words. */
            reason: string;
            /**
             * Format: int32
             * @description HTTP status of the last attempt, if an answer came.
             */
            status_code?: number | null;
            /** @description Of kind `malformed`: where the message was published. */
            subject?: string | null;
            tenant: string;
            webhook_id?: components["schemas"]["WebhookId"] | null;
        };
        /**
         * @description Which dead letters are meant: those that fit everything that is said. Something must be said; `all` says that
         *     every one is meant.
         * @example {
         *       "webhook_id": "01949e5c-0000-7000-8000-000000000001"
         *     }
         */
        DeadLetterChoice: {
            /** @description Every one. */
            all?: boolean | null;
            event_id?: components["schemas"]["EventId"] | null;
            /** @description Of events of this type. */
            event_type?: string | null;
            /** @description These, at most 1,000. */
            ids?: components["schemas"]["DeadLetterId"][] | null;
            kind?: components["schemas"]["DeadLetterKind"] | null;
            /**
             * Format: date-time
             * @description Given up from this moment on.
             */
            since?: string | null;
            /**
             * Format: date-time
             * @description Given up before this moment.
             */
            until?: string | null;
            webhook_id?: components["schemas"]["WebhookId"] | null;
        };
        /** @description A dead letter with its payload. */
        DeadLetterDetail: components["schemas"]["DeadLetter"] & {
            /** @description The event's data, or the message that could not be read. Null when it is no longer kept. */
            payload?: unknown;
            payload_encoding?: components["schemas"]["PayloadEncoding"] | null;
        };
        /**
         * Format: uuid
         * @description Identifies a dead letter: that of a delivery by the delivery's id, that of a message that could not be
         *     read by where and when it was buried.
         */
        DeadLetterId: string;
        /**
         * @description `delivery`: it used up its attempts. `malformed`: a message that could not be read.
         * @enum {string}
         */
        DeadLetterKind: "delivery" | "malformed";
        /** @description A page of dead letters, the one given up last first. */
        DeadLetterList: components["schemas"]["Page"] & {
            dead_letters: components["schemas"]["DeadLetter"][];
        };
        /** @description Dead letters were thrown away. */
        DeadLettersDiscarded: {
            /**
             * Format: int64
             * @description How many.
             */
            discarded: number;
        };
        /** @description Dead letters are on their way again. */
        DeadLettersRetried: {
            /** @description `GET /replays/{id}` shows how far that is. */
            replay_id: components["schemas"]["ReplayId"];
            /**
             * Format: int64
             * @description How many were chosen.
             */
            selected: number;
        };
        /** @description One event for one webhook. */
        Delivery: {
            /** Format: int32 */
            attempt_count: number;
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            delivered_at?: string | null;
            /** @description Why the last attempt failed, in words. */
            error_message?: string | null;
            event_id: components["schemas"]["EventId"];
            event_type: string;
            /**
             * @description Why no answer came to the last attempt, as a stable code: `timeout`, `connection_refused`, `tls_untrusted` …
             *     Null where the receiver answered.
             * @example connection_refused
             */
            failure?: string | null;
            id: components["schemas"]["DeliveryId"];
            /** Format: date-time */
            next_retry_at?: string | null;
            /**
             * Format: int32
             * @description How long the last attempt took.
             */
            response_time_ms?: number | null;
            status: components["schemas"]["DeliveryStatus"];
            /**
             * Format: int32
             * @description HTTP status of the last attempt, if an answer came.
             */
            status_code?: number | null;
            tenant: string;
            webhook_id: components["schemas"]["WebhookId"];
        };
        /** @description A delivery, what was sent and what came back. */
        DeliveryDetail: components["schemas"]["Delivery"] & {
            attempts: components["schemas"]["Attempt"][];
            /** @description Headers of the last request; credentials and custom headers read `[redacted]`. */
            request_headers?: {
                [key: string]: string;
            } | null;
            /**
             * @description The body of the last request as it was sent, whatever the webhook's settings are now: JSON, or a string where it
             *     is no JSON, in base64 where it is no text either. Null before the first attempt, when it is no longer known, and when the event was erased.
             */
            request_payload?: unknown;
            /**
             * @description Whether `request_payload` is only the beginning of what was sent, as a string: the log keeps the first 64 KiB
             *     of a body that a template or an integration made. `content-length` among the headers tells how long it was.
             */
            request_payload_truncated: boolean;
            /** @description The first 16 KiB of the last answer. */
            response_body?: string | null;
            /** @description Headers of the last answer. */
            response_headers?: {
                [key: string]: string;
            } | null;
        };
        /**
         * Format: uuid
         * @description Identifies a delivery: a UUIDv8 that follows from its event and its webhook.
         */
        DeliveryId: string;
        /** @description A page of deliveries, newest first. */
        DeliveryList: components["schemas"]["Page"] & {
            deliveries: components["schemas"]["Delivery"][];
        };
        /**
         * @description Where a delivery stands.
         * @enum {string}
         */
        DeliveryStatus: "pending" | "success" | "retrying" | "failed";
        /**
         * @description Why Posthorn itself stopped sending to a webhook.
         * @enum {string}
         */
        DisabledReason: "gone" | "failing";
        /** @description Events that somebody had erased by filter, and how far that is. */
        Erasure: {
            /** Format: date-time */
            created_at: string;
            created_by: string;
            /**
             * Format: int64
             * @description Those of them whose payload is gone from the log.
             */
            erased: number;
            /**
             * Format: int64
             * @description Those of them that are gone from the streams too: nothing of their payload is left.
             */
            erased_from_streams: number;
            /** @description Why it failed. */
            error_message?: string | null;
            /**
             * Format: int64
             * @description Events found so far. Nothing more is sent of them.
             */
            events: number;
            /** Format: date-time */
            finished_at?: string | null;
            id: components["schemas"]["ErasureId"];
            /**
             * Format: date-time
             * @description Accepted from this moment on; null: from the first on.
             */
            since?: string | null;
            /** Format: date-time */
            started_at?: string | null;
            status: components["schemas"]["ErasureStatus"];
            tenant: string;
            /** @description Of this type; null: of any type. */
            type?: string | null;
            /**
             * Format: date-time
             * @description Accepted before this moment.
             */
            until: string;
        };
        /** @description An erasure was accepted. */
        ErasureAccepted: {
            /** @description `GET /erasures/{id}` shows how far it is. */
            erasure_id: components["schemas"]["ErasureId"];
        };
        /**
         * Format: uuid
         * @description Identifies an erasure by filter (UUIDv7).
         */
        ErasureId: string;
        /**
         * @description How far an erasure is.
         * @enum {string}
         */
        ErasureStatus: "queued" | "running" | "done" | "failed";
        /**
         * Format: uuid
         * @description Identifies an event: a UUIDv7 made by the api, or derived from the stream's time and sequence.
         */
        EventId: string;
        /** @description An event to publish. */
        EventInput: {
            /** @description Any JSON value, at most 256 KiB; passed on byte for byte. */
            data: unknown;
            /**
             * @description Publishing again with the same key within two minutes gives no second event. With another type or other data it is
             *     422 `idempotency_key_reused`.
             */
            idempotency_key?: string | null;
            /**
             * Format: date-time
             * @description When it happened (now).
             */
            timestamp?: string | null;
            /**
             * @description What happened: a dotted name of at most 128 characters. The four types of operational events are Posthorn's own.
             * @example user.created
             */
            type: string;
        };
        /** @description A page of events, newest first. */
        EventList: components["schemas"]["Page"] & {
            events: components["schemas"]["EventView"][];
        };
        /**
         * @description To whom an event is delivered again.
         * @example {
         *       "webhook_ids": [
         *         "01949e5c-0000-7000-8000-000000000001"
         *       ]
         *     }
         */
        EventReplay: {
            /** @description To exactly these, whatever they subscribe to (at most 1,000); to all that want it now if absent. */
            webhook_ids?: components["schemas"]["WebhookId"][] | null;
        };
        /** @description An event type of the catalogue. */
        EventType: {
            /**
             * @description A group of types.
             * @example user
             */
            category?: string | null;
            /** Format: date-time */
            created_at: string;
            /** @description When it is published, and what it holds. */
            description?: string | null;
            /** @description An example of its data. */
            example: unknown;
            /**
             * @description For people.
             * @example User created
             */
            label: string;
            /** @example user.created */
            name: string;
            /** @description The JSON Schema of its data. */
            schema: unknown;
            /** Format: date-time */
            updated_at: string;
        };
        /** @description Event types to enter or replace. */
        EventTypeImport: {
            event_types: components["schemas"]["NewEventType"][];
        };
        /** @description A page of event types, by name. */
        EventTypeList: {
            event_types: components["schemas"]["EventType"][];
            /**
             * Format: int64
             * @description How many there are on all pages.
             */
            total: number;
        };
        /** @description What is said of an event type. */
        EventTypeSettings: {
            /**
             * @description A group of types, 1 to 50 characters.
             * @example user
             */
            category?: string | null;
            /** @description When it is published, and what it holds; at most 2,000 characters. */
            description?: string | null;
            /** @description An example of its data, which satisfies the schema; at most 64 KiB. */
            example?: unknown;
            /**
             * @description For people, 1 to 150 characters (made of the name).
             * @example User created
             */
            label?: string | null;
            schema?: Record<string, unknown> | boolean | null;
        };
        /** @description What was created of an event type. */
        EventTypeStatistics: {
            /**
             * Format: double
             * @example 1.01
             */
            average_attempts?: number | null;
            /**
             * Format: int64
             * @example 700
             */
            deliveries: number;
            /** @example user.created */
            event_type: string;
            /**
             * Format: int64
             * @example 1
             */
            failures: number;
            /**
             * Format: int64
             * @example 698
             */
            successes: number;
        };
        /** @description An event as lists show it. */
        EventView: {
            /**
             * Format: date-time
             * @description When the stream stored it.
             */
            accepted_at: string;
            cloud_event?: components["schemas"]["CloudEventView"] | null;
            /**
             * Format: date-time
             * @description When its payload was erased; null unless it was.
             */
            erased_at?: string | null;
            id: components["schemas"]["EventId"];
            tenant: string;
            /**
             * Format: date-time
             * @description When it happened, by the publisher's word.
             */
            timestamp: string;
            type: string;
        };
        /** @description An event with its payload. */
        EventWithData: components["schemas"]["EventView"] & {
            /** @description What was published, byte for byte. Null when it was erased, and when it is not JSON. */
            data: unknown;
            /**
             * Format: byte
             * @description What was published, where it is not JSON; only a CloudEvent can carry that.
             */
            data_base64?: string | null;
        };
        /** @description What is wrong with one field of a request, in words for the person who sent it. */
        FieldError: {
            /** @description What is wrong, and what is allowed. */
            detail: string;
            /** @description Path of the field, such as `event_types[1]` or `auth.token`. */
            field: string;
        };
        /** @description A filter that failed on an event. */
        FilterFailure: {
            /**
             * Format: date-time
             * @description When it failed.
             */
            at: string;
            /** @description The event. */
            event_id: components["schemas"]["EventId"];
            /**
             * @description Why.
             * @example line 1: undefined value
             */
            reason: string;
        };
        /** @description What an import did. */
        ImportedEventTypes: {
            /**
             * Format: int64
             * @description How many were new.
             */
            created: number;
            /** @description The names of both, sorted. */
            event_types: string[];
            /**
             * Format: int64
             * @description How many were there already and are replaced.
             */
            updated: number;
        };
        /**
         * @description What kind of service is behind the URL.
         * @enum {string}
         */
        IntegrationType: "generic" | "slack" | "discord" | "telegram" | "teams";
        /** @description A key that was just issued. */
        IssuedApiKey: components["schemas"]["ApiKey"] & {
            /** @description The key. It is never shown again. */
            key: string;
        };
        /**
         * @description What a tenant keeps of its events' payloads.
         * @enum {string}
         */
        KeepPayload: "always" | "until_settled";
        /** @description Percentiles of the time to an HTTP answer, in milliseconds, within 9 %; null if there was none. */
        Latency: {
            /**
             * Format: int32
             * @example 41
             */
            p50?: number | null;
            /**
             * Format: int32
             * @example 83
             */
            p90?: number | null;
            /**
             * Format: int32
             * @example 99
             */
            p95?: number | null;
            /**
             * Format: int32
             * @example 235
             */
            p99?: number | null;
        };
        /** @description A webhook of a list. */
        ListedWebhook: components["schemas"]["Webhook"] | components["schemas"]["UnreadableWebhook"];
        /** @description An event type to enter. */
        NewEventType: {
            /**
             * @description A group of types, 1 to 50 characters.
             * @example user
             */
            category?: string | null;
            /** @description When it is published, and what it holds; at most 2,000 characters. */
            description?: string | null;
            /** @description An example of its data, which satisfies the schema; at most 64 KiB. */
            example?: unknown;
            /**
             * @description For people, 1 to 150 characters (made of the name).
             * @example User created
             */
            label?: string | null;
            /**
             * @description A dotted name of at most 128 characters.
             * @example user.created
             */
            name: string;
            schema?: Record<string, unknown> | boolean | null;
        };
        /** @description A tenant to create. */
        NewTenant: {
            /**
             * @description 1 to 64 characters of a-z, 0-9, `_` and `-`.
             * @example acme
             */
            id: string;
        };
        /** @description What every page of a list says of itself. */
        Page: {
            has_more: boolean;
            /** Format: int32 */
            limit: number;
            /** @description The `cursor` of the next page. */
            next_cursor?: string | null;
            /** Format: int64 */
            offset: number;
            /**
             * Format: int64
             * @description How many there are on all pages; beyond 10,000 an estimate.
             */
            total: number;
            /** @description False where `total` is an estimate; otherwise absent. */
            total_exact?: boolean;
        };
        /**
         * @description `json`: as it came, byte for byte. `text`: a string, because it is no JSON. `base64`: a string, because it is
         *     no text.
         * @enum {string}
         */
        PayloadEncoding: "json" | "text" | "base64";
        /**
         * @description The shape of the delivered body.
         * @enum {string}
         */
        PayloadFormat: "standard" | "classic" | "cloudevents" | "cloudevents_binary" | "raw" | "template";
        /** @description An event that need not have happened. */
        PreviewEvent: {
            /** @description Any JSON value. */
            data: unknown;
            /**
             * Format: date-time
             * @description When it happened (now).
             */
            timestamp?: string | null;
            /**
             * @description What happened.
             * @example order.paid
             */
            type: string;
        };
        /** @description A request that is not sent. */
        PreviewRequest: {
            /** @description The body as text. */
            body: string;
            /** @description Signed with a secret made for the preview; credentials and custom headers read `[redacted]`. */
            headers: {
                [key: string]: string;
            };
            /** @example POST */
            method: string;
            /** @example https://example.com/hook */
            url: string;
        };
        /** @description Where to look. */
        Probe: {
            /**
             * Format: uri
             * @description The URL that a webhook may get.
             * @example https://example.com/hook
             */
            url: string;
        };
        /** @description Who is there. */
        ProbeResult: {
            /** @description Why no answer came, in words. */
            error_message?: string | null;
            /**
             * @description Why no answer came, as a stable code: `timeout`, `connection_refused`, `tls_untrusted` … Null where the
             *     receiver answered.
             * @example connection_refused
             */
            failure?: string | null;
            /** @description Whether an HTTP answer came, whatever its status. */
            reachable: boolean;
            /**
             * Format: int32
             * @description From the request to its answer, or to its failure.
             * @example 35
             */
            response_time_ms: number;
            /**
             * Format: int32
             * @description The status of the answer, if one came.
             * @example 405
             */
            status_code?: number | null;
        };
        /** @description A problem as it is answered (RFC 9457). */
        Problem: {
            /**
             * @description What happened, for programs; stable.
             * @example validation_failed
             */
            code: string;
            /** @description What happened, for people. */
            detail: string;
            /** @description The wrong fields of a request (422). */
            errors?: components["schemas"]["FieldError"][] | null;
            /**
             * Format: int32
             * @description The HTTP status.
             * @example 422
             */
            status: number;
            /**
             * @description The status in words.
             * @example Unprocessable Entity
             */
            title: string;
            /**
             * @description `about:blank`: the status says what kind of problem it is, `code` which one.
             * @example about:blank
             */
            type: string;
        };
        /** @description What became of each event, in the order of the request. */
        Published: {
            events: components["schemas"]["PublishedEvent"][];
        };
        /** @description What became of one event. */
        PublishedEvent: {
            /** @description Whether an event with this key was there before, so that this one was dropped. */
            duplicate: boolean;
            /** @description Its id; of a duplicate, the id of the first event with its key. */
            id: components["schemas"]["EventId"];
            type: string;
        };
        /** @description What waits in the queue, of all tenants together. */
        Queue: {
            /**
             * Format: int64
             * @description Events of which some delivery is neither recorded nor handed over.
             */
            events: number;
            /**
             * Format: int64
             * @description Deliveries that are due and not settled.
             */
            ready: number;
            /**
             * Format: int64
             * @description Deliveries that wait for their time: retries, and what was put off.
             */
            scheduled: number;
        };
        /** @description The limit on requests, over all replicas. */
        RateLimit: {
            /**
             * Format: date-time
             * @description The first moment that is not reserved by a delivery; null if that is now.
             */
            next_slot_at?: string | null;
            /**
             * Format: int32
             * @description Most requests a second.
             * @example 50
             */
            per_second: number;
        };
        /** @description Deliveries that somebody asked for again, and how far that is. */
        Replay: {
            /** Format: date-time */
            created_at: string;
            created_by: string;
            /** @description Why it failed. */
            error_message?: string | null;
            event_id?: components["schemas"]["EventId"] | null;
            /** Format: date-time */
            finished_at?: string | null;
            /**
             * Format: int64
             * @description Deliveries that were begun. Their outcome is in the log of deliveries.
             */
            handed_over: number;
            id: components["schemas"]["ReplayId"];
            kind: components["schemas"]["ReplayKind"];
            /**
             * Format: int64
             * @description How many of them were looked at: `handed_over` and `skipped` together.
             */
            processed: number;
            /**
             * Format: int64
             * @description Left as they are: not wanted by the webhook or by the request, waiting for an attempt that is due anyway,
             *     or for a webhook that is disabled.
             */
            skipped: number;
            /** Format: date-time */
            started_at?: string | null;
            status: components["schemas"]["ReplayStatus"];
            tenant: string;
            /**
             * Format: int64
             * @description How many there are to look at: events of the time range (kind `webhook`), webhooks (`event`) or letters
             *     (`dead_letters`). Null while that is not known.
             */
            total?: number | null;
            webhook_id?: components["schemas"]["WebhookId"] | null;
        };
        /** @description A replay was accepted. */
        ReplayAccepted: {
            /** @description `GET /replays/{id}` shows how far it is. */
            replay_id: components["schemas"]["ReplayId"];
        };
        /**
         * Format: uuid
         * @description Identifies a replay (UUIDv7).
         */
        ReplayId: string;
        /**
         * @description What a replay is of.
         * @enum {string}
         */
        ReplayKind: "event" | "webhook" | "dead_letters";
        /** @description A page of replays, newest first. */
        ReplayList: components["schemas"]["Page"] & {
            replays: components["schemas"]["Replay"][];
        };
        /**
         * @description How a delivery must stand to be made again: however it does (`all`, the default), not a success or not there
         *     (`undelivered`), failed for good (`failed`).
         * @enum {string}
         */
        ReplayOnly: "all" | "undelivered" | "failed";
        /**
         * @description How far a replay is.
         * @enum {string}
         */
        ReplayStatus: "queued" | "running" | "done" | "cancelled" | "failed";
        /** @description A webhook's signing secret. */
        RevealedSecret: {
            /** @description `whsec_` and base64 of the key. */
            signing_secret: string;
        };
        /**
         * @description What the holder of a key may do.
         * @enum {string}
         */
        Role: "admin" | "manager" | "publisher" | "viewer";
        /** @description The secret that signs from now on. */
        RotatedSecret: {
            /**
             * Format: int32
             * @description How long the old secret goes on signing beside it.
             */
            overlap_seconds: number;
            signing_secret: string;
        };
        /** @description How a secret is replaced. */
        Rotation: {
            /**
             * Format: int64
             * @description How long the secret that is replaced goes on signing too, 0 to 2,592,000 (86,400). One that was replaced before signs to
             *     its own end.
             */
            overlap_seconds?: number | null;
            /** @description A secret of the caller's; one is made if absent. */
            signing_secret?: string | null;
        };
        /** @description Whose key a request carries. */
        Session: {
            /** @description Whether webhooks may have http:// URLs. */
            allows_http: boolean;
            /**
             * @description Largest `data` of one event, in bytes.
             * @example 262144
             */
            event_data_bytes_max: number;
            /**
             * Format: date-time
             * @description Null for a key that does not expire.
             */
            expires_at?: string | null;
            key_id?: components["schemas"]["ApiKeyId"] | null;
            /**
             * @description What the audit log calls the key's holder.
             * @example operations (01983f9c-…)
             */
            name: string;
            role: components["schemas"]["Role"];
            /** @description Null for a key that is good for every tenant. */
            tenant?: string | null;
            /**
             * @description The version of the api.
             * @example 0.1.0
             */
            version: string;
        };
        /**
         * @description How the body's signature is spelled.
         * @enum {string}
         */
        SignatureFormat: "prefixed_hex" | "hex" | "base64";
        /** @description The header that carries the HMAC of the body. */
        SignatureHeader: {
            format: components["schemas"]["SignatureFormat"];
            name: string;
        };
        /** @description The header that carries the HMAC of the body. */
        SignatureHeaderInput: {
            format?: components["schemas"]["SignatureFormat"] | null;
            /** @description The header's name (`X-Webhook-Signature`). */
            name?: string | null;
        };
        /** @description How many deliveries were created in a stretch of time, and what became of them up to now. */
        Statistics: {
            /**
             * Format: double
             * @description Attempts for each delivery; null if there is none.
             * @example 1.02
             */
            average_attempts?: number | null;
            /**
             * Format: double
             * @description Mean time of the attempts that brought an HTTP answer, in milliseconds; null if none did.
             * @example 48.5
             */
            average_response_time_ms?: number | null;
            /**
             * Format: int64
             * @description Length of a bucket, in seconds.
             * @example 3600
             */
            bucket_seconds: number;
            /** @description One for each bucket, also where nothing was created. */
            buckets: components["schemas"]["StatisticsBucket"][];
            /**
             * Format: int64
             * @description Deliveries that were created.
             * @example 1200
             */
            deliveries: number;
            /** @description By event type, the most frequent first; at most 1,000. */
            event_types: components["schemas"]["EventTypeStatistics"][];
            /**
             * Format: int64
             * @description Those of them that stand as failed now.
             * @example 4
             */
            failures: number;
            latency_ms: components["schemas"]["Latency"];
            /**
             * Format: date-time
             * @description Start of the first bucket.
             */
            since: string;
            /**
             * Format: double
             * @description Successes among the settled ones, from 0 to 1; null if none is settled.
             * @example 0.9966
             */
            success_rate?: number | null;
            /**
             * Format: int64
             * @description Those of them that stand as a success now.
             * @example 1187
             */
            successes: number;
            /**
             * Format: date-time
             * @description End of the last bucket.
             */
            until: string;
        };
        /** @description What was created in a bucket. */
        StatisticsBucket: {
            /**
             * Format: double
             * @example 47.9
             */
            average_response_time_ms?: number | null;
            /**
             * Format: int64
             * @example 50
             */
            deliveries: number;
            /**
             * Format: int64
             * @example 1
             */
            failures: number;
            /** Format: date-time */
            start: string;
            /**
             * Format: int64
             * @example 49
             */
            successes: number;
        };
        /** @description An isolation boundary: an organisation, a customer, a user. */
        Tenant: {
            /** Format: date-time */
            created_at: string;
            id: string;
            keep_payload: components["schemas"]["KeepPayload"];
            /**
             * Format: int32
             * @description Days for which its events and deliveries are kept; null: as long as the installation keeps them.
             */
            retention_days?: number | null;
        };
        /** @description A page of tenants by name. */
        TenantList: {
            has_more: boolean;
            /** @description The `cursor` of the next page. */
            next_cursor?: string | null;
            tenants: components["schemas"]["Tenant"][];
            /**
             * Format: int64
             * @description How many there are on all pages.
             */
            total: number;
        };
        /** @description What is to change of a tenant. A member that is absent stays; null is the installation's default. */
        TenantPatch: {
            keep_payload?: components["schemas"]["KeepPayload"] | null;
            /**
             * Format: int32
             * @description Days for which its events, deliveries and dead letters are kept, 1 up to the installation's POSTHORN_RETENTION_DAYS;
             *     null: as long as the installation keeps them. What is not settled is never dropped for its age.
             */
            retention_days?: number | null;
        };
        /**
         * @description What the time of a request went to, in milliseconds. Null is a part that there was not: a connection that was used
         *     again has no name to resolve and no handshake.
         */
        Timings: {
            /**
             * Format: double
             * @description Opening the connection.
             * @example 11.87
             */
            connect_ms?: number | null;
            /**
             * Format: double
             * @description Resolving the name.
             * @example 1.204
             */
            dns_ms?: number | null;
            /**
             * Format: double
             * @description From the connection to the end of the answer's headers.
             * @example 48.02
             */
            first_byte_ms?: number | null;
            /**
             * Format: double
             * @description The TLS handshake.
             * @example 24.551
             */
            tls_ms?: number | null;
        };
        /**
         * @description TLS settings as a webhook's owner writes them. Holds a private key in the clear: it is read from a request or
         *     unsealed from storage, and never logged or answered.
         */
        TlsInput: {
            /**
             * @description The authorities that the receiver's certificate must come from, in PEM, instead of the public ones. The
             *     receiver's own certificate may be among them: that very one is trusted then, whoever signed it.
             */
            ca_certificate?: string | null;
            /** @description The certificate that Posthorn shows to the receiver, in PEM, with the chain above it, in any order. */
            client_certificate?: string | null;
            /**
             * @description Its private key, in PEM, without a passphrase. Never answered. When a webhook is changed it may be left out,
             *     unless scheme, host or port of its URL changes: the stored one stays.
             */
            client_key?: string | null;
        };
        /** @description A webhook that this process cannot read: what can be shown of it. */
        UnreadableWebhook: {
            /** Format: date-time */
            created_at: string;
            created_by: string;
            disabled_reason?: components["schemas"]["DisabledReason"] | null;
            enabled: boolean;
            event_types: string[];
            /**
             * Format: int64
             * @description How often its filter failed on an event within the last 24 hours.
             * @example 0
             */
            filter_failures_24h: number;
            id: components["schemas"]["WebhookId"];
            /** Format: date-time */
            last_delivery_at?: string | null;
            last_delivery_status?: components["schemas"]["DeliveryStatus"] | null;
            name: string;
            /** Format: int64 */
            successful_deliveries: number;
            tenant: string;
            /** Format: int64 */
            total_deliveries: number;
            /** @description Always true. */
            unreadable: boolean;
            /** Format: date-time */
            updated_at: string;
            updated_by: string;
            url: string;
        };
        /** @description A webhook as it is answered: everything but its secrets. */
        Webhook: {
            /** @description Its type, user and header name; never a secret. */
            auth: components["schemas"]["AuthInput"];
            /** Format: date-time */
            created_at: string;
            created_by: string;
            /** @description Their values read `[redacted]` for those who may not change the webhook. */
            custom_headers: {
                [key: string]: string;
            };
            description?: string | null;
            disabled_reason?: components["schemas"]["DisabledReason"] | null;
            enabled: boolean;
            event_types: string[];
            filter?: string | null;
            /**
             * Format: int64
             * @description How often its filter failed on an event within the last 24 hours, counted by the hour. Such an event is not
             *     delivered. `GET /webhooks/{id}/gate` has the reason.
             * @example 0
             */
            filter_failures_24h: number;
            /** @description Always true: every webhook has a signing secret. */
            has_secret: boolean;
            /** Format: int64 */
            history_limit?: number | null;
            id: components["schemas"]["WebhookId"];
            integration: Record<string, unknown>;
            integration_type: components["schemas"]["IntegrationType"];
            /** Format: date-time */
            last_delivery_at?: string | null;
            last_delivery_status?: components["schemas"]["DeliveryStatus"] | null;
            /** Format: int64 */
            max_in_flight?: number | null;
            /** Format: int64 */
            max_retries: number;
            name: string;
            payload_format: components["schemas"]["PayloadFormat"];
            payload_template?: string | null;
            /** Format: int64 */
            rate_limit_per_second?: number | null;
            retry_client_errors: boolean;
            /** Format: int64 */
            retry_delay_seconds: number;
            retry_schedule_seconds?: number[] | null;
            signature_header: components["schemas"]["SignatureHeader"];
            /** Format: int64 */
            successful_deliveries: number;
            tenant: string;
            /** Format: int64 */
            timeout_seconds: number;
            tls?: components["schemas"]["TlsInput"] | null;
            /** Format: int64 */
            total_deliveries: number;
            /** Format: date-time */
            updated_at: string;
            updated_by: string;
            url: string;
        };
        /** @description How a webhook fares. */
        WebhookActivity: {
            /**
             * Format: double
             * @description Mean time of the attempts that brought an HTTP answer, in milliseconds; null if none did.
             * @example 48.5
             */
            average_response_time_ms?: number | null;
            condition: components["schemas"]["WebhookCondition"];
            /**
             * Format: date-time
             * @description Since when something is wrong; for a disabled one, when it was changed last. Null where nothing is.
             */
            condition_since?: string | null;
            /**
             * Format: int64
             * @description Deliveries that were created in these hours.
             * @example 1200
             */
            deliveries: number;
            /**
             * Format: int64
             * @description Those of them that stand as failed now.
             * @example 4
             */
            failures: number;
            /** @description One for each of 24 hours. */
            hours: components["schemas"]["StatisticsBucket"][];
            /** @example Slack alerts */
            name: string;
            /**
             * Format: double
             * @description Successes among the settled ones, from 0 to 1; null if none is settled.
             * @example 0.9966
             */
            success_rate?: number | null;
            /**
             * Format: int64
             * @description Those of them that stand as a success now.
             * @example 1187
             */
            successes: number;
            webhook_id: components["schemas"]["WebhookId"];
        };
        /** @description Webhooks at a glance, those in trouble first. */
        WebhookActivityList: {
            /**
             * Format: date-time
             * @description Start of the first hour.
             */
            since: string;
            /**
             * Format: int64
             * @description How many there are on all pages.
             */
            total: number;
            /**
             * Format: date-time
             * @description End of the last hour, which is not over.
             */
            until: string;
            webhooks: components["schemas"]["WebhookActivity"][];
        };
        /**
         * @description What is wrong: the first of these that holds.
         * @enum {string}
         */
        WebhookCondition: "disabled" | "down" | "throttled" | "failing" | "ok";
        /** @description What keeps deliveries of a webhook waiting, and events from becoming deliveries. */
        WebhookGate: {
            breaker: components["schemas"]["Breaker"];
            /**
             * Format: int64
             * @description How often the webhook's filter failed on an event within the last 24 hours, counted by the hour. Such an event is
             *     not delivered.
             * @example 0
             */
            filter_failures_24h: number;
            last_filter_failure?: components["schemas"]["FilterFailure"] | null;
            rate_limit?: components["schemas"]["RateLimit"] | null;
            /**
             * Format: date-time
             * @description The receiver asked by `Retry-After` to be left alone until then; null if it did not, or if that is over.
             */
            throttled_until?: string | null;
            /**
             * Format: int64
             * @description Deliveries that wait for an attempt, retries included; counted up to 10,000.
             * @example 0
             */
            waiting: number;
            /** @description False if there are more than were counted. */
            waiting_exact: boolean;
        };
        /** @description How the tenant's webhooks fare. */
        WebhookHealth: {
            /**
             * Format: double
             * @description Mean time of their attempts that brought an HTTP answer; null if none did.
             * @example 48.5
             */
            average_response_time_ms?: number | null;
            /**
             * Format: int64
             * @description Those of them that are enabled.
             * @example 11
             */
            enabled_webhooks: number;
            /**
             * Format: int64
             * @description Those of them that stand as failed now.
             * @example 60
             */
            failed_deliveries_24h: number;
            /**
             * Format: int64
             * @description Those of which more than 90 % of the settled deliveries succeeded.
             * @example 9
             */
            healthy_webhooks: number;
            /**
             * Format: int64
             * @description Those of them that stand as a success now.
             * @example 4100
             */
            successful_deliveries_24h: number;
            /**
             * Format: int64
             * @description Deliveries created in the last 24 hours.
             * @example 4200
             */
            total_deliveries_24h: number;
            /**
             * Format: int64
             * @description Webhooks there are.
             * @example 12
             */
            total_webhooks: number;
            /**
             * Format: int64
             * @description Those of which less than 50 % did.
             * @example 1
             */
            unhealthy_webhooks: number;
        };
        /**
         * Format: uuid
         * @description Identifies a webhook (UUIDv7).
         */
        WebhookId: string;
        /**
         * @description A webhook as it is written in a request. What is absent or null takes its default.
         *
         *     The same shape is kept in storage (without secrets) and is the document that a merge patch changes.
         */
        WebhookInput: {
            auth?: components["schemas"]["AuthInput"] | null;
            /** @description Further headers of each request, at most 50. */
            custom_headers?: {
                [key: string]: string;
            } | null;
            /** @description Free text, at most 1,000 characters. */
            description?: string | null;
            /** @description Whether events are delivered (true). */
            enabled?: boolean | null;
            /**
             * @description At least one pattern: `user.created`, `user.*` or `*`. `*` is every type that applications publish; the events
             *     that Posthorn publishes itself must be named (`webhook.failing`, `webhook.*`, `delivery.*` …).
             * @example [
             *       "user.created",
             *       "subscription.*"
             *     ]
             */
            event_types: string[];
            /**
             * @description Expression over `type`, `data`, `id`, `timestamp` and `tenant`.
             * @example data.amount > 100
             */
            filter?: string | null;
            /**
             * Format: int64
             * @description 1 to 1,000,000 deliveries kept (no limit but retention).
             */
            history_limit?: number | null;
            /**
             * @description Settings of the integration type. `telegram` needs `chat_id` (a number, or `@channel`) and takes
             *     `message_thread_id`; `discord` takes `thread_name`, the title of the posts in a forum; the others have none.
             */
            integration?: Record<string, unknown> | null;
            integration_type?: components["schemas"]["IntegrationType"] | null;
            /**
             * Format: int64
             * @description 1 to 1,000 requests in flight (the server's default).
             */
            max_in_flight?: number | null;
            /**
             * Format: int64
             * @description 0 to 10 (4).
             */
            max_retries?: number | null;
            /**
             * @description 1 to 100 characters.
             * @example Slack alerts
             */
            name: string;
            payload_format?: components["schemas"]["PayloadFormat"] | null;
            /** @description Jinja2 template of the body. */
            payload_template?: string | null;
            /**
             * Format: int64
             * @description 1 to 10,000 requests a second (no limit).
             */
            rate_limit_per_second?: number | null;
            /** @description Whether 4xx answers are retried (true). */
            retry_client_errors?: boolean | null;
            /**
             * Format: int64
             * @description 1 to 3,600 seconds before the first retry (10); doubles with each further one.
             */
            retry_delay_seconds?: number | null;
            /** @description Explicit delays in seconds, at most 20 of at most 7 days; overrides the two above. */
            retry_schedule_seconds?: number[] | null;
            signature_header?: components["schemas"]["SignatureHeaderInput"] | null;
            /** @description A secret of the caller's: `whsec_` and base64 of 24 to 64 bytes. Made by the server if absent. */
            signing_secret?: string | null;
            /**
             * Format: int64
             * @description 1 to 120 (30).
             */
            timeout_seconds?: number | null;
            tls?: components["schemas"]["TlsInput"] | null;
            /**
             * Format: uri
             * @description https URL of the endpoint (http only where the server allows it).
             * @example https://example.com/hook
             */
            url: string;
        };
        /** @description A page of webhooks, newest first. */
        WebhookList: {
            /**
             * Format: int64
             * @description How many there are on all pages.
             */
            total: number;
            webhooks: components["schemas"]["ListedWebhook"][];
        };
        /** @description Any members of a webhook; null means the default. */
        WebhookPatch: {
            auth?: components["schemas"]["AuthInput"] | null;
            /** @description Further headers of each request, at most 50. */
            custom_headers?: {
                [key: string]: string;
            } | null;
            /** @description Free text, at most 1,000 characters. */
            description?: string | null;
            /** @description Whether events are delivered (true). */
            enabled?: boolean | null;
            /**
             * @description At least one pattern: `user.created`, `user.*` or `*`. `*` is every type that applications publish; the events
             *     that Posthorn publishes itself must be named (`webhook.failing`, `webhook.*`, `delivery.*` …).
             * @example [
             *       "user.created",
             *       "subscription.*"
             *     ]
             */
            event_types?: string[];
            /**
             * @description Expression over `type`, `data`, `id`, `timestamp` and `tenant`.
             * @example data.amount > 100
             */
            filter?: string | null;
            /**
             * Format: int64
             * @description 1 to 1,000,000 deliveries kept (no limit but retention).
             */
            history_limit?: number | null;
            /**
             * @description Settings of the integration type. `telegram` needs `chat_id` (a number, or `@channel`) and takes
             *     `message_thread_id`; `discord` takes `thread_name`, the title of the posts in a forum; the others have none.
             */
            integration?: Record<string, unknown> | null;
            integration_type?: components["schemas"]["IntegrationType"] | null;
            /**
             * Format: int64
             * @description 1 to 1,000 requests in flight (the server's default).
             */
            max_in_flight?: number | null;
            /**
             * Format: int64
             * @description 0 to 10 (4).
             */
            max_retries?: number | null;
            /**
             * @description 1 to 100 characters.
             * @example Slack alerts
             */
            name?: string;
            payload_format?: components["schemas"]["PayloadFormat"] | null;
            /** @description Jinja2 template of the body. */
            payload_template?: string | null;
            /**
             * Format: int64
             * @description 1 to 10,000 requests a second (no limit).
             */
            rate_limit_per_second?: number | null;
            /** @description Whether 4xx answers are retried (true). */
            retry_client_errors?: boolean | null;
            /**
             * Format: int64
             * @description 1 to 3,600 seconds before the first retry (10); doubles with each further one.
             */
            retry_delay_seconds?: number | null;
            /** @description Explicit delays in seconds, at most 20 of at most 7 days; overrides the two above. */
            retry_schedule_seconds?: number[] | null;
            signature_header?: components["schemas"]["SignatureHeaderInput"] | null;
            /** @description A secret of the caller's: `whsec_` and base64 of 24 to 64 bytes. Made by the server if absent. */
            signing_secret?: string | null;
            /**
             * Format: int64
             * @description 1 to 120 (30).
             */
            timeout_seconds?: number | null;
            tls?: components["schemas"]["TlsInput"] | null;
            /**
             * Format: uri
             * @description https URL of the endpoint (http only where the server allows it).
             * @example https://example.com/hook
             */
            url?: string;
        };
        /**
         * @description What would be sent for which event.
         * @example {
         *       "event": {
         *         "data": {
         *           "amount": 150,
         *           "name": "Ada"
         *         },
         *         "type": "order.paid"
         *       },
         *       "webhook": {
         *         "filter": "data.amount > 100",
         *         "payload_template": "{\"text\": {{ data.name | tojson }}}"
         *       }
         *     }
         */
        WebhookPreview: {
            event?: components["schemas"]["PreviewEvent"] | null;
            event_id?: components["schemas"]["EventId"] | null;
            webhook?: components["schemas"]["WebhookPatch"] | null;
            webhook_id?: components["schemas"]["WebhookId"] | null;
        };
        /** @description What would be sent. */
        WebhookPreviewResult: {
            /** @description Why the filter is no expression, or could not be evaluated on this event; that counts as no match. */
            filter_error?: string | null;
            /** @description Whether the webhook wants the event: by its type and its filter. */
            matches: boolean;
            request?: components["schemas"]["PreviewRequest"] | null;
            /** @description Why the template is none, or makes no body of this event, with the line. */
            template_error?: string | null;
        };
        /**
         * @description Which events a webhook gets again.
         * @example {
         *       "event_types": [
         *         "user.*"
         *       ],
         *       "only": "undelivered",
         *       "since": "2025-01-26T00:00:00Z"
         *     }
         */
        WebhookReplay: {
            /**
             * @description Of a type that one of these patterns matches; of every type that the webhook wants if absent. `*` does not
             *     include operational events.
             */
            event_types?: string[] | null;
            only?: components["schemas"]["ReplayOnly"] | null;
            /**
             * Format: date-time
             * @description Accepted from this moment on.
             */
            since: string;
            /**
             * Format: date-time
             * @description Accepted before this moment; now if absent.
             */
            until?: string | null;
        };
        /**
         * @description What to send.
         * @example {
         *       "data": {
         *         "name": "Ada"
         *       },
         *       "event_type": "user.created"
         *     }
         */
        WebhookTest: {
            /** @description The data of the event (a sample); passed on byte for byte. */
            data?: unknown;
            /**
             * @description The type of the event (the first that the webhook names exactly, else `webhook.test`).
             * @example user.created
             */
            event_type?: string | null;
        };
        /** @description What the receiver made of it. */
        WebhookTestResult: {
            /** @description What was wrong, in words. */
            error_message?: string | null;
            /**
             * @description Why no answer came, as a stable code: `timeout`, `connection_refused`, `tls_untrusted` … Null where the
             *     receiver answered.
             * @example connection_refused
             */
            failure?: string | null;
            /**
             * @description The first 16 KiB of the answer, if one came.
             * @example ok
             */
            response_body?: string | null;
            /**
             * Format: int32
             * @description From the request to the end of its answer, or to its failure.
             * @example 87
             */
            response_time_ms: number;
            /**
             * Format: int32
             * @description The status of the answer, if one came.
             * @example 200
             */
            status_code?: number | null;
            /** @description Whether a delivery would have ended here: the answer was 200 to 299. */
            success: boolean;
            timings: components["schemas"]["Timings"];
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    list_api_keys: {
        parameters: {
            query?: {
                /** @description Most to return, 1 to 500 (50). */
                limit?: number;
                /** @description How many to skip (0), at most 10,000; `cursor` reaches what lies deeper. */
                offset?: number;
                /** @description Only what comes behind this: the `next_cursor` of the page before. */
                cursor?: string;
                /** @description The tenant that an admin means (`default` if absent); also as the header `Posthorn-Tenant`. */
                tenant?: string;
            };
            header?: {
                /** @description The tenant that an admin means, as the parameter `tenant`. Where both are given they must agree. */
                "Posthorn-Tenant"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiKeyList"];
                };
            };
            /** @description There is no such key, or none was sent */
            401: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description `Bearer`; with `error="invalid_token"` where a key was sent that is no good */
                    "WWW-Authenticate"?: string;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "unauthorized",
                     *       "detail": "What happened, in words for people",
                     *       "status": 401,
                     *       "title": "Unauthorized",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key's role or tenant does not allow it */
            403: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "forbidden",
                     *       "detail": "What happened, in words for people",
                     *       "status": 403,
                     *       "title": "Forbidden",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something in the request cannot be; `errors` says what */
            422: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "validation_failed",
                     *       "detail": "What happened, in words for people",
                     *       "errors": [
                     *         {
                     *           "detail": "must be between 1 and 500",
                     *           "field": "limit"
                     *         }
                     *       ],
                     *       "status": 422,
                     *       "title": "Unprocessable Entity",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key has used up its requests for the moment */
            429: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Seconds after which it is worth trying again */
                    "Retry-After"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "rate_limited",
                     *       "detail": "What happened, in words for people",
                     *       "status": 429,
                     *       "title": "Too Many Requests",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A server behind the API is away (`queue_unavailable` is NATS), or the database is busy with other requests of the tenant; `server_busy`: no memory is left for the body */
            503: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Seconds after which it is worth trying again */
                    "Retry-After"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "database_unavailable",
                     *       "detail": "What happened, in words for people",
                     *       "status": 503,
                     *       "title": "Service Unavailable",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    create_api_key: {
        parameters: {
            query?: {
                /** @description The tenant that an admin means (`default` if absent); also as the header `Posthorn-Tenant`. */
                tenant?: string;
            };
            header?: {
                /** @description The tenant that an admin means, as the parameter `tenant`. Where both are given they must agree. */
                "Posthorn-Tenant"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ApiKeyInput"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    /** @description The path of what was created */
                    Location?: string;
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IssuedApiKey"];
                };
            };
            /** @description The body is not JSON; `invalid_body`: it broke off */
            400: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "invalid_json",
                     *       "detail": "What happened, in words for people",
                     *       "status": 400,
                     *       "title": "Bad Request",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such key, or none was sent */
            401: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description `Bearer`; with `error="invalid_token"` where a key was sent that is no good */
                    "WWW-Authenticate"?: string;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "unauthorized",
                     *       "detail": "What happened, in words for people",
                     *       "status": 401,
                     *       "title": "Unauthorized",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key's role or tenant does not allow it */
            403: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "forbidden",
                     *       "detail": "What happened, in words for people",
                     *       "status": 403,
                     *       "title": "Forbidden",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body did not come in time */
            408: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "request_timeout",
                     *       "detail": "What happened, in words for people",
                     *       "status": 408,
                     *       "title": "Request Timeout",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `tenant_being_deleted`: nothing can be made of the tenant until nothing is left of it */
            409: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large */
            413: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "payload_too_large",
                     *       "detail": "What happened, in words for people",
                     *       "status": 413,
                     *       "title": "Payload Too Large",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is of a type that is not read here */
            415: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "unsupported_media_type",
                     *       "detail": "What happened, in words for people",
                     *       "status": 415,
                     *       "title": "Unsupported Media Type",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something in the request cannot be; `errors` says what */
            422: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "validation_failed",
                     *       "detail": "What happened, in words for people",
                     *       "errors": [
                     *         {
                     *           "detail": "must be between 1 and 500",
                     *           "field": "limit"
                     *         }
                     *       ],
                     *       "status": 422,
                     *       "title": "Unprocessable Entity",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key has used up its requests for the moment */
            429: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Seconds after which it is worth trying again */
                    "Retry-After"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "rate_limited",
                     *       "detail": "What happened, in words for people",
                     *       "status": 429,
                     *       "title": "Too Many Requests",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A server behind the API is away (`queue_unavailable` is NATS), or the database is busy with other requests of the tenant; `server_busy`: no memory is left for the body */
            503: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Seconds after which it is worth trying again */
                    "Retry-After"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "database_unavailable",
                     *       "detail": "What happened, in words for people",
                     *       "status": 503,
                     *       "title": "Service Unavailable",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_api_key: {
        parameters: {
            query?: {
                /** @description The tenant that an admin means (`default` if absent); also as the header `Posthorn-Tenant`. */
                tenant?: string;
            };
            header?: {
                /** @description The tenant that an admin means, as the parameter `tenant`. Where both are given they must agree. */
                "Posthorn-Tenant"?: string;
            };
            path: {
                id: components["schemas"]["ApiKeyId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiKey"];
                };
            };
            /** @description There is no such key, or none was sent */
            401: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description `Bearer`; with `error="invalid_token"` where a key was sent that is no good */
                    "WWW-Authenticate"?: string;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "unauthorized",
                     *       "detail": "What happened, in words for people",
                     *       "status": 401,
                     *       "title": "Unauthorized",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key's role or tenant does not allow it */
            403: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "forbidden",
                     *       "detail": "What happened, in words for people",
                     *       "status": 403,
                     *       "title": "Forbidden",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it belongs to another tenant */
            404: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "api_key_not_found",
                     *       "detail": "What happened, in words for people",
                     *       "status": 404,
                     *       "title": "Not Found",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something in the request cannot be; `errors` says what */
            422: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "validation_failed",
                     *       "detail": "What happened, in words for people",
                     *       "errors": [
                     *         {
                     *           "detail": "must be between 1 and 500",
                     *           "field": "limit"
                     *         }
                     *       ],
                     *       "status": 422,
                     *       "title": "Unprocessable Entity",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key has used up its requests for the moment */
            429: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Seconds after which it is worth trying again */
                    "Retry-After"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "rate_limited",
                     *       "detail": "What happened, in words for people",
                     *       "status": 429,
                     *       "title": "Too Many Requests",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A server behind the API is away (`queue_unavailable` is NATS), or the database is busy with other requests of the tenant; `server_busy`: no memory is left for the body */
            503: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Seconds after which it is worth trying again */
                    "Retry-After"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "database_unavailable",
                     *       "detail": "What happened, in words for people",
                     *       "status": 503,
                     *       "title": "Service Unavailable",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_api_key: {
        parameters: {
            query?: {
                /** @description The tenant that an admin means (`default` if absent); also as the header `Posthorn-Tenant`. */
                tenant?: string;
            };
            header?: {
                /** @description The tenant that an admin means, as the parameter `tenant`. Where both are given they must agree. */
                "Posthorn-Tenant"?: string;
            };
            path: {
                id: components["schemas"]["ApiKeyId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description There is no such key, or none was sent */
            401: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description `Bearer`; with `error="invalid_token"` where a key was sent that is no good */
                    "WWW-Authenticate"?: string;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "unauthorized",
                     *       "detail": "What happened, in words for people",
                     *       "status": 401,
                     *       "title": "Unauthorized",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key's role or tenant does not allow it */
            403: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "forbidden",
                     *       "detail": "What happened, in words for people",
                     *       "status": 403,
                     *       "title": "Forbidden",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it belongs to another tenant */
            404: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "api_key_not_found",
                     *       "detail": "What happened, in words for people",
                     *       "status": 404,
                     *       "title": "Not Found",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something in the request cannot be; `errors` says what */
            422: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "validation_failed",
                     *       "detail": "What happened, in words for people",
                     *       "errors": [
                     *         {
                     *           "detail": "must be between 1 and 500",
                     *           "field": "limit"
                     *         }
                     *       ],
                     *       "status": 422,
                     *       "title": "Unprocessable Entity",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key has used up its requests for the moment */
            429: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Seconds after which it is worth trying again */
                    "Retry-After"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "rate_limited",
                     *       "detail": "What happened, in words for people",
                     *       "status": 429,
                     *       "title": "Too Many Requests",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A server behind the API is away (`queue_unavailable` is NATS), or the database is busy with other requests of the tenant; `server_busy`: no memory is left for the body */
            503: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Seconds after which it is worth trying again */
                    "Retry-After"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "database_unavailable",
                     *       "detail": "What happened, in words for people",
                     *       "status": 503,
                     *       "title": "Service Unavailable",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_audit_log: {
        parameters: {
            query?: {
                /** @description Of this action, such as `webhook.created`. */
                action?: string;
                /** @description About the thing of this id or name. */
                target_id?: string;
                /** @description From this moment on. */
                since?: string;
                /** @description Before this moment. */
                until?: string;
                /** @description Most to return, 1 to 500 (50). */
                limit?: number;
                /** @description How many to skip (0), at most 10,000; `cursor` reaches what lies deeper. */
                offset?: number;
                /** @description Only what is older than this: the `next_cursor` of the page before. */
                cursor?: number;
                /** @description The tenant that an admin means (`default` if absent); also as the header `Posthorn-Tenant`. */
                tenant?: string;
            };
            header?: {
                /** @description The tenant that an admin means, as the parameter `tenant`. Where both are given they must agree. */
                "Posthorn-Tenant"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditLog"];
                };
            };
            /** @description There is no such key, or none was sent */
            401: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description `Bearer`; with `error="invalid_token"` where a key was sent that is no good */
                    "WWW-Authenticate"?: string;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "unauthorized",
                     *       "detail": "What happened, in words for people",
                     *       "status": 401,
                     *       "title": "Unauthorized",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key's role or tenant does not allow it */
            403: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "forbidden",
                     *       "detail": "What happened, in words for people",
                     *       "status": 403,
                     *       "title": "Forbidden",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something in the request cannot be; `errors` says what */
            422: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "validation_failed",
                     *       "detail": "What happened, in words for people",
                     *       "errors": [
                     *         {
                     *           "detail": "must be between 1 and 500",
                     *           "field": "limit"
                     *         }
                     *       ],
                     *       "status": 422,
                     *       "title": "Unprocessable Entity",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key has used up its requests for the moment */
            429: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Seconds after which it is worth trying again */
                    "Retry-After"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "rate_limited",
                     *       "detail": "What happened, in words for people",
                     *       "status": 429,
                     *       "title": "Too Many Requests",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A server behind the API is away (`queue_unavailable` is NATS), or the database is busy with other requests of the tenant; `server_busy`: no memory is left for the body */
            503: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Seconds after which it is worth trying again */
                    "Retry-After"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "database_unavailable",
                     *       "detail": "What happened, in words for people",
                     *       "status": 503,
                     *       "title": "Service Unavailable",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_dead_letters: {
        parameters: {
            query?: {
                /** @description Of this kind. */
                kind?: "delivery" | "malformed";
                /** @description For this webhook. */
                webhook_id?: string;
                /** @description Of this event. */
                event_id?: string;
                /** @description Of events of this type. */
                event_type?: string;
                /** @description Given up from this moment on. */
                since?: string;
                /** @description Given up before this moment. */
                until?: string;
                /** @description Most to return, 1 to 500 (50). */
                limit?: number;
                /** @description How many to skip (0), at most 10,000; `cursor` reaches what lies deeper. */
                offset?: number;
                /** @description `next_cursor` of the page before; stays fast however deep the page. */
                cursor?: number;
                /** @description The tenant that an admin means (`default` if absent); also as the header `Posthorn-Tenant`. */
                tenant?: string;
            };
            header?: {
                /** @description The tenant that an admin means, as the parameter `tenant`. Where both are given they must agree. */
                "Posthorn-Tenant"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeadLetterList"];
                };
            };
            /** @description There is no such key, or none was sent */
            401: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description `Bearer`; with `error="invalid_token"` where a key was sent that is no good */
                    "WWW-Authenticate"?: string;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "unauthorized",
                     *       "detail": "What happened, in words for people",
                     *       "status": 401,
                     *       "title": "Unauthorized",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key's role or tenant does not allow it */
            403: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "forbidden",
                     *       "detail": "What happened, in words for people",
                     *       "status": 403,
                     *       "title": "Forbidden",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something in the request cannot be; `errors` says what */
            422: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "validation_failed",
                     *       "detail": "What happened, in words for people",
                     *       "errors": [
                     *         {
                     *           "detail": "must be between 1 and 500",
                     *           "field": "limit"
                     *         }
                     *       ],
                     *       "status": 422,
                     *       "title": "Unprocessable Entity",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key has used up its requests for the moment */
            429: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Seconds after which it is worth trying again */
                    "Retry-After"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "rate_limited",
                     *       "detail": "What happened, in words for people",
                     *       "status": 429,
                     *       "title": "Too Many Requests",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A server behind the API is away (`queue_unavailable` is NATS), or the database is busy with other requests of the tenant; `server_busy`: no memory is left for the body */
            503: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Seconds after which it is worth trying again */
                    "Retry-After"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "database_unavailable",
                     *       "detail": "What happened, in words for people",
                     *       "status": 503,
                     *       "title": "Service Unavailable",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    discard_dead_letters: {
        parameters: {
            query?: {
                /** @description These, at most 1,000, with commas between them. */
                ids?: string;
                /** @description Of this kind. */
                kind?: "delivery" | "malformed";
                /** @description For this webhook. */
                webhook_id?: string;
                /** @description Of this event. */
                event_id?: string;
                /** @description Of events of this type. */
                event_type?: string;
                /** @description Given up from this moment on. */
                since?: string;
                /** @description Given up before this moment. */
                until?: string;
                /** @description Every one. */
                all?: boolean;
                /** @description The tenant that an admin means (`default` if absent); also as the header `Posthorn-Tenant`. */
                tenant?: string;
            };
            header?: {
                /** @description The tenant that an admin means, as the parameter `tenant`. Where both are given they must agree. */
                "Posthorn-Tenant"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeadLettersDiscarded"];
                };
            };
            /** @description `invalid_json`: there is a body, and it is not JSON */
            400: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such key, or none was sent */
            401: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description `Bearer`; with `error="invalid_token"` where a key was sent that is no good */
                    "WWW-Authenticate"?: string;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "unauthorized",
                     *       "detail": "What happened, in words for people",
                     *       "status": 401,
                     *       "title": "Unauthorized",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key's role or tenant does not allow it */
            403: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "forbidden",
                     *       "detail": "What happened, in words for people",
                     *       "status": 403,
                     *       "title": "Forbidden",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request_timeout`: there is a body, and it did not come in time */
            408: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `payload_too_large`: there is a body, and it is too large */
            413: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: there is a body of a type that is not read here */
            415: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something in the request cannot be; `errors` says what */
            422: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "validation_failed",
                     *       "detail": "What happened, in words for people",
                     *       "errors": [
                     *         {
                     *           "detail": "must be between 1 and 500",
                     *           "field": "limit"
                     *         }
                     *       ],
                     *       "status": 422,
                     *       "title": "Unprocessable Entity",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key has used up its requests for the moment */
            429: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Seconds after which it is worth trying again */
                    "Retry-After"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "rate_limited",
                     *       "detail": "What happened, in words for people",
                     *       "status": 429,
                     *       "title": "Too Many Requests",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A server behind the API is away (`queue_unavailable` is NATS), or the database is busy with other requests of the tenant; `server_busy`: no memory is left for the body */
            503: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Seconds after which it is worth trying again */
                    "Retry-After"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "database_unavailable",
                     *       "detail": "What happened, in words for people",
                     *       "status": 503,
                     *       "title": "Service Unavailable",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    retry_dead_letters: {
        parameters: {
            query?: {
                /** @description These, at most 1,000, with commas between them. */
                ids?: string;
                /** @description Of this kind. */
                kind?: "delivery" | "malformed";
                /** @description For this webhook. */
                webhook_id?: string;
                /** @description Of this event. */
                event_id?: string;
                /** @description Of events of this type. */
                event_type?: string;
                /** @description Given up from this moment on. */
                since?: string;
                /** @description Given up before this moment. */
                until?: string;
                /** @description Every one. */
                all?: boolean;
                /** @description The tenant that an admin means (`default` if absent); also as the header `Posthorn-Tenant`. */
                tenant?: string;
            };
            header?: {
                /** @description The tenant that an admin means, as the parameter `tenant`. Where both are given they must agree. */
                "Posthorn-Tenant"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["DeadLetterChoice"];
            };
        };
        responses: {
            /** @description Accepted: a deliverer begins with it within a second */
            202: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeadLettersRetried"];
                };
            };
            /** @description The body is not JSON; `invalid_body`: it broke off */
            400: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "invalid_json",
                     *       "detail": "What happened, in words for people",
                     *       "status": 400,
                     *       "title": "Bad Request",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such key, or none was sent */
            401: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description `Bearer`; with `error="invalid_token"` where a key was sent that is no good */
                    "WWW-Authenticate"?: string;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "unauthorized",
                     *       "detail": "What happened, in words for people",
                     *       "status": 401,
                     *       "title": "Unauthorized",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key's role or tenant does not allow it */
            403: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "forbidden",
                     *       "detail": "What happened, in words for people",
                     *       "status": 403,
                     *       "title": "Forbidden",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body did not come in time */
            408: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "request_timeout",
                     *       "detail": "What happened, in words for people",
                     *       "status": 408,
                     *       "title": "Request Timeout",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large */
            413: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "payload_too_large",
                     *       "detail": "What happened, in words for people",
                     *       "status": 413,
                     *       "title": "Payload Too Large",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is of a type that is not read here */
            415: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "unsupported_media_type",
                     *       "detail": "What happened, in words for people",
                     *       "status": 415,
                     *       "title": "Unsupported Media Type",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something in the request cannot be; `errors` says what */
            422: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "validation_failed",
                     *       "detail": "What happened, in words for people",
                     *       "errors": [
                     *         {
                     *           "detail": "must be between 1 and 500",
                     *           "field": "limit"
                     *         }
                     *       ],
                     *       "status": 422,
                     *       "title": "Unprocessable Entity",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key has used up its requests for the moment */
            429: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Seconds after which it is worth trying again */
                    "Retry-After"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "rate_limited",
                     *       "detail": "What happened, in words for people",
                     *       "status": 429,
                     *       "title": "Too Many Requests",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A server behind the API is away (`queue_unavailable` is NATS), or the database is busy with other requests of the tenant; `server_busy`: no memory is left for the body */
            503: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Seconds after which it is worth trying again */
                    "Retry-After"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "database_unavailable",
                     *       "detail": "What happened, in words for people",
                     *       "status": 503,
                     *       "title": "Service Unavailable",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_dead_letter: {
        parameters: {
            query?: {
                /** @description The tenant that an admin means (`default` if absent); also as the header `Posthorn-Tenant`. */
                tenant?: string;
            };
            header?: {
                /** @description The tenant that an admin means, as the parameter `tenant`. Where both are given they must agree. */
                "Posthorn-Tenant"?: string;
            };
            path: {
                id: components["schemas"]["DeadLetterId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeadLetterDetail"];
                };
            };
            /** @description There is no such key, or none was sent */
            401: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description `Bearer`; with `error="invalid_token"` where a key was sent that is no good */
                    "WWW-Authenticate"?: string;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "unauthorized",
                     *       "detail": "What happened, in words for people",
                     *       "status": 401,
                     *       "title": "Unauthorized",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key's role or tenant does not allow it */
            403: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "forbidden",
                     *       "detail": "What happened, in words for people",
                     *       "status": 403,
                     *       "title": "Forbidden",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `dead_letter_not_found` */
            404: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something in the request cannot be; `errors` says what */
            422: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "validation_failed",
                     *       "detail": "What happened, in words for people",
                     *       "errors": [
                     *         {
                     *           "detail": "must be between 1 and 500",
                     *           "field": "limit"
                     *         }
                     *       ],
                     *       "status": 422,
                     *       "title": "Unprocessable Entity",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key has used up its requests for the moment */
            429: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Seconds after which it is worth trying again */
                    "Retry-After"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "rate_limited",
                     *       "detail": "What happened, in words for people",
                     *       "status": 429,
                     *       "title": "Too Many Requests",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `queue_unavailable`: the payload lies in the queue, which does not answer. `database_unavailable` */
            503: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Seconds after which it is worth trying again */
                    "Retry-After"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_deliveries: {
        parameters: {
            query?: {
                /** @description In this state. */
                status?: string;
                /** @description To this webhook. */
                webhook_id?: string;
                /** @description Of events of this type, whoever publishes it. */
                event_type?: string;
                /**
                 * @description With `true`, also those of events that Posthorn publishes itself: `webhook.failing`, `webhook.recovered`,
                 *     `webhook.disabled` and `delivery.exhausted` (false).
                 */
                operational?: boolean;
                /** @description Of this event. */
                event_id?: string;
                /** @description Of events accepted from this moment on. */
                since?: string;
                /** @description Of events accepted before this moment. */
                until?: string;
                /** @description Most to return, 1 to 500 (50). */
                limit?: number;
                /** @description How many to skip (0), at most 10,000; `cursor` reaches what lies deeper. */
                offset?: number;
                /** @description `next_cursor` of the page before; stays fast however deep the page. */
                cursor?: string;
                /** @description The tenant that an admin means (`default` if absent); also as the header `Posthorn-Tenant`. */
                tenant?: string;
            };
            header?: {
                /** @description The tenant that an admin means, as the parameter `tenant`. Where both are given they must agree. */
                "Posthorn-Tenant"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeliveryList"];
                };
            };
            /** @description There is no such key, or none was sent */
            401: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description `Bearer`; with `error="invalid_token"` where a key was sent that is no good */
                    "WWW-Authenticate"?: string;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "unauthorized",
                     *       "detail": "What happened, in words for people",
                     *       "status": 401,
                     *       "title": "Unauthorized",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key's role or tenant does not allow it */
            403: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "forbidden",
                     *       "detail": "What happened, in words for people",
                     *       "status": 403,
                     *       "title": "Forbidden",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something in the request cannot be; `errors` says what */
            422: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "validation_failed",
                     *       "detail": "What happened, in words for people",
                     *       "errors": [
                     *         {
                     *           "detail": "must be between 1 and 500",
                     *           "field": "limit"
                     *         }
                     *       ],
                     *       "status": 422,
                     *       "title": "Unprocessable Entity",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key has used up its requests for the moment */
            429: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Seconds after which it is worth trying again */
                    "Retry-After"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "rate_limited",
                     *       "detail": "What happened, in words for people",
                     *       "status": 429,
                     *       "title": "Too Many Requests",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A server behind the API is away (`queue_unavailable` is NATS), or the database is busy with other requests of the tenant; `server_busy`: no memory is left for the body */
            503: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Seconds after which it is worth trying again */
                    "Retry-After"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "database_unavailable",
                     *       "detail": "What happened, in words for people",
                     *       "status": 503,
                     *       "title": "Service Unavailable",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    export_deliveries: {
        parameters: {
            query?: {
                /** @description `csv` (the default) or `ndjson`: a JSON object in each line. */
                format?: "csv" | "ndjson";
                /** @description In this state. */
                status?: "pending" | "success" | "retrying" | "failed";
                /** @description To this webhook. */
                webhook_id?: string;
                /**
                 * @description Of events of this type, whoever publishes it.
                 * @example user.created
                 */
                event_type?: string;
                /**
                 * @description With `true`, also those of events that Posthorn publishes itself: `webhook.failing`, `webhook.recovered`,
                 *     `webhook.disabled` and `delivery.exhausted` (false).
                 */
                operational?: boolean;
                /** @description Of this event. */
                event_id?: string;
                /** @description Of events accepted from this moment on. */
                since?: string;
                /** @description Of events accepted before this moment. */
                until?: string;
                /** @description The tenant that an admin means (`default` if absent); also as the header `Posthorn-Tenant`. */
                tenant?: string;
            };
            header?: {
                /** @description The tenant that an admin means, as the parameter `tenant`. Where both are given they must agree. */
                "Posthorn-Tenant"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The deliveries */
            200: {
                headers: {
                    /** @description `attachment`, with the name of the file */
                    "Content-Disposition"?: string;
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example id,tenant,webhook_id,event_id,event_type,status,status_code,response_time_ms,error_message,attempt_count,next_retry_at,created_at,delivered_at,failure
                     *     01949e5c-0000-8000-8000-000000000001,default,01949e5b-0000-7000-8000-000000000001,01949e5c-0000-7000-8000-000000000001,user.created,success,200,48,,1,,2025-01-25T12:00:01Z,2025-01-25T12:00:01Z,
                     */
                    "text/csv": string;
                    "application/x-ndjson": string;
                };
            };
            /** @description There is no such key, or none was sent */
            401: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description `Bearer`; with `error="invalid_token"` where a key was sent that is no good */
                    "WWW-Authenticate"?: string;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "unauthorized",
                     *       "detail": "What happened, in words for people",
                     *       "status": 401,
                     *       "title": "Unauthorized",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key's role or tenant does not allow it */
            403: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "forbidden",
                     *       "detail": "What happened, in words for people",
                     *       "status": 403,
                     *       "title": "Forbidden",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something in the request cannot be; `errors` says what */
            422: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "validation_failed",
                     *       "detail": "What happened, in words for people",
                     *       "errors": [
                     *         {
                     *           "detail": "must be between 1 and 500",
                     *           "field": "limit"
                     *         }
                     *       ],
                     *       "status": 422,
                     *       "title": "Unprocessable Entity",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key has used up its requests for the moment */
            429: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Seconds after which it is worth trying again */
                    "Retry-After"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "rate_limited",
                     *       "detail": "What happened, in words for people",
                     *       "status": 429,
                     *       "title": "Too Many Requests",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A server behind the API is away (`queue_unavailable` is NATS), or the database is busy with other requests of the tenant; `server_busy`: no memory is left for the body */
            503: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Seconds after which it is worth trying again */
                    "Retry-After"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "database_unavailable",
                     *       "detail": "What happened, in words for people",
                     *       "status": 503,
                     *       "title": "Service Unavailable",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_delivery: {
        parameters: {
            query?: {
                /** @description The tenant that an admin means (`default` if absent); also as the header `Posthorn-Tenant`. */
                tenant?: string;
            };
            header?: {
                /** @description The tenant that an admin means, as the parameter `tenant`. Where both are given they must agree. */
                "Posthorn-Tenant"?: string;
            };
            path: {
                id: components["schemas"]["DeliveryId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeliveryDetail"];
                };
            };
            /** @description There is no such key, or none was sent */
            401: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description `Bearer`; with `error="invalid_token"` where a key was sent that is no good */
                    "WWW-Authenticate"?: string;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "unauthorized",
                     *       "detail": "What happened, in words for people",
                     *       "status": 401,
                     *       "title": "Unauthorized",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key's role or tenant does not allow it */
            403: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "forbidden",
                     *       "detail": "What happened, in words for people",
                     *       "status": 403,
                     *       "title": "Forbidden",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it belongs to another tenant */
            404: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "delivery_not_found",
                     *       "detail": "What happened, in words for people",
                     *       "status": 404,
                     *       "title": "Not Found",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something in the request cannot be; `errors` says what */
            422: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "validation_failed",
                     *       "detail": "What happened, in words for people",
                     *       "errors": [
                     *         {
                     *           "detail": "must be between 1 and 500",
                     *           "field": "limit"
                     *         }
                     *       ],
                     *       "status": 422,
                     *       "title": "Unprocessable Entity",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key has used up its requests for the moment */
            429: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Seconds after which it is worth trying again */
                    "Retry-After"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "rate_limited",
                     *       "detail": "What happened, in words for people",
                     *       "status": 429,
                     *       "title": "Too Many Requests",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A server behind the API is away (`queue_unavailable` is NATS), or the database is busy with other requests of the tenant; `server_busy`: no memory is left for the body */
            503: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Seconds after which it is worth trying again */
                    "Retry-After"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "database_unavailable",
                     *       "detail": "What happened, in words for people",
                     *       "status": 503,
                     *       "title": "Service Unavailable",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    retry_delivery: {
        parameters: {
            query?: {
                /** @description The tenant that an admin means (`default` if absent); also as the header `Posthorn-Tenant`. */
                tenant?: string;
            };
            header?: {
                /** @description The tenant that an admin means, as the parameter `tenant`. Where both are given they must agree. */
                "Posthorn-Tenant"?: string;
            };
            path: {
                id: components["schemas"]["DeliveryId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The delivery as it stands now: `retrying` */
            202: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Delivery"];
                };
            };
            /** @description There is no such key, or none was sent */
            401: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description `Bearer`; with `error="invalid_token"` where a key was sent that is no good */
                    "WWW-Authenticate"?: string;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "unauthorized",
                     *       "detail": "What happened, in words for people",
                     *       "status": 401,
                     *       "title": "Unauthorized",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key's role or tenant does not allow it */
            403: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "forbidden",
                     *       "detail": "What happened, in words for people",
                     *       "status": 403,
                     *       "title": "Forbidden",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `delivery_not_found` */
            404: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `delivery_pending`: its first attempt has not ended yet, or its event is still being recorded. `webhook_disabled`: its webhook takes nothing now. `event_expired`: its payload is no longer kept. `event_erased`: somebody had its payload erased */
            409: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something in the request cannot be; `errors` says what */
            422: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "validation_failed",
                     *       "detail": "What happened, in words for people",
                     *       "errors": [
                     *         {
                     *           "detail": "must be between 1 and 500",
                     *           "field": "limit"
                     *         }
                     *       ],
                     *       "status": 422,
                     *       "title": "Unprocessable Entity",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key has used up its requests for the moment */
            429: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Seconds after which it is worth trying again */
                    "Retry-After"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "rate_limited",
                     *       "detail": "What happened, in words for people",
                     *       "status": 429,
                     *       "title": "Too Many Requests",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `queue_unavailable`, `database_unavailable`: nothing was changed */
            503: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Seconds after which it is worth trying again */
                    "Retry-After"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_erasure: {
        parameters: {
            query?: {
                /** @description The tenant that an admin means (`default` if absent); also as the header `Posthorn-Tenant`. */
                tenant?: string;
            };
            header?: {
                /** @description The tenant that an admin means, as the parameter `tenant`. Where both are given they must agree. */
                "Posthorn-Tenant"?: string;
            };
            path: {
                id: components["schemas"]["ErasureId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Erasure"];
                };
            };
            /** @description There is no such key, or none was sent */
            401: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description `Bearer`; with `error="invalid_token"` where a key was sent that is no good */
                    "WWW-Authenticate"?: string;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "unauthorized",
                     *       "detail": "What happened, in words for people",
                     *       "status": 401,
                     *       "title": "Unauthorized",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key's role or tenant does not allow it */
            403: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "forbidden",
                     *       "detail": "What happened, in words for people",
                     *       "status": 403,
                     *       "title": "Forbidden",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `erasure_not_found` */
            404: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something in the request cannot be; `errors` says what */
            422: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "validation_failed",
                     *       "detail": "What happened, in words for people",
                     *       "errors": [
                     *         {
                     *           "detail": "must be between 1 and 500",
                     *           "field": "limit"
                     *         }
                     *       ],
                     *       "status": 422,
                     *       "title": "Unprocessable Entity",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key has used up its requests for the moment */
            429: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Seconds after which it is worth trying again */
                    "Retry-After"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "rate_limited",
                     *       "detail": "What happened, in words for people",
                     *       "status": 429,
                     *       "title": "Too Many Requests",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A server behind the API is away (`queue_unavailable` is NATS), or the database is busy with other requests of the tenant; `server_busy`: no memory is left for the body */
            503: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Seconds after which it is worth trying again */
                    "Retry-After"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "database_unavailable",
                     *       "detail": "What happened, in words for people",
                     *       "status": 503,
                     *       "title": "Service Unavailable",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_event_types: {
        parameters: {
            query?: {
                /** @description Of this category. */
                category?: string;
                /** @description With this text in their name, label or description, whatever the case. */
                search?: string;
                /** @description Most to return, 1 to 500 (50). */
                limit?: number;
                /** @description How many to skip (0). */
                offset?: number;
                /** @description The tenant that an admin means (`default` if absent); also as the header `Posthorn-Tenant`. */
                tenant?: string;
            };
            header?: {
                /** @description The tenant that an admin means, as the parameter `tenant`. Where both are given they must agree. */
                "Posthorn-Tenant"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EventTypeList"];
                };
            };
            /** @description There is no such key, or none was sent */
            401: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description `Bearer`; with `error="invalid_token"` where a key was sent that is no good */
                    "WWW-Authenticate"?: string;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "unauthorized",
                     *       "detail": "What happened, in words for people",
                     *       "status": 401,
                     *       "title": "Unauthorized",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key's role or tenant does not allow it */
            403: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "forbidden",
                     *       "detail": "What happened, in words for people",
                     *       "status": 403,
                     *       "title": "Forbidden",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something in the request cannot be; `errors` says what */
            422: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "validation_failed",
                     *       "detail": "What happened, in words for people",
                     *       "errors": [
                     *         {
                     *           "detail": "must be between 1 and 500",
                     *           "field": "limit"
                     *         }
                     *       ],
                     *       "status": 422,
                     *       "title": "Unprocessable Entity",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key has used up its requests for the moment */
            429: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Seconds after which it is worth trying again */
                    "Retry-After"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "rate_limited",
                     *       "detail": "What happened, in words for people",
                     *       "status": 429,
                     *       "title": "Too Many Requests",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A server behind the API is away (`queue_unavailable` is NATS), or the database is busy with other requests of the tenant; `server_busy`: no memory is left for the body */
            503: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Seconds after which it is worth trying again */
                    "Retry-After"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "database_unavailable",
                     *       "detail": "What happened, in words for people",
                     *       "status": 503,
                     *       "title": "Service Unavailable",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    create_event_type: {
        parameters: {
            query?: {
                /** @description The tenant that an admin means (`default` if absent); also as the header `Posthorn-Tenant`. */
                tenant?: string;
            };
            header?: {
                /** @description The tenant that an admin means, as the parameter `tenant`. Where both are given they must agree. */
                "Posthorn-Tenant"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewEventType"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    /** @description The state that is answered, for `If-Match` and `If-None-Match` */
                    ETag?: string;
                    /** @description The path of what was created */
                    Location?: string;
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EventType"];
                };
            };
            /** @description The body is not JSON; `invalid_body`: it broke off */
            400: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "invalid_json",
                     *       "detail": "What happened, in words for people",
                     *       "status": 400,
                     *       "title": "Bad Request",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such key, or none was sent */
            401: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description `Bearer`; with `error="invalid_token"` where a key was sent that is no good */
                    "WWW-Authenticate"?: string;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "unauthorized",
                     *       "detail": "What happened, in words for people",
                     *       "status": 401,
                     *       "title": "Unauthorized",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key's role or tenant does not allow it */
            403: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "forbidden",
                     *       "detail": "What happened, in words for people",
                     *       "status": 403,
                     *       "title": "Forbidden",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body did not come in time */
            408: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "request_timeout",
                     *       "detail": "What happened, in words for people",
                     *       "status": 408,
                     *       "title": "Request Timeout",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `event_type_exists`, `tenant_being_deleted` */
            409: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large */
            413: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "payload_too_large",
                     *       "detail": "What happened, in words for people",
                     *       "status": 413,
                     *       "title": "Payload Too Large",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is of a type that is not read here */
            415: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "unsupported_media_type",
                     *       "detail": "What happened, in words for people",
                     *       "status": 415,
                     *       "title": "Unsupported Media Type",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something in the request cannot be; `errors` says what */
            422: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "validation_failed",
                     *       "detail": "What happened, in words for people",
                     *       "errors": [
                     *         {
                     *           "detail": "must be between 1 and 500",
                     *           "field": "limit"
                     *         }
                     *       ],
                     *       "status": 422,
                     *       "title": "Unprocessable Entity",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key has used up its requests for the moment */
            429: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Seconds after which it is worth trying again */
                    "Retry-After"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "rate_limited",
                     *       "detail": "What happened, in words for people",
                     *       "status": 429,
                     *       "title": "Too Many Requests",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A server behind the API is away (`queue_unavailable` is NATS), or the database is busy with other requests of the tenant; `server_busy`: no memory is left for the body */
            503: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Seconds after which it is worth trying again */
                    "Retry-After"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "database_unavailable",
                     *       "detail": "What happened, in words for people",
                     *       "status": 503,
                     *       "title": "Service Unavailable",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    import_event_types: {
        parameters: {
            query?: {
                /** @description The tenant that an admin means (`default` if absent); also as the header `Posthorn-Tenant`. */
                tenant?: string;
            };
            header?: {
                /** @description The tenant that an admin means, as the parameter `tenant`. Where both are given they must agree. */
                "Posthorn-Tenant"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EventTypeImport"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ImportedEventTypes"];
                };
            };
            /** @description The body is not JSON; `invalid_body`: it broke off */
            400: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "invalid_json",
                     *       "detail": "What happened, in words for people",
                     *       "status": 400,
                     *       "title": "Bad Request",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such key, or none was sent */
            401: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description `Bearer`; with `error="invalid_token"` where a key was sent that is no good */
                    "WWW-Authenticate"?: string;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "unauthorized",
                     *       "detail": "What happened, in words for people",
                     *       "status": 401,
                     *       "title": "Unauthorized",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key's role or tenant does not allow it */
            403: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "forbidden",
                     *       "detail": "What happened, in words for people",
                     *       "status": 403,
                     *       "title": "Forbidden",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body did not come in time */
            408: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "request_timeout",
                     *       "detail": "What happened, in words for people",
                     *       "status": 408,
                     *       "title": "Request Timeout",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `tenant_being_deleted`: nothing can be made of the tenant until nothing is left of it */
            409: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large */
            413: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "payload_too_large",
                     *       "detail": "What happened, in words for people",
                     *       "status": 413,
                     *       "title": "Payload Too Large",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is of a type that is not read here */
            415: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "unsupported_media_type",
                     *       "detail": "What happened, in words for people",
                     *       "status": 415,
                     *       "title": "Unsupported Media Type",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something in the request cannot be; `errors` says what */
            422: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "validation_failed",
                     *       "detail": "What happened, in words for people",
                     *       "errors": [
                     *         {
                     *           "detail": "must be between 1 and 500",
                     *           "field": "limit"
                     *         }
                     *       ],
                     *       "status": 422,
                     *       "title": "Unprocessable Entity",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key has used up its requests for the moment */
            429: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Seconds after which it is worth trying again */
                    "Retry-After"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "rate_limited",
                     *       "detail": "What happened, in words for people",
                     *       "status": 429,
                     *       "title": "Too Many Requests",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A server behind the API is away (`queue_unavailable` is NATS), or the database is busy with other requests of the tenant; `server_busy`: no memory is left for the body */
            503: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Seconds after which it is worth trying again */
                    "Retry-After"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "database_unavailable",
                     *       "detail": "What happened, in words for people",
                     *       "status": 503,
                     *       "title": "Service Unavailable",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_event_type: {
        parameters: {
            query?: {
                /** @description The tenant that an admin means (`default` if absent); also as the header `Posthorn-Tenant`. */
                tenant?: string;
            };
            header?: {
                /**
                 * @description The `ETag` of an earlier answer: 304 without a body where it still holds.
                 * @example "7"
                 */
                "If-None-Match"?: string | null;
                /** @description The tenant that an admin means, as the parameter `tenant`. Where both are given they must agree. */
                "Posthorn-Tenant"?: string;
            };
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    /** @description The state that is answered, for `If-Match` and `If-None-Match` */
                    ETag?: string;
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EventType"];
                };
            };
            /** @description The client has it as it is */
            304: {
                headers: {
                    /** @description The state that is answered, for `If-Match` and `If-None-Match` */
                    ETag?: string;
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description There is no such key, or none was sent */
            401: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description `Bearer`; with `error="invalid_token"` where a key was sent that is no good */
                    "WWW-Authenticate"?: string;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "unauthorized",
                     *       "detail": "What happened, in words for people",
                     *       "status": 401,
                     *       "title": "Unauthorized",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key's role or tenant does not allow it */
            403: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "forbidden",
                     *       "detail": "What happened, in words for people",
                     *       "status": 403,
                     *       "title": "Forbidden",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it belongs to another tenant */
            404: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "event_type_not_found",
                     *       "detail": "What happened, in words for people",
                     *       "status": 404,
                     *       "title": "Not Found",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something in the request cannot be; `errors` says what */
            422: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "validation_failed",
                     *       "detail": "What happened, in words for people",
                     *       "errors": [
                     *         {
                     *           "detail": "must be between 1 and 500",
                     *           "field": "limit"
                     *         }
                     *       ],
                     *       "status": 422,
                     *       "title": "Unprocessable Entity",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key has used up its requests for the moment */
            429: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Seconds after which it is worth trying again */
                    "Retry-After"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "rate_limited",
                     *       "detail": "What happened, in words for people",
                     *       "status": 429,
                     *       "title": "Too Many Requests",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A server behind the API is away (`queue_unavailable` is NATS), or the database is busy with other requests of the tenant; `server_busy`: no memory is left for the body */
            503: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Seconds after which it is worth trying again */
                    "Retry-After"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "database_unavailable",
                     *       "detail": "What happened, in words for people",
                     *       "status": 503,
                     *       "title": "Service Unavailable",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    replace_event_type: {
        parameters: {
            query?: {
                /** @description The tenant that an admin means (`default` if absent); also as the header `Posthorn-Tenant`. */
                tenant?: string;
            };
            header?: {
                /**
                 * @description The `ETag` that it must still have, or 412. `*` and absence mean any.
                 * @example "7"
                 */
                "If-Match"?: string | null;
                /** @description The tenant that an admin means, as the parameter `tenant`. Where both are given they must agree. */
                "Posthorn-Tenant"?: string;
            };
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EventTypeSettings"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    /** @description The state that is answered, for `If-Match` and `If-None-Match` */
                    ETag?: string;
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EventType"];
                };
            };
            /** @description The body is not JSON; `invalid_body`: it broke off */
            400: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "invalid_json",
                     *       "detail": "What happened, in words for people",
                     *       "status": 400,
                     *       "title": "Bad Request",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such key, or none was sent */
            401: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description `Bearer`; with `error="invalid_token"` where a key was sent that is no good */
                    "WWW-Authenticate"?: string;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "unauthorized",
                     *       "detail": "What happened, in words for people",
                     *       "status": 401,
                     *       "title": "Unauthorized",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key's role or tenant does not allow it */
            403: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "forbidden",
                     *       "detail": "What happened, in words for people",
                     *       "status": 403,
                     *       "title": "Forbidden",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it belongs to another tenant */
            404: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "event_type_not_found",
                     *       "detail": "What happened, in words for people",
                     *       "status": 404,
                     *       "title": "Not Found",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body did not come in time */
            408: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "request_timeout",
                     *       "detail": "What happened, in words for people",
                     *       "status": 408,
                     *       "title": "Request Timeout",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `tenant_being_deleted`: nothing can be made of the tenant until nothing is left of it */
            409: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It does not have this `ETag` any more */
            412: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "event_type_changed",
                     *       "detail": "What happened, in words for people",
                     *       "status": 412,
                     *       "title": "Precondition Failed",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large */
            413: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "payload_too_large",
                     *       "detail": "What happened, in words for people",
                     *       "status": 413,
                     *       "title": "Payload Too Large",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is of a type that is not read here */
            415: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "unsupported_media_type",
                     *       "detail": "What happened, in words for people",
                     *       "status": 415,
                     *       "title": "Unsupported Media Type",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something in the request cannot be; `errors` says what */
            422: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "validation_failed",
                     *       "detail": "What happened, in words for people",
                     *       "errors": [
                     *         {
                     *           "detail": "must be between 1 and 500",
                     *           "field": "limit"
                     *         }
                     *       ],
                     *       "status": 422,
                     *       "title": "Unprocessable Entity",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key has used up its requests for the moment */
            429: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Seconds after which it is worth trying again */
                    "Retry-After"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "rate_limited",
                     *       "detail": "What happened, in words for people",
                     *       "status": 429,
                     *       "title": "Too Many Requests",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A server behind the API is away (`queue_unavailable` is NATS), or the database is busy with other requests of the tenant; `server_busy`: no memory is left for the body */
            503: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Seconds after which it is worth trying again */
                    "Retry-After"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "database_unavailable",
                     *       "detail": "What happened, in words for people",
                     *       "status": 503,
                     *       "title": "Service Unavailable",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_event_type: {
        parameters: {
            query?: {
                /** @description The tenant that an admin means (`default` if absent); also as the header `Posthorn-Tenant`. */
                tenant?: string;
            };
            header?: {
                /**
                 * @description The `ETag` that it must still have, or 412. `*` and absence mean any.
                 * @example "7"
                 */
                "If-Match"?: string | null;
                /** @description The tenant that an admin means, as the parameter `tenant`. Where both are given they must agree. */
                "Posthorn-Tenant"?: string;
            };
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description There is no such key, or none was sent */
            401: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description `Bearer`; with `error="invalid_token"` where a key was sent that is no good */
                    "WWW-Authenticate"?: string;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "unauthorized",
                     *       "detail": "What happened, in words for people",
                     *       "status": 401,
                     *       "title": "Unauthorized",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key's role or tenant does not allow it */
            403: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "forbidden",
                     *       "detail": "What happened, in words for people",
                     *       "status": 403,
                     *       "title": "Forbidden",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it belongs to another tenant */
            404: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "event_type_not_found",
                     *       "detail": "What happened, in words for people",
                     *       "status": 404,
                     *       "title": "Not Found",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `tenant_being_deleted`: nothing can be made of the tenant until nothing is left of it */
            409: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It does not have this `ETag` any more */
            412: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "event_type_changed",
                     *       "detail": "What happened, in words for people",
                     *       "status": 412,
                     *       "title": "Precondition Failed",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something in the request cannot be; `errors` says what */
            422: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "validation_failed",
                     *       "detail": "What happened, in words for people",
                     *       "errors": [
                     *         {
                     *           "detail": "must be between 1 and 500",
                     *           "field": "limit"
                     *         }
                     *       ],
                     *       "status": 422,
                     *       "title": "Unprocessable Entity",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key has used up its requests for the moment */
            429: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Seconds after which it is worth trying again */
                    "Retry-After"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "rate_limited",
                     *       "detail": "What happened, in words for people",
                     *       "status": 429,
                     *       "title": "Too Many Requests",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A server behind the API is away (`queue_unavailable` is NATS), or the database is busy with other requests of the tenant; `server_busy`: no memory is left for the body */
            503: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Seconds after which it is worth trying again */
                    "Retry-After"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "database_unavailable",
                     *       "detail": "What happened, in words for people",
                     *       "status": 503,
                     *       "title": "Service Unavailable",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_events: {
        parameters: {
            query?: {
                /** @description Of this type, whoever publishes it. */
                type?: string;
                /**
                 * @description With `true`, those that Posthorn publishes itself too: `webhook.failing`, `webhook.recovered`,
                 *     `webhook.disabled` and `delivery.exhausted` (false).
                 */
                operational?: boolean;
                /** @description Accepted from this moment on. */
                since?: string;
                /** @description Accepted before this moment. */
                until?: string;
                /** @description Most to return, 1 to 500 (50). */
                limit?: number;
                /** @description How many to skip (0), at most 10,000; `cursor` reaches what lies deeper. */
                offset?: number;
                /** @description `next_cursor` of the page before; stays fast however deep the page. */
                cursor?: string;
                /** @description The tenant that an admin means (`default` if absent); also as the header `Posthorn-Tenant`. */
                tenant?: string;
            };
            header?: {
                /** @description The tenant that an admin means, as the parameter `tenant`. Where both are given they must agree. */
                "Posthorn-Tenant"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EventList"];
                };
            };
            /** @description There is no such key, or none was sent */
            401: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description `Bearer`; with `error="invalid_token"` where a key was sent that is no good */
                    "WWW-Authenticate"?: string;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "unauthorized",
                     *       "detail": "What happened, in words for people",
                     *       "status": 401,
                     *       "title": "Unauthorized",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key's role or tenant does not allow it */
            403: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "forbidden",
                     *       "detail": "What happened, in words for people",
                     *       "status": 403,
                     *       "title": "Forbidden",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something in the request cannot be; `errors` says what */
            422: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "validation_failed",
                     *       "detail": "What happened, in words for people",
                     *       "errors": [
                     *         {
                     *           "detail": "must be between 1 and 500",
                     *           "field": "limit"
                     *         }
                     *       ],
                     *       "status": 422,
                     *       "title": "Unprocessable Entity",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key has used up its requests for the moment */
            429: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Seconds after which it is worth trying again */
                    "Retry-After"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "rate_limited",
                     *       "detail": "What happened, in words for people",
                     *       "status": 429,
                     *       "title": "Too Many Requests",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A server behind the API is away (`queue_unavailable` is NATS), or the database is busy with other requests of the tenant; `server_busy`: no memory is left for the body */
            503: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Seconds after which it is worth trying again */
                    "Retry-After"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "database_unavailable",
                     *       "detail": "What happened, in words for people",
                     *       "status": 503,
                     *       "title": "Service Unavailable",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    publish_events: {
        parameters: {
            query?: {
                /** @description The tenant that an admin means (`default` if absent); also as the header `Posthorn-Tenant`. */
                tenant?: string;
            };
            header?: {
                /** @description Names the request: repeating it gives no second event. 1 to 128 visible ASCII characters, quoted or not */
                "Idempotency-Key"?: string | null;
                /** @description The tenant that an admin means, as the parameter `tenant`. Where both are given they must agree. */
                "Posthorn-Tenant"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/cloudevents+json": Record<string, unknown>;
                "application/cloudevents-batch+json": Record<string, unknown>[];
                "application/json": components["schemas"]["EventInput"][];
            };
        };
        responses: {
            /** @description The stream has every event */
            202: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Published"];
                };
            };
            /** @description The body is not JSON; `invalid_body`: it broke off */
            400: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "invalid_json",
                     *       "detail": "What happened, in words for people",
                     *       "status": 400,
                     *       "title": "Bad Request",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such key, or none was sent */
            401: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description `Bearer`; with `error="invalid_token"` where a key was sent that is no good */
                    "WWW-Authenticate"?: string;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "unauthorized",
                     *       "detail": "What happened, in words for people",
                     *       "status": 401,
                     *       "title": "Unauthorized",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key's role or tenant does not allow it */
            403: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "forbidden",
                     *       "detail": "What happened, in words for people",
                     *       "status": 403,
                     *       "title": "Forbidden",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body did not come in time */
            408: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "request_timeout",
                     *       "detail": "What happened, in words for people",
                     *       "status": 408,
                     *       "title": "Request Timeout",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `tenant_being_deleted`: nothing can be made of the tenant until nothing is left of it */
            409: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large */
            413: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "payload_too_large",
                     *       "detail": "What happened, in words for people",
                     *       "status": 413,
                     *       "title": "Payload Too Large",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is of a type that is not read here */
            415: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "unsupported_media_type",
                     *       "detail": "What happened, in words for people",
                     *       "status": 415,
                     *       "title": "Unsupported Media Type",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_failed`: wrong fields, nothing was stored; `idempotency_key_reused`: the key belongs to an event of another type or with other data */
            422: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "validation_failed",
                     *       "detail": "What happened, in words for people",
                     *       "errors": [
                     *         {
                     *           "detail": "must be between 1 and 500",
                     *           "field": "limit"
                     *         }
                     *       ],
                     *       "status": 422,
                     *       "title": "Unprocessable Entity",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key has used up its requests for the moment */
            429: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Seconds after which it is worth trying again */
                    "Retry-After"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "rate_limited",
                     *       "detail": "What happened, in words for people",
                     *       "status": 429,
                     *       "title": "Too Many Requests",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A server behind the API is away (`queue_unavailable` is NATS), or the database is busy with other requests of the tenant; `server_busy`: no memory is left for the body */
            503: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Seconds after which it is worth trying again */
                    "Retry-After"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "database_unavailable",
                     *       "detail": "What happened, in words for people",
                     *       "status": 503,
                     *       "title": "Service Unavailable",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    erase_events: {
        parameters: {
            query?: {
                /** @description Of this type, whoever publishes it. */
                type?: string;
                /** @description Accepted from this moment on. */
                since?: string;
                /** @description Accepted before this moment (now). */
                until?: string;
                /** @description The tenant that an admin means (`default` if absent); also as the header `Posthorn-Tenant`. */
                tenant?: string;
            };
            header?: {
                /** @description The tenant that an admin means, as the parameter `tenant`. Where both are given they must agree. */
                "Posthorn-Tenant"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Accepted: a deliverer begins with it within a second */
            202: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErasureAccepted"];
                };
            };
            /** @description There is no such key, or none was sent */
            401: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description `Bearer`; with `error="invalid_token"` where a key was sent that is no good */
                    "WWW-Authenticate"?: string;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "unauthorized",
                     *       "detail": "What happened, in words for people",
                     *       "status": 401,
                     *       "title": "Unauthorized",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key's role or tenant does not allow it */
            403: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "forbidden",
                     *       "detail": "What happened, in words for people",
                     *       "status": 403,
                     *       "title": "Forbidden",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `validation_failed`: no filter at all, or one that nothing can pass */
            422: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key has used up its requests for the moment */
            429: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Seconds after which it is worth trying again */
                    "Retry-After"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "rate_limited",
                     *       "detail": "What happened, in words for people",
                     *       "status": 429,
                     *       "title": "Too Many Requests",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A server behind the API is away (`queue_unavailable` is NATS), or the database is busy with other requests of the tenant; `server_busy`: no memory is left for the body */
            503: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Seconds after which it is worth trying again */
                    "Retry-After"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "database_unavailable",
                     *       "detail": "What happened, in words for people",
                     *       "status": 503,
                     *       "title": "Service Unavailable",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_event: {
        parameters: {
            query?: {
                /** @description The tenant that an admin means (`default` if absent); also as the header `Posthorn-Tenant`. */
                tenant?: string;
            };
            header?: {
                /** @description The tenant that an admin means, as the parameter `tenant`. Where both are given they must agree. */
                "Posthorn-Tenant"?: string;
            };
            path: {
                id: components["schemas"]["EventId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EventWithData"];
                };
            };
            /** @description There is no such key, or none was sent */
            401: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description `Bearer`; with `error="invalid_token"` where a key was sent that is no good */
                    "WWW-Authenticate"?: string;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "unauthorized",
                     *       "detail": "What happened, in words for people",
                     *       "status": 401,
                     *       "title": "Unauthorized",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key's role or tenant does not allow it */
            403: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "forbidden",
                     *       "detail": "What happened, in words for people",
                     *       "status": 403,
                     *       "title": "Forbidden",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it belongs to another tenant */
            404: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "event_not_found",
                     *       "detail": "What happened, in words for people",
                     *       "status": 404,
                     *       "title": "Not Found",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something in the request cannot be; `errors` says what */
            422: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "validation_failed",
                     *       "detail": "What happened, in words for people",
                     *       "errors": [
                     *         {
                     *           "detail": "must be between 1 and 500",
                     *           "field": "limit"
                     *         }
                     *       ],
                     *       "status": 422,
                     *       "title": "Unprocessable Entity",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key has used up its requests for the moment */
            429: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Seconds after which it is worth trying again */
                    "Retry-After"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "rate_limited",
                     *       "detail": "What happened, in words for people",
                     *       "status": 429,
                     *       "title": "Too Many Requests",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A server behind the API is away (`queue_unavailable` is NATS), or the database is busy with other requests of the tenant; `server_busy`: no memory is left for the body */
            503: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Seconds after which it is worth trying again */
                    "Retry-After"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "database_unavailable",
                     *       "detail": "What happened, in words for people",
                     *       "status": 503,
                     *       "title": "Service Unavailable",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    erase_event: {
        parameters: {
            query?: {
                /** @description The tenant that an admin means (`default` if absent); also as the header `Posthorn-Tenant`. */
                tenant?: string;
            };
            header?: {
                /** @description The tenant that an admin means, as the parameter `tenant`. Where both are given they must agree. */
                "Posthorn-Tenant"?: string;
            };
            path: {
                id: components["schemas"]["EventId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Its payload is gone */
            204: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description There is no such key, or none was sent */
            401: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description `Bearer`; with `error="invalid_token"` where a key was sent that is no good */
                    "WWW-Authenticate"?: string;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "unauthorized",
                     *       "detail": "What happened, in words for people",
                     *       "status": 401,
                     *       "title": "Unauthorized",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key's role or tenant does not allow it */
            403: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "forbidden",
                     *       "detail": "What happened, in words for people",
                     *       "status": 403,
                     *       "title": "Forbidden",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `event_not_found`: an event is in the log as soon as a deliverer has taken it up */
            404: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something in the request cannot be; `errors` says what */
            422: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "validation_failed",
                     *       "detail": "What happened, in words for people",
                     *       "errors": [
                     *         {
                     *           "detail": "must be between 1 and 500",
                     *           "field": "limit"
                     *         }
                     *       ],
                     *       "status": 422,
                     *       "title": "Unprocessable Entity",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key has used up its requests for the moment */
            429: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Seconds after which it is worth trying again */
                    "Retry-After"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "rate_limited",
                     *       "detail": "What happened, in words for people",
                     *       "status": 429,
                     *       "title": "Too Many Requests",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `database_unavailable`: nothing was changed. `queue_unavailable`: nothing more is sent of it, and it will be gone from the streams when NATS is back */
            503: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Seconds after which it is worth trying again */
                    "Retry-After"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_event_deliveries: {
        parameters: {
            query?: {
                /** @description In this state. */
                status?: string;
                /** @description To this webhook. */
                webhook_id?: string;
                /** @description Of events of this type, whoever publishes it. */
                event_type?: string;
                /**
                 * @description With `true`, also those of events that Posthorn publishes itself: `webhook.failing`, `webhook.recovered`,
                 *     `webhook.disabled` and `delivery.exhausted` (false).
                 */
                operational?: boolean;
                /** @description Of this event. */
                event_id?: string;
                /** @description Of events accepted from this moment on. */
                since?: string;
                /** @description Of events accepted before this moment. */
                until?: string;
                /** @description Most to return, 1 to 500 (50). */
                limit?: number;
                /** @description How many to skip (0), at most 10,000; `cursor` reaches what lies deeper. */
                offset?: number;
                /** @description `next_cursor` of the page before; stays fast however deep the page. */
                cursor?: string;
                /** @description The tenant that an admin means (`default` if absent); also as the header `Posthorn-Tenant`. */
                tenant?: string;
            };
            header?: {
                /** @description The tenant that an admin means, as the parameter `tenant`. Where both are given they must agree. */
                "Posthorn-Tenant"?: string;
            };
            path: {
                id: components["schemas"]["EventId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeliveryList"];
                };
            };
            /** @description There is no such key, or none was sent */
            401: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description `Bearer`; with `error="invalid_token"` where a key was sent that is no good */
                    "WWW-Authenticate"?: string;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "unauthorized",
                     *       "detail": "What happened, in words for people",
                     *       "status": 401,
                     *       "title": "Unauthorized",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key's role or tenant does not allow it */
            403: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "forbidden",
                     *       "detail": "What happened, in words for people",
                     *       "status": 403,
                     *       "title": "Forbidden",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it belongs to another tenant */
            404: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "event_not_found",
                     *       "detail": "What happened, in words for people",
                     *       "status": 404,
                     *       "title": "Not Found",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something in the request cannot be; `errors` says what */
            422: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "validation_failed",
                     *       "detail": "What happened, in words for people",
                     *       "errors": [
                     *         {
                     *           "detail": "must be between 1 and 500",
                     *           "field": "limit"
                     *         }
                     *       ],
                     *       "status": 422,
                     *       "title": "Unprocessable Entity",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key has used up its requests for the moment */
            429: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Seconds after which it is worth trying again */
                    "Retry-After"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "rate_limited",
                     *       "detail": "What happened, in words for people",
                     *       "status": 429,
                     *       "title": "Too Many Requests",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A server behind the API is away (`queue_unavailable` is NATS), or the database is busy with other requests of the tenant; `server_busy`: no memory is left for the body */
            503: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Seconds after which it is worth trying again */
                    "Retry-After"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "database_unavailable",
                     *       "detail": "What happened, in words for people",
                     *       "status": 503,
                     *       "title": "Service Unavailable",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    replay_event: {
        parameters: {
            query?: {
                /** @description The tenant that an admin means (`default` if absent); also as the header `Posthorn-Tenant`. */
                tenant?: string;
            };
            header?: {
                /** @description The tenant that an admin means, as the parameter `tenant`. Where both are given they must agree. */
                "Posthorn-Tenant"?: string;
            };
            path: {
                id: components["schemas"]["EventId"];
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["EventReplay"];
            };
        };
        responses: {
            /** @description Accepted: a deliverer begins with it within a second */
            202: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReplayAccepted"];
                };
            };
            /** @description The body is not JSON; `invalid_body`: it broke off */
            400: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "invalid_json",
                     *       "detail": "What happened, in words for people",
                     *       "status": 400,
                     *       "title": "Bad Request",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such key, or none was sent */
            401: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description `Bearer`; with `error="invalid_token"` where a key was sent that is no good */
                    "WWW-Authenticate"?: string;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "unauthorized",
                     *       "detail": "What happened, in words for people",
                     *       "status": 401,
                     *       "title": "Unauthorized",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key's role or tenant does not allow it */
            403: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "forbidden",
                     *       "detail": "What happened, in words for people",
                     *       "status": 403,
                     *       "title": "Forbidden",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `event_not_found`, `webhook_not_found` */
            404: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body did not come in time */
            408: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "request_timeout",
                     *       "detail": "What happened, in words for people",
                     *       "status": 408,
                     *       "title": "Request Timeout",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `event_erased`: its payload is gone */
            409: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large */
            413: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "payload_too_large",
                     *       "detail": "What happened, in words for people",
                     *       "status": 413,
                     *       "title": "Payload Too Large",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is of a type that is not read here */
            415: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "unsupported_media_type",
                     *       "detail": "What happened, in words for people",
                     *       "status": 415,
                     *       "title": "Unsupported Media Type",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something in the request cannot be; `errors` says what */
            422: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "validation_failed",
                     *       "detail": "What happened, in words for people",
                     *       "errors": [
                     *         {
                     *           "detail": "must be between 1 and 500",
                     *           "field": "limit"
                     *         }
                     *       ],
                     *       "status": 422,
                     *       "title": "Unprocessable Entity",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key has used up its requests for the moment */
            429: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Seconds after which it is worth trying again */
                    "Retry-After"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "rate_limited",
                     *       "detail": "What happened, in words for people",
                     *       "status": 429,
                     *       "title": "Too Many Requests",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A server behind the API is away (`queue_unavailable` is NATS), or the database is busy with other requests of the tenant; `server_busy`: no memory is left for the body */
            503: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Seconds after which it is worth trying again */
                    "Retry-After"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "database_unavailable",
                     *       "detail": "What happened, in words for people",
                     *       "status": 503,
                     *       "title": "Service Unavailable",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_queue: {
        parameters: {
            query?: {
                /** @description The tenant that an admin means (`default` if absent); also as the header `Posthorn-Tenant`. */
                tenant?: string;
            };
            header?: {
                /** @description The tenant that an admin means, as the parameter `tenant`. Where both are given they must agree. */
                "Posthorn-Tenant"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Queue"];
                };
            };
            /** @description There is no such key, or none was sent */
            401: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description `Bearer`; with `error="invalid_token"` where a key was sent that is no good */
                    "WWW-Authenticate"?: string;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "unauthorized",
                     *       "detail": "What happened, in words for people",
                     *       "status": 401,
                     *       "title": "Unauthorized",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key's role or tenant does not allow it */
            403: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "forbidden",
                     *       "detail": "What happened, in words for people",
                     *       "status": 403,
                     *       "title": "Forbidden",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something in the request cannot be; `errors` says what */
            422: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "validation_failed",
                     *       "detail": "What happened, in words for people",
                     *       "errors": [
                     *         {
                     *           "detail": "must be between 1 and 500",
                     *           "field": "limit"
                     *         }
                     *       ],
                     *       "status": 422,
                     *       "title": "Unprocessable Entity",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key has used up its requests for the moment */
            429: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Seconds after which it is worth trying again */
                    "Retry-After"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "rate_limited",
                     *       "detail": "What happened, in words for people",
                     *       "status": 429,
                     *       "title": "Too Many Requests",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A server behind the API is away (`queue_unavailable` is NATS), or the database is busy with other requests of the tenant; `server_busy`: no memory is left for the body */
            503: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Seconds after which it is worth trying again */
                    "Retry-After"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "database_unavailable",
                     *       "detail": "What happened, in words for people",
                     *       "status": 503,
                     *       "title": "Service Unavailable",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_replays: {
        parameters: {
            query?: {
                /** @description Of this webhook, as a range of time. */
                webhook_id?: string;
                /** @description Most to return, 1 to 500 (50). */
                limit?: number;
                /** @description How many to skip (0), at most 10,000; `cursor` reaches what lies deeper. */
                offset?: number;
                /** @description `next_cursor` of the page before; stays fast however deep the page. */
                cursor?: string;
                /** @description The tenant that an admin means (`default` if absent); also as the header `Posthorn-Tenant`. */
                tenant?: string;
            };
            header?: {
                /** @description The tenant that an admin means, as the parameter `tenant`. Where both are given they must agree. */
                "Posthorn-Tenant"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReplayList"];
                };
            };
            /** @description There is no such key, or none was sent */
            401: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description `Bearer`; with `error="invalid_token"` where a key was sent that is no good */
                    "WWW-Authenticate"?: string;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "unauthorized",
                     *       "detail": "What happened, in words for people",
                     *       "status": 401,
                     *       "title": "Unauthorized",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key's role or tenant does not allow it */
            403: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "forbidden",
                     *       "detail": "What happened, in words for people",
                     *       "status": 403,
                     *       "title": "Forbidden",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something in the request cannot be; `errors` says what */
            422: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "validation_failed",
                     *       "detail": "What happened, in words for people",
                     *       "errors": [
                     *         {
                     *           "detail": "must be between 1 and 500",
                     *           "field": "limit"
                     *         }
                     *       ],
                     *       "status": 422,
                     *       "title": "Unprocessable Entity",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key has used up its requests for the moment */
            429: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Seconds after which it is worth trying again */
                    "Retry-After"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "rate_limited",
                     *       "detail": "What happened, in words for people",
                     *       "status": 429,
                     *       "title": "Too Many Requests",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A server behind the API is away (`queue_unavailable` is NATS), or the database is busy with other requests of the tenant; `server_busy`: no memory is left for the body */
            503: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Seconds after which it is worth trying again */
                    "Retry-After"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "database_unavailable",
                     *       "detail": "What happened, in words for people",
                     *       "status": 503,
                     *       "title": "Service Unavailable",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_replay: {
        parameters: {
            query?: {
                /** @description The tenant that an admin means (`default` if absent); also as the header `Posthorn-Tenant`. */
                tenant?: string;
            };
            header?: {
                /** @description The tenant that an admin means, as the parameter `tenant`. Where both are given they must agree. */
                "Posthorn-Tenant"?: string;
            };
            path: {
                id: components["schemas"]["ReplayId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Replay"];
                };
            };
            /** @description There is no such key, or none was sent */
            401: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description `Bearer`; with `error="invalid_token"` where a key was sent that is no good */
                    "WWW-Authenticate"?: string;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "unauthorized",
                     *       "detail": "What happened, in words for people",
                     *       "status": 401,
                     *       "title": "Unauthorized",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key's role or tenant does not allow it */
            403: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "forbidden",
                     *       "detail": "What happened, in words for people",
                     *       "status": 403,
                     *       "title": "Forbidden",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `replay_not_found` */
            404: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something in the request cannot be; `errors` says what */
            422: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "validation_failed",
                     *       "detail": "What happened, in words for people",
                     *       "errors": [
                     *         {
                     *           "detail": "must be between 1 and 500",
                     *           "field": "limit"
                     *         }
                     *       ],
                     *       "status": 422,
                     *       "title": "Unprocessable Entity",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key has used up its requests for the moment */
            429: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Seconds after which it is worth trying again */
                    "Retry-After"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "rate_limited",
                     *       "detail": "What happened, in words for people",
                     *       "status": 429,
                     *       "title": "Too Many Requests",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A server behind the API is away (`queue_unavailable` is NATS), or the database is busy with other requests of the tenant; `server_busy`: no memory is left for the body */
            503: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Seconds after which it is worth trying again */
                    "Retry-After"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "database_unavailable",
                     *       "detail": "What happened, in words for people",
                     *       "status": 503,
                     *       "title": "Service Unavailable",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    cancel_replay: {
        parameters: {
            query?: {
                /** @description The tenant that an admin means (`default` if absent); also as the header `Posthorn-Tenant`. */
                tenant?: string;
            };
            header?: {
                /** @description The tenant that an admin means, as the parameter `tenant`. Where both are given they must agree. */
                "Posthorn-Tenant"?: string;
            };
            path: {
                id: components["schemas"]["ReplayId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The replay as it was stopped */
            200: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Replay"];
                };
            };
            /** @description There is no such key, or none was sent */
            401: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description `Bearer`; with `error="invalid_token"` where a key was sent that is no good */
                    "WWW-Authenticate"?: string;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "unauthorized",
                     *       "detail": "What happened, in words for people",
                     *       "status": 401,
                     *       "title": "Unauthorized",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key's role or tenant does not allow it */
            403: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "forbidden",
                     *       "detail": "What happened, in words for people",
                     *       "status": 403,
                     *       "title": "Forbidden",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `replay_not_found` */
            404: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `replay_ended`: there is nothing left to stop */
            409: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something in the request cannot be; `errors` says what */
            422: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "validation_failed",
                     *       "detail": "What happened, in words for people",
                     *       "errors": [
                     *         {
                     *           "detail": "must be between 1 and 500",
                     *           "field": "limit"
                     *         }
                     *       ],
                     *       "status": 422,
                     *       "title": "Unprocessable Entity",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key has used up its requests for the moment */
            429: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Seconds after which it is worth trying again */
                    "Retry-After"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "rate_limited",
                     *       "detail": "What happened, in words for people",
                     *       "status": 429,
                     *       "title": "Too Many Requests",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A server behind the API is away (`queue_unavailable` is NATS), or the database is busy with other requests of the tenant; `server_busy`: no memory is left for the body */
            503: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Seconds after which it is worth trying again */
                    "Retry-After"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "database_unavailable",
                     *       "detail": "What happened, in words for people",
                     *       "status": 503,
                     *       "title": "Service Unavailable",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_session: {
        parameters: {
            query?: {
                /** @description The tenant that an admin means (`default` if absent); also as the header `Posthorn-Tenant`. */
                tenant?: string;
            };
            header?: {
                /** @description The tenant that an admin means, as the parameter `tenant`. Where both are given they must agree. */
                "Posthorn-Tenant"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            /** @description There is no such key, or none was sent */
            401: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description `Bearer`; with `error="invalid_token"` where a key was sent that is no good */
                    "WWW-Authenticate"?: string;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "unauthorized",
                     *       "detail": "What happened, in words for people",
                     *       "status": 401,
                     *       "title": "Unauthorized",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key's role or tenant does not allow it */
            403: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "forbidden",
                     *       "detail": "What happened, in words for people",
                     *       "status": 403,
                     *       "title": "Forbidden",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something in the request cannot be; `errors` says what */
            422: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "validation_failed",
                     *       "detail": "What happened, in words for people",
                     *       "errors": [
                     *         {
                     *           "detail": "must be between 1 and 500",
                     *           "field": "limit"
                     *         }
                     *       ],
                     *       "status": 422,
                     *       "title": "Unprocessable Entity",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key has used up its requests for the moment */
            429: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Seconds after which it is worth trying again */
                    "Retry-After"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "rate_limited",
                     *       "detail": "What happened, in words for people",
                     *       "status": 429,
                     *       "title": "Too Many Requests",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A server behind the API is away (`queue_unavailable` is NATS), or the database is busy with other requests of the tenant; `server_busy`: no memory is left for the body */
            503: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Seconds after which it is worth trying again */
                    "Retry-After"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "database_unavailable",
                     *       "detail": "What happened, in words for people",
                     *       "status": 503,
                     *       "title": "Service Unavailable",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_statistics: {
        parameters: {
            query?: {
                /**
                 * @description Deliveries created from this moment on (24 hours before `until`). Whole buckets count: the answer says which.
                 * @example 2026-01-25T12:00:00Z
                 */
                since?: string;
                /**
                 * @description Deliveries created before this moment (now).
                 * @example 2026-01-26T12:00:00Z
                 */
                until?: string;
                /**
                 * @description How finely time is cut (`1h`). Buckets of `5m` reach back 48 hours, the others as far as deliveries are kept;
                 *     at most 1,000 of them.
                 */
                bucket?: "5m" | "1h" | "1d";
                /** @description The tenant that an admin means (`default` if absent); also as the header `Posthorn-Tenant`. */
                tenant?: string;
            };
            header?: {
                /** @description The tenant that an admin means, as the parameter `tenant`. Where both are given they must agree. */
                "Posthorn-Tenant"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Statistics"];
                };
            };
            /** @description There is no such key, or none was sent */
            401: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description `Bearer`; with `error="invalid_token"` where a key was sent that is no good */
                    "WWW-Authenticate"?: string;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "unauthorized",
                     *       "detail": "What happened, in words for people",
                     *       "status": 401,
                     *       "title": "Unauthorized",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key's role or tenant does not allow it */
            403: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "forbidden",
                     *       "detail": "What happened, in words for people",
                     *       "status": 403,
                     *       "title": "Forbidden",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something in the request cannot be; `errors` says what */
            422: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "validation_failed",
                     *       "detail": "What happened, in words for people",
                     *       "errors": [
                     *         {
                     *           "detail": "must be between 1 and 500",
                     *           "field": "limit"
                     *         }
                     *       ],
                     *       "status": 422,
                     *       "title": "Unprocessable Entity",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key has used up its requests for the moment */
            429: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Seconds after which it is worth trying again */
                    "Retry-After"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "rate_limited",
                     *       "detail": "What happened, in words for people",
                     *       "status": 429,
                     *       "title": "Too Many Requests",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A server behind the API is away (`queue_unavailable` is NATS), or the database is busy with other requests of the tenant; `server_busy`: no memory is left for the body */
            503: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Seconds after which it is worth trying again */
                    "Retry-After"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "database_unavailable",
                     *       "detail": "What happened, in words for people",
                     *       "status": 503,
                     *       "title": "Service Unavailable",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_tenants: {
        parameters: {
            query?: {
                /** @description Most to return, 1 to 500 (50). */
                limit?: number;
                /** @description How many to skip (0), at most 10,000; `cursor` reaches what lies deeper. */
                offset?: number;
                /** @description Only what comes behind this: the `next_cursor` of the page before. */
                cursor?: string;
                /** @description The tenant that an admin means (`default` if absent); also as the header `Posthorn-Tenant`. */
                tenant?: string;
            };
            header?: {
                /** @description The tenant that an admin means, as the parameter `tenant`. Where both are given they must agree. */
                "Posthorn-Tenant"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TenantList"];
                };
            };
            /** @description There is no such key, or none was sent */
            401: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description `Bearer`; with `error="invalid_token"` where a key was sent that is no good */
                    "WWW-Authenticate"?: string;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "unauthorized",
                     *       "detail": "What happened, in words for people",
                     *       "status": 401,
                     *       "title": "Unauthorized",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key's role or tenant does not allow it */
            403: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "forbidden",
                     *       "detail": "What happened, in words for people",
                     *       "status": 403,
                     *       "title": "Forbidden",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something in the request cannot be; `errors` says what */
            422: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "validation_failed",
                     *       "detail": "What happened, in words for people",
                     *       "errors": [
                     *         {
                     *           "detail": "must be between 1 and 500",
                     *           "field": "limit"
                     *         }
                     *       ],
                     *       "status": 422,
                     *       "title": "Unprocessable Entity",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key has used up its requests for the moment */
            429: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Seconds after which it is worth trying again */
                    "Retry-After"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "rate_limited",
                     *       "detail": "What happened, in words for people",
                     *       "status": 429,
                     *       "title": "Too Many Requests",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A server behind the API is away (`queue_unavailable` is NATS), or the database is busy with other requests of the tenant; `server_busy`: no memory is left for the body */
            503: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Seconds after which it is worth trying again */
                    "Retry-After"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "database_unavailable",
                     *       "detail": "What happened, in words for people",
                     *       "status": 503,
                     *       "title": "Service Unavailable",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    create_tenant: {
        parameters: {
            query?: {
                /** @description The tenant that an admin means (`default` if absent); also as the header `Posthorn-Tenant`. */
                tenant?: string;
            };
            header?: {
                /** @description The tenant that an admin means, as the parameter `tenant`. Where both are given they must agree. */
                "Posthorn-Tenant"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewTenant"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    /** @description The path of what was created */
                    Location?: string;
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Tenant"];
                };
            };
            /** @description The body is not JSON; `invalid_body`: it broke off */
            400: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "invalid_json",
                     *       "detail": "What happened, in words for people",
                     *       "status": 400,
                     *       "title": "Bad Request",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such key, or none was sent */
            401: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description `Bearer`; with `error="invalid_token"` where a key was sent that is no good */
                    "WWW-Authenticate"?: string;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "unauthorized",
                     *       "detail": "What happened, in words for people",
                     *       "status": 401,
                     *       "title": "Unauthorized",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key's role or tenant does not allow it */
            403: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "forbidden",
                     *       "detail": "What happened, in words for people",
                     *       "status": 403,
                     *       "title": "Forbidden",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body did not come in time */
            408: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "request_timeout",
                     *       "detail": "What happened, in words for people",
                     *       "status": 408,
                     *       "title": "Request Timeout",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `tenant_exists`, `tenant_being_deleted` */
            409: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large */
            413: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "payload_too_large",
                     *       "detail": "What happened, in words for people",
                     *       "status": 413,
                     *       "title": "Payload Too Large",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is of a type that is not read here */
            415: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "unsupported_media_type",
                     *       "detail": "What happened, in words for people",
                     *       "status": 415,
                     *       "title": "Unsupported Media Type",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something in the request cannot be; `errors` says what */
            422: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "validation_failed",
                     *       "detail": "What happened, in words for people",
                     *       "errors": [
                     *         {
                     *           "detail": "must be between 1 and 500",
                     *           "field": "limit"
                     *         }
                     *       ],
                     *       "status": 422,
                     *       "title": "Unprocessable Entity",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key has used up its requests for the moment */
            429: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Seconds after which it is worth trying again */
                    "Retry-After"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "rate_limited",
                     *       "detail": "What happened, in words for people",
                     *       "status": 429,
                     *       "title": "Too Many Requests",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A server behind the API is away (`queue_unavailable` is NATS), or the database is busy with other requests of the tenant; `server_busy`: no memory is left for the body */
            503: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Seconds after which it is worth trying again */
                    "Retry-After"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "database_unavailable",
                     *       "detail": "What happened, in words for people",
                     *       "status": 503,
                     *       "title": "Service Unavailable",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_tenant: {
        parameters: {
            query?: {
                /** @description The tenant that an admin means (`default` if absent); also as the header `Posthorn-Tenant`. */
                tenant?: string;
            };
            header?: {
                /** @description The tenant that an admin means, as the parameter `tenant`. Where both are given they must agree. */
                "Posthorn-Tenant"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Tenant"];
                };
            };
            /** @description There is no such key, or none was sent */
            401: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description `Bearer`; with `error="invalid_token"` where a key was sent that is no good */
                    "WWW-Authenticate"?: string;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "unauthorized",
                     *       "detail": "What happened, in words for people",
                     *       "status": 401,
                     *       "title": "Unauthorized",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key's role or tenant does not allow it */
            403: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "forbidden",
                     *       "detail": "What happened, in words for people",
                     *       "status": 403,
                     *       "title": "Forbidden",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it belongs to another tenant */
            404: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "tenant_not_found",
                     *       "detail": "What happened, in words for people",
                     *       "status": 404,
                     *       "title": "Not Found",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something in the request cannot be; `errors` says what */
            422: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "validation_failed",
                     *       "detail": "What happened, in words for people",
                     *       "errors": [
                     *         {
                     *           "detail": "must be between 1 and 500",
                     *           "field": "limit"
                     *         }
                     *       ],
                     *       "status": 422,
                     *       "title": "Unprocessable Entity",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key has used up its requests for the moment */
            429: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Seconds after which it is worth trying again */
                    "Retry-After"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "rate_limited",
                     *       "detail": "What happened, in words for people",
                     *       "status": 429,
                     *       "title": "Too Many Requests",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A server behind the API is away (`queue_unavailable` is NATS), or the database is busy with other requests of the tenant; `server_busy`: no memory is left for the body */
            503: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Seconds after which it is worth trying again */
                    "Retry-After"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "database_unavailable",
                     *       "detail": "What happened, in words for people",
                     *       "status": 503,
                     *       "title": "Service Unavailable",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_tenant: {
        parameters: {
            query?: {
                /** @description The tenant that an admin means (`default` if absent); also as the header `Posthorn-Tenant`. */
                tenant?: string;
            };
            header?: {
                /** @description The tenant that an admin means, as the parameter `tenant`. Where both are given they must agree. */
                "Posthorn-Tenant"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description There is no such key, or none was sent */
            401: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description `Bearer`; with `error="invalid_token"` where a key was sent that is no good */
                    "WWW-Authenticate"?: string;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "unauthorized",
                     *       "detail": "What happened, in words for people",
                     *       "status": 401,
                     *       "title": "Unauthorized",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key's role or tenant does not allow it */
            403: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "forbidden",
                     *       "detail": "What happened, in words for people",
                     *       "status": 403,
                     *       "title": "Forbidden",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it belongs to another tenant */
            404: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "tenant_not_found",
                     *       "detail": "What happened, in words for people",
                     *       "status": 404,
                     *       "title": "Not Found",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something in the request cannot be; `errors` says what */
            422: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "validation_failed",
                     *       "detail": "What happened, in words for people",
                     *       "errors": [
                     *         {
                     *           "detail": "must be between 1 and 500",
                     *           "field": "limit"
                     *         }
                     *       ],
                     *       "status": 422,
                     *       "title": "Unprocessable Entity",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key has used up its requests for the moment */
            429: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Seconds after which it is worth trying again */
                    "Retry-After"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "rate_limited",
                     *       "detail": "What happened, in words for people",
                     *       "status": 429,
                     *       "title": "Too Many Requests",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A server behind the API is away (`queue_unavailable` is NATS), or the database is busy with other requests of the tenant; `server_busy`: no memory is left for the body */
            503: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Seconds after which it is worth trying again */
                    "Retry-After"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "database_unavailable",
                     *       "detail": "What happened, in words for people",
                     *       "status": 503,
                     *       "title": "Service Unavailable",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    patch_tenant: {
        parameters: {
            query?: {
                /** @description The tenant that an admin means (`default` if absent); also as the header `Posthorn-Tenant`. */
                tenant?: string;
            };
            header?: {
                /** @description The tenant that an admin means, as the parameter `tenant`. Where both are given they must agree. */
                "Posthorn-Tenant"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TenantPatch"];
                "application/merge-patch+json": components["schemas"]["TenantPatch"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Tenant"];
                };
            };
            /** @description The body is not JSON; `invalid_body`: it broke off */
            400: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "invalid_json",
                     *       "detail": "What happened, in words for people",
                     *       "status": 400,
                     *       "title": "Bad Request",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such key, or none was sent */
            401: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description `Bearer`; with `error="invalid_token"` where a key was sent that is no good */
                    "WWW-Authenticate"?: string;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "unauthorized",
                     *       "detail": "What happened, in words for people",
                     *       "status": 401,
                     *       "title": "Unauthorized",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key's role or tenant does not allow it */
            403: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "forbidden",
                     *       "detail": "What happened, in words for people",
                     *       "status": 403,
                     *       "title": "Forbidden",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it belongs to another tenant */
            404: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "tenant_not_found",
                     *       "detail": "What happened, in words for people",
                     *       "status": 404,
                     *       "title": "Not Found",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body did not come in time */
            408: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "request_timeout",
                     *       "detail": "What happened, in words for people",
                     *       "status": 408,
                     *       "title": "Request Timeout",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large */
            413: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "payload_too_large",
                     *       "detail": "What happened, in words for people",
                     *       "status": 413,
                     *       "title": "Payload Too Large",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is of a type that is not read here */
            415: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "unsupported_media_type",
                     *       "detail": "What happened, in words for people",
                     *       "status": 415,
                     *       "title": "Unsupported Media Type",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something in the request cannot be; `errors` says what */
            422: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "validation_failed",
                     *       "detail": "What happened, in words for people",
                     *       "errors": [
                     *         {
                     *           "detail": "must be between 1 and 500",
                     *           "field": "limit"
                     *         }
                     *       ],
                     *       "status": 422,
                     *       "title": "Unprocessable Entity",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key has used up its requests for the moment */
            429: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Seconds after which it is worth trying again */
                    "Retry-After"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "rate_limited",
                     *       "detail": "What happened, in words for people",
                     *       "status": 429,
                     *       "title": "Too Many Requests",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A server behind the API is away (`queue_unavailable` is NATS), or the database is busy with other requests of the tenant; `server_busy`: no memory is left for the body */
            503: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Seconds after which it is worth trying again */
                    "Retry-After"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "database_unavailable",
                     *       "detail": "What happened, in words for people",
                     *       "status": 503,
                     *       "title": "Service Unavailable",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_webhooks: {
        parameters: {
            query?: {
                /** @description Enabled, or not. */
                enabled?: boolean;
                /** @description With a pattern that matches this type. */
                event_type?: string;
                /** @description With this text in their name or URL, whatever the case. */
                search?: string;
                /** @description Most to return, 1 to 500 (50). */
                limit?: number;
                /** @description How many to skip (0). */
                offset?: number;
                /** @description The tenant that an admin means (`default` if absent); also as the header `Posthorn-Tenant`. */
                tenant?: string;
            };
            header?: {
                /** @description The tenant that an admin means, as the parameter `tenant`. Where both are given they must agree. */
                "Posthorn-Tenant"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookList"];
                };
            };
            /** @description There is no such key, or none was sent */
            401: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description `Bearer`; with `error="invalid_token"` where a key was sent that is no good */
                    "WWW-Authenticate"?: string;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "unauthorized",
                     *       "detail": "What happened, in words for people",
                     *       "status": 401,
                     *       "title": "Unauthorized",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key's role or tenant does not allow it */
            403: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "forbidden",
                     *       "detail": "What happened, in words for people",
                     *       "status": 403,
                     *       "title": "Forbidden",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something in the request cannot be; `errors` says what */
            422: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "validation_failed",
                     *       "detail": "What happened, in words for people",
                     *       "errors": [
                     *         {
                     *           "detail": "must be between 1 and 500",
                     *           "field": "limit"
                     *         }
                     *       ],
                     *       "status": 422,
                     *       "title": "Unprocessable Entity",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key has used up its requests for the moment */
            429: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Seconds after which it is worth trying again */
                    "Retry-After"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "rate_limited",
                     *       "detail": "What happened, in words for people",
                     *       "status": 429,
                     *       "title": "Too Many Requests",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A server behind the API is away (`queue_unavailable` is NATS), or the database is busy with other requests of the tenant; `server_busy`: no memory is left for the body */
            503: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Seconds after which it is worth trying again */
                    "Retry-After"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "database_unavailable",
                     *       "detail": "What happened, in words for people",
                     *       "status": 503,
                     *       "title": "Service Unavailable",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    create_webhook: {
        parameters: {
            query?: {
                /** @description Refuse a URL at which nobody answers (false). */
                probe?: boolean;
                /** @description The tenant that an admin means (`default` if absent); also as the header `Posthorn-Tenant`. */
                tenant?: string;
            };
            header?: {
                /** @description The tenant that an admin means, as the parameter `tenant`. Where both are given they must agree. */
                "Posthorn-Tenant"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WebhookInput"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    /** @description The state that is answered, for `If-Match` and `If-None-Match` */
                    ETag?: string;
                    /** @description The path of what was created */
                    Location?: string;
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CreatedWebhook"];
                };
            };
            /** @description The body is not JSON; `invalid_body`: it broke off */
            400: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "invalid_json",
                     *       "detail": "What happened, in words for people",
                     *       "status": 400,
                     *       "title": "Bad Request",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such key, or none was sent */
            401: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description `Bearer`; with `error="invalid_token"` where a key was sent that is no good */
                    "WWW-Authenticate"?: string;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "unauthorized",
                     *       "detail": "What happened, in words for people",
                     *       "status": 401,
                     *       "title": "Unauthorized",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key's role or tenant does not allow it */
            403: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "forbidden",
                     *       "detail": "What happened, in words for people",
                     *       "status": 403,
                     *       "title": "Forbidden",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body did not come in time */
            408: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "request_timeout",
                     *       "detail": "What happened, in words for people",
                     *       "status": 408,
                     *       "title": "Request Timeout",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `tenant_being_deleted`: nothing can be made of the tenant until nothing is left of it */
            409: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large */
            413: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "payload_too_large",
                     *       "detail": "What happened, in words for people",
                     *       "status": 413,
                     *       "title": "Payload Too Large",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is of a type that is not read here */
            415: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "unsupported_media_type",
                     *       "detail": "What happened, in words for people",
                     *       "status": 415,
                     *       "title": "Unsupported Media Type",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something in the request cannot be; `errors` says what. `too_many_webhooks`: the tenant has as many as it may. `invalid_webhook_url`, `webhook_url_unreachable`: its URL */
            422: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "validation_failed",
                     *       "detail": "What happened, in words for people",
                     *       "errors": [
                     *         {
                     *           "detail": "must be between 1 and 500",
                     *           "field": "limit"
                     *         }
                     *       ],
                     *       "status": 422,
                     *       "title": "Unprocessable Entity",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key has used up its requests for the moment */
            429: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Seconds after which it is worth trying again */
                    "Retry-After"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "rate_limited",
                     *       "detail": "What happened, in words for people",
                     *       "status": 429,
                     *       "title": "Too Many Requests",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A server behind the API is away (`queue_unavailable` is NATS), or the database is busy with other requests of the tenant; `server_busy`: no memory is left for the body */
            503: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Seconds after which it is worth trying again */
                    "Retry-After"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "database_unavailable",
                     *       "detail": "What happened, in words for people",
                     *       "status": 503,
                     *       "title": "Service Unavailable",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_webhook_activity: {
        parameters: {
            query?: {
                /**
                 * @description These, separated by commas; at most 100. All of the tenant if absent.
                 * @example 01983f9c-2b6d-7c3e-9f10-4a5b6c7d8e9f
                 */
                ids?: string;
                /** @description True: only those with which something is wrong. */
                troubled?: boolean;
                /** @description Most to return, 1 to 500 (50). */
                limit?: number;
                /** @description How many to skip (0). */
                offset?: number;
                /** @description The tenant that an admin means (`default` if absent); also as the header `Posthorn-Tenant`. */
                tenant?: string;
            };
            header?: {
                /** @description The tenant that an admin means, as the parameter `tenant`. Where both are given they must agree. */
                "Posthorn-Tenant"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookActivityList"];
                };
            };
            /** @description There is no such key, or none was sent */
            401: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description `Bearer`; with `error="invalid_token"` where a key was sent that is no good */
                    "WWW-Authenticate"?: string;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "unauthorized",
                     *       "detail": "What happened, in words for people",
                     *       "status": 401,
                     *       "title": "Unauthorized",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key's role or tenant does not allow it */
            403: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "forbidden",
                     *       "detail": "What happened, in words for people",
                     *       "status": 403,
                     *       "title": "Forbidden",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something in the request cannot be; `errors` says what */
            422: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "validation_failed",
                     *       "detail": "What happened, in words for people",
                     *       "errors": [
                     *         {
                     *           "detail": "must be between 1 and 500",
                     *           "field": "limit"
                     *         }
                     *       ],
                     *       "status": 422,
                     *       "title": "Unprocessable Entity",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key has used up its requests for the moment */
            429: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Seconds after which it is worth trying again */
                    "Retry-After"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "rate_limited",
                     *       "detail": "What happened, in words for people",
                     *       "status": 429,
                     *       "title": "Too Many Requests",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A server behind the API is away (`queue_unavailable` is NATS), or the database is busy with other requests of the tenant; `server_busy`: no memory is left for the body */
            503: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Seconds after which it is worth trying again */
                    "Retry-After"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "database_unavailable",
                     *       "detail": "What happened, in words for people",
                     *       "status": 503,
                     *       "title": "Service Unavailable",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_available_events: {
        parameters: {
            query?: {
                /** @description Also those that are in no catalogue, but were published within the last seven days; at most 500 (false). */
                seen?: boolean;
                /** @description The tenant that an admin means (`default` if absent); also as the header `Posthorn-Tenant`. */
                tenant?: string;
            };
            header?: {
                /** @description The tenant that an admin means, as the parameter `tenant`. Where both are given they must agree. */
                "Posthorn-Tenant"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AvailableEvents"];
                };
            };
            /** @description There is no such key, or none was sent */
            401: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description `Bearer`; with `error="invalid_token"` where a key was sent that is no good */
                    "WWW-Authenticate"?: string;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "unauthorized",
                     *       "detail": "What happened, in words for people",
                     *       "status": 401,
                     *       "title": "Unauthorized",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key's role or tenant does not allow it */
            403: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "forbidden",
                     *       "detail": "What happened, in words for people",
                     *       "status": 403,
                     *       "title": "Forbidden",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something in the request cannot be; `errors` says what */
            422: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "validation_failed",
                     *       "detail": "What happened, in words for people",
                     *       "errors": [
                     *         {
                     *           "detail": "must be between 1 and 500",
                     *           "field": "limit"
                     *         }
                     *       ],
                     *       "status": 422,
                     *       "title": "Unprocessable Entity",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key has used up its requests for the moment */
            429: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Seconds after which it is worth trying again */
                    "Retry-After"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "rate_limited",
                     *       "detail": "What happened, in words for people",
                     *       "status": 429,
                     *       "title": "Too Many Requests",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A server behind the API is away (`queue_unavailable` is NATS), or the database is busy with other requests of the tenant; `server_busy`: no memory is left for the body */
            503: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Seconds after which it is worth trying again */
                    "Retry-After"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "database_unavailable",
                     *       "detail": "What happened, in words for people",
                     *       "status": 503,
                     *       "title": "Service Unavailable",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_webhook_health: {
        parameters: {
            query?: {
                /** @description The tenant that an admin means (`default` if absent); also as the header `Posthorn-Tenant`. */
                tenant?: string;
            };
            header?: {
                /** @description The tenant that an admin means, as the parameter `tenant`. Where both are given they must agree. */
                "Posthorn-Tenant"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookHealth"];
                };
            };
            /** @description There is no such key, or none was sent */
            401: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description `Bearer`; with `error="invalid_token"` where a key was sent that is no good */
                    "WWW-Authenticate"?: string;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "unauthorized",
                     *       "detail": "What happened, in words for people",
                     *       "status": 401,
                     *       "title": "Unauthorized",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key's role or tenant does not allow it */
            403: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "forbidden",
                     *       "detail": "What happened, in words for people",
                     *       "status": 403,
                     *       "title": "Forbidden",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something in the request cannot be; `errors` says what */
            422: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "validation_failed",
                     *       "detail": "What happened, in words for people",
                     *       "errors": [
                     *         {
                     *           "detail": "must be between 1 and 500",
                     *           "field": "limit"
                     *         }
                     *       ],
                     *       "status": 422,
                     *       "title": "Unprocessable Entity",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key has used up its requests for the moment */
            429: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Seconds after which it is worth trying again */
                    "Retry-After"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "rate_limited",
                     *       "detail": "What happened, in words for people",
                     *       "status": 429,
                     *       "title": "Too Many Requests",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A server behind the API is away (`queue_unavailable` is NATS), or the database is busy with other requests of the tenant; `server_busy`: no memory is left for the body */
            503: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Seconds after which it is worth trying again */
                    "Retry-After"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "database_unavailable",
                     *       "detail": "What happened, in words for people",
                     *       "status": 503,
                     *       "title": "Service Unavailable",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    preview_webhook: {
        parameters: {
            query?: {
                /** @description The tenant that an admin means (`default` if absent); also as the header `Posthorn-Tenant`. */
                tenant?: string;
            };
            header?: {
                /** @description The tenant that an admin means, as the parameter `tenant`. Where both are given they must agree. */
                "Posthorn-Tenant"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WebhookPreview"];
            };
        };
        responses: {
            /** @description What would be sent */
            200: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookPreviewResult"];
                };
            };
            /** @description The body is not JSON; `invalid_body`: it broke off */
            400: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "invalid_json",
                     *       "detail": "What happened, in words for people",
                     *       "status": 400,
                     *       "title": "Bad Request",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such key, or none was sent */
            401: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description `Bearer`; with `error="invalid_token"` where a key was sent that is no good */
                    "WWW-Authenticate"?: string;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "unauthorized",
                     *       "detail": "What happened, in words for people",
                     *       "status": 401,
                     *       "title": "Unauthorized",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key's role or tenant does not allow it */
            403: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "forbidden",
                     *       "detail": "What happened, in words for people",
                     *       "status": 403,
                     *       "title": "Forbidden",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `webhook_not_found`, `event_not_found`: there is none with the id that was given */
            404: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body did not come in time */
            408: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "request_timeout",
                     *       "detail": "What happened, in words for people",
                     *       "status": 408,
                     *       "title": "Request Timeout",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large */
            413: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "payload_too_large",
                     *       "detail": "What happened, in words for people",
                     *       "status": 413,
                     *       "title": "Payload Too Large",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is of a type that is not read here */
            415: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "unsupported_media_type",
                     *       "detail": "What happened, in words for people",
                     *       "status": 415,
                     *       "title": "Unsupported Media Type",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something in the request cannot be; `errors` says what */
            422: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "validation_failed",
                     *       "detail": "What happened, in words for people",
                     *       "errors": [
                     *         {
                     *           "detail": "must be between 1 and 500",
                     *           "field": "limit"
                     *         }
                     *       ],
                     *       "status": 422,
                     *       "title": "Unprocessable Entity",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key has used up its requests for the moment */
            429: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Seconds after which it is worth trying again */
                    "Retry-After"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "rate_limited",
                     *       "detail": "What happened, in words for people",
                     *       "status": 429,
                     *       "title": "Too Many Requests",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A server behind the API is away (`queue_unavailable` is NATS), or the database is busy with other requests of the tenant; `server_busy`: no memory is left for the body */
            503: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Seconds after which it is worth trying again */
                    "Retry-After"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "database_unavailable",
                     *       "detail": "What happened, in words for people",
                     *       "status": 503,
                     *       "title": "Service Unavailable",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    probe_url: {
        parameters: {
            query?: {
                /** @description The tenant that an admin means (`default` if absent); also as the header `Posthorn-Tenant`. */
                tenant?: string;
            };
            header?: {
                /** @description The tenant that an admin means, as the parameter `tenant`. Where both are given they must agree. */
                "Posthorn-Tenant"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Probe"];
            };
        };
        responses: {
            /** @description The request was made, whatever came of it */
            200: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProbeResult"];
                };
            };
            /** @description The body is not JSON; `invalid_body`: it broke off */
            400: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "invalid_json",
                     *       "detail": "What happened, in words for people",
                     *       "status": 400,
                     *       "title": "Bad Request",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such key, or none was sent */
            401: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description `Bearer`; with `error="invalid_token"` where a key was sent that is no good */
                    "WWW-Authenticate"?: string;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "unauthorized",
                     *       "detail": "What happened, in words for people",
                     *       "status": 401,
                     *       "title": "Unauthorized",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key's role or tenant does not allow it */
            403: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "forbidden",
                     *       "detail": "What happened, in words for people",
                     *       "status": 403,
                     *       "title": "Forbidden",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body did not come in time */
            408: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "request_timeout",
                     *       "detail": "What happened, in words for people",
                     *       "status": 408,
                     *       "title": "Request Timeout",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large */
            413: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "payload_too_large",
                     *       "detail": "What happened, in words for people",
                     *       "status": 413,
                     *       "title": "Payload Too Large",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is of a type that is not read here */
            415: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "unsupported_media_type",
                     *       "detail": "What happened, in words for people",
                     *       "status": 415,
                     *       "title": "Unsupported Media Type",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something in the request cannot be; `errors` says what */
            422: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "validation_failed",
                     *       "detail": "What happened, in words for people",
                     *       "errors": [
                     *         {
                     *           "detail": "must be between 1 and 500",
                     *           "field": "limit"
                     *         }
                     *       ],
                     *       "status": 422,
                     *       "title": "Unprocessable Entity",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key has used up its requests for the moment */
            429: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Seconds after which it is worth trying again */
                    "Retry-After"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "rate_limited",
                     *       "detail": "What happened, in words for people",
                     *       "status": 429,
                     *       "title": "Too Many Requests",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A server behind the API is away (`queue_unavailable` is NATS), or the database is busy with other requests of the tenant; `server_busy`: no memory is left for the body */
            503: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Seconds after which it is worth trying again */
                    "Retry-After"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "database_unavailable",
                     *       "detail": "What happened, in words for people",
                     *       "status": 503,
                     *       "title": "Service Unavailable",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_webhook: {
        parameters: {
            query?: {
                /** @description The tenant that an admin means (`default` if absent); also as the header `Posthorn-Tenant`. */
                tenant?: string;
            };
            header?: {
                /**
                 * @description The `ETag` of an earlier answer: 304 without a body where it still holds.
                 * @example "7"
                 */
                "If-None-Match"?: string | null;
                /** @description The tenant that an admin means, as the parameter `tenant`. Where both are given they must agree. */
                "Posthorn-Tenant"?: string;
            };
            path: {
                id: components["schemas"]["WebhookId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    /** @description The state that is answered, for `If-Match` and `If-None-Match` */
                    ETag?: string;
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Webhook"];
                };
            };
            /** @description The client has it as it is */
            304: {
                headers: {
                    /** @description The state that is answered, for `If-Match` and `If-None-Match` */
                    ETag?: string;
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description There is no such key, or none was sent */
            401: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description `Bearer`; with `error="invalid_token"` where a key was sent that is no good */
                    "WWW-Authenticate"?: string;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "unauthorized",
                     *       "detail": "What happened, in words for people",
                     *       "status": 401,
                     *       "title": "Unauthorized",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key's role or tenant does not allow it */
            403: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "forbidden",
                     *       "detail": "What happened, in words for people",
                     *       "status": 403,
                     *       "title": "Forbidden",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it belongs to another tenant */
            404: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "webhook_not_found",
                     *       "detail": "What happened, in words for people",
                     *       "status": 404,
                     *       "title": "Not Found",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something in the request cannot be; `errors` says what */
            422: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "validation_failed",
                     *       "detail": "What happened, in words for people",
                     *       "errors": [
                     *         {
                     *           "detail": "must be between 1 and 500",
                     *           "field": "limit"
                     *         }
                     *       ],
                     *       "status": 422,
                     *       "title": "Unprocessable Entity",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key has used up its requests for the moment */
            429: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Seconds after which it is worth trying again */
                    "Retry-After"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "rate_limited",
                     *       "detail": "What happened, in words for people",
                     *       "status": 429,
                     *       "title": "Too Many Requests",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A server behind the API is away (`queue_unavailable` is NATS), or the database is busy with other requests of the tenant; `server_busy`: no memory is left for the body */
            503: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Seconds after which it is worth trying again */
                    "Retry-After"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "database_unavailable",
                     *       "detail": "What happened, in words for people",
                     *       "status": 503,
                     *       "title": "Service Unavailable",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    replace_webhook: {
        parameters: {
            query?: {
                /** @description Refuse a URL at which nobody answers (false). */
                probe?: boolean;
                /** @description The tenant that an admin means (`default` if absent); also as the header `Posthorn-Tenant`. */
                tenant?: string;
            };
            header?: {
                /**
                 * @description The `ETag` that it must still have, or 412. `*` and absence mean any.
                 * @example "7"
                 */
                "If-Match"?: string | null;
                /** @description The tenant that an admin means, as the parameter `tenant`. Where both are given they must agree. */
                "Posthorn-Tenant"?: string;
            };
            path: {
                id: components["schemas"]["WebhookId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WebhookInput"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    /** @description The state that is answered, for `If-Match` and `If-None-Match` */
                    ETag?: string;
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Webhook"];
                };
            };
            /** @description The body is not JSON; `invalid_body`: it broke off */
            400: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "invalid_json",
                     *       "detail": "What happened, in words for people",
                     *       "status": 400,
                     *       "title": "Bad Request",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such key, or none was sent */
            401: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description `Bearer`; with `error="invalid_token"` where a key was sent that is no good */
                    "WWW-Authenticate"?: string;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "unauthorized",
                     *       "detail": "What happened, in words for people",
                     *       "status": 401,
                     *       "title": "Unauthorized",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key's role or tenant does not allow it */
            403: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "forbidden",
                     *       "detail": "What happened, in words for people",
                     *       "status": 403,
                     *       "title": "Forbidden",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it belongs to another tenant */
            404: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "webhook_not_found",
                     *       "detail": "What happened, in words for people",
                     *       "status": 404,
                     *       "title": "Not Found",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body did not come in time */
            408: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "request_timeout",
                     *       "detail": "What happened, in words for people",
                     *       "status": 408,
                     *       "title": "Request Timeout",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It does not have this `ETag` any more */
            412: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "webhook_changed",
                     *       "detail": "What happened, in words for people",
                     *       "status": 412,
                     *       "title": "Precondition Failed",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large */
            413: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "payload_too_large",
                     *       "detail": "What happened, in words for people",
                     *       "status": 413,
                     *       "title": "Payload Too Large",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is of a type that is not read here */
            415: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "unsupported_media_type",
                     *       "detail": "What happened, in words for people",
                     *       "status": 415,
                     *       "title": "Unsupported Media Type",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something in the request cannot be; `errors` says what */
            422: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "validation_failed",
                     *       "detail": "What happened, in words for people",
                     *       "errors": [
                     *         {
                     *           "detail": "must be between 1 and 500",
                     *           "field": "limit"
                     *         }
                     *       ],
                     *       "status": 422,
                     *       "title": "Unprocessable Entity",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key has used up its requests for the moment */
            429: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Seconds after which it is worth trying again */
                    "Retry-After"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "rate_limited",
                     *       "detail": "What happened, in words for people",
                     *       "status": 429,
                     *       "title": "Too Many Requests",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A server behind the API is away (`queue_unavailable` is NATS), or the database is busy with other requests of the tenant; `server_busy`: no memory is left for the body */
            503: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Seconds after which it is worth trying again */
                    "Retry-After"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "database_unavailable",
                     *       "detail": "What happened, in words for people",
                     *       "status": 503,
                     *       "title": "Service Unavailable",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_webhook: {
        parameters: {
            query?: {
                /** @description The tenant that an admin means (`default` if absent); also as the header `Posthorn-Tenant`. */
                tenant?: string;
            };
            header?: {
                /**
                 * @description The `ETag` that it must still have, or 412. `*` and absence mean any.
                 * @example "7"
                 */
                "If-Match"?: string | null;
                /** @description The tenant that an admin means, as the parameter `tenant`. Where both are given they must agree. */
                "Posthorn-Tenant"?: string;
            };
            path: {
                id: components["schemas"]["WebhookId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description There is no such key, or none was sent */
            401: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description `Bearer`; with `error="invalid_token"` where a key was sent that is no good */
                    "WWW-Authenticate"?: string;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "unauthorized",
                     *       "detail": "What happened, in words for people",
                     *       "status": 401,
                     *       "title": "Unauthorized",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key's role or tenant does not allow it */
            403: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "forbidden",
                     *       "detail": "What happened, in words for people",
                     *       "status": 403,
                     *       "title": "Forbidden",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it belongs to another tenant */
            404: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "webhook_not_found",
                     *       "detail": "What happened, in words for people",
                     *       "status": 404,
                     *       "title": "Not Found",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It does not have this `ETag` any more */
            412: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "webhook_changed",
                     *       "detail": "What happened, in words for people",
                     *       "status": 412,
                     *       "title": "Precondition Failed",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something in the request cannot be; `errors` says what */
            422: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "validation_failed",
                     *       "detail": "What happened, in words for people",
                     *       "errors": [
                     *         {
                     *           "detail": "must be between 1 and 500",
                     *           "field": "limit"
                     *         }
                     *       ],
                     *       "status": 422,
                     *       "title": "Unprocessable Entity",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key has used up its requests for the moment */
            429: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Seconds after which it is worth trying again */
                    "Retry-After"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "rate_limited",
                     *       "detail": "What happened, in words for people",
                     *       "status": 429,
                     *       "title": "Too Many Requests",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A server behind the API is away (`queue_unavailable` is NATS), or the database is busy with other requests of the tenant; `server_busy`: no memory is left for the body */
            503: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Seconds after which it is worth trying again */
                    "Retry-After"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "database_unavailable",
                     *       "detail": "What happened, in words for people",
                     *       "status": 503,
                     *       "title": "Service Unavailable",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    patch_webhook: {
        parameters: {
            query?: {
                /** @description Refuse a URL at which nobody answers (false). */
                probe?: boolean;
                /** @description The tenant that an admin means (`default` if absent); also as the header `Posthorn-Tenant`. */
                tenant?: string;
            };
            header?: {
                /**
                 * @description The `ETag` that it must still have, or 412. `*` and absence mean any.
                 * @example "7"
                 */
                "If-Match"?: string | null;
                /** @description The tenant that an admin means, as the parameter `tenant`. Where both are given they must agree. */
                "Posthorn-Tenant"?: string;
            };
            path: {
                id: components["schemas"]["WebhookId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WebhookPatch"];
                "application/merge-patch+json": components["schemas"]["WebhookPatch"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    /** @description The state that is answered, for `If-Match` and `If-None-Match` */
                    ETag?: string;
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Webhook"];
                };
            };
            /** @description The body is not JSON; `invalid_body`: it broke off */
            400: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "invalid_json",
                     *       "detail": "What happened, in words for people",
                     *       "status": 400,
                     *       "title": "Bad Request",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such key, or none was sent */
            401: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description `Bearer`; with `error="invalid_token"` where a key was sent that is no good */
                    "WWW-Authenticate"?: string;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "unauthorized",
                     *       "detail": "What happened, in words for people",
                     *       "status": 401,
                     *       "title": "Unauthorized",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key's role or tenant does not allow it */
            403: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "forbidden",
                     *       "detail": "What happened, in words for people",
                     *       "status": 403,
                     *       "title": "Forbidden",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it belongs to another tenant */
            404: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "webhook_not_found",
                     *       "detail": "What happened, in words for people",
                     *       "status": 404,
                     *       "title": "Not Found",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body did not come in time */
            408: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "request_timeout",
                     *       "detail": "What happened, in words for people",
                     *       "status": 408,
                     *       "title": "Request Timeout",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It does not have this `ETag` any more */
            412: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "webhook_changed",
                     *       "detail": "What happened, in words for people",
                     *       "status": 412,
                     *       "title": "Precondition Failed",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large */
            413: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "payload_too_large",
                     *       "detail": "What happened, in words for people",
                     *       "status": 413,
                     *       "title": "Payload Too Large",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is of a type that is not read here */
            415: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "unsupported_media_type",
                     *       "detail": "What happened, in words for people",
                     *       "status": 415,
                     *       "title": "Unsupported Media Type",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something in the request cannot be; `errors` says what */
            422: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "validation_failed",
                     *       "detail": "What happened, in words for people",
                     *       "errors": [
                     *         {
                     *           "detail": "must be between 1 and 500",
                     *           "field": "limit"
                     *         }
                     *       ],
                     *       "status": 422,
                     *       "title": "Unprocessable Entity",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key has used up its requests for the moment */
            429: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Seconds after which it is worth trying again */
                    "Retry-After"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "rate_limited",
                     *       "detail": "What happened, in words for people",
                     *       "status": 429,
                     *       "title": "Too Many Requests",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A server behind the API is away (`queue_unavailable` is NATS), or the database is busy with other requests of the tenant; `server_busy`: no memory is left for the body */
            503: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Seconds after which it is worth trying again */
                    "Retry-After"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "database_unavailable",
                     *       "detail": "What happened, in words for people",
                     *       "status": 503,
                     *       "title": "Service Unavailable",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_webhook_deliveries: {
        parameters: {
            query?: {
                /** @description In this state. */
                status?: string;
                /** @description To this webhook. */
                webhook_id?: string;
                /** @description Of events of this type, whoever publishes it. */
                event_type?: string;
                /**
                 * @description With `true`, also those of events that Posthorn publishes itself: `webhook.failing`, `webhook.recovered`,
                 *     `webhook.disabled` and `delivery.exhausted` (false).
                 */
                operational?: boolean;
                /** @description Of this event. */
                event_id?: string;
                /** @description Of events accepted from this moment on. */
                since?: string;
                /** @description Of events accepted before this moment. */
                until?: string;
                /** @description Most to return, 1 to 500 (50). */
                limit?: number;
                /** @description How many to skip (0), at most 10,000; `cursor` reaches what lies deeper. */
                offset?: number;
                /** @description `next_cursor` of the page before; stays fast however deep the page. */
                cursor?: string;
                /** @description The tenant that an admin means (`default` if absent); also as the header `Posthorn-Tenant`. */
                tenant?: string;
            };
            header?: {
                /** @description The tenant that an admin means, as the parameter `tenant`. Where both are given they must agree. */
                "Posthorn-Tenant"?: string;
            };
            path: {
                id: components["schemas"]["WebhookId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeliveryList"];
                };
            };
            /** @description There is no such key, or none was sent */
            401: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description `Bearer`; with `error="invalid_token"` where a key was sent that is no good */
                    "WWW-Authenticate"?: string;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "unauthorized",
                     *       "detail": "What happened, in words for people",
                     *       "status": 401,
                     *       "title": "Unauthorized",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key's role or tenant does not allow it */
            403: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "forbidden",
                     *       "detail": "What happened, in words for people",
                     *       "status": 403,
                     *       "title": "Forbidden",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it belongs to another tenant */
            404: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "webhook_not_found",
                     *       "detail": "What happened, in words for people",
                     *       "status": 404,
                     *       "title": "Not Found",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something in the request cannot be; `errors` says what */
            422: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "validation_failed",
                     *       "detail": "What happened, in words for people",
                     *       "errors": [
                     *         {
                     *           "detail": "must be between 1 and 500",
                     *           "field": "limit"
                     *         }
                     *       ],
                     *       "status": 422,
                     *       "title": "Unprocessable Entity",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key has used up its requests for the moment */
            429: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Seconds after which it is worth trying again */
                    "Retry-After"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "rate_limited",
                     *       "detail": "What happened, in words for people",
                     *       "status": 429,
                     *       "title": "Too Many Requests",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A server behind the API is away (`queue_unavailable` is NATS), or the database is busy with other requests of the tenant; `server_busy`: no memory is left for the body */
            503: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Seconds after which it is worth trying again */
                    "Retry-After"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "database_unavailable",
                     *       "detail": "What happened, in words for people",
                     *       "status": 503,
                     *       "title": "Service Unavailable",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    export_webhook_deliveries: {
        parameters: {
            query?: {
                /** @description `csv` (the default) or `ndjson`: a JSON object in each line. */
                format?: "csv" | "ndjson";
                /** @description In this state. */
                status?: "pending" | "success" | "retrying" | "failed";
                /** @description To this webhook. */
                webhook_id?: string;
                /**
                 * @description Of events of this type, whoever publishes it.
                 * @example user.created
                 */
                event_type?: string;
                /**
                 * @description With `true`, also those of events that Posthorn publishes itself: `webhook.failing`, `webhook.recovered`,
                 *     `webhook.disabled` and `delivery.exhausted` (false).
                 */
                operational?: boolean;
                /** @description Of this event. */
                event_id?: string;
                /** @description Of events accepted from this moment on. */
                since?: string;
                /** @description Of events accepted before this moment. */
                until?: string;
                /** @description The tenant that an admin means (`default` if absent); also as the header `Posthorn-Tenant`. */
                tenant?: string;
            };
            header?: {
                /** @description The tenant that an admin means, as the parameter `tenant`. Where both are given they must agree. */
                "Posthorn-Tenant"?: string;
            };
            path: {
                id: components["schemas"]["WebhookId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The deliveries */
            200: {
                headers: {
                    /** @description `attachment`, with the name of the file */
                    "Content-Disposition"?: string;
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "text/csv": string;
                    "application/x-ndjson": string;
                };
            };
            /** @description There is no such key, or none was sent */
            401: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description `Bearer`; with `error="invalid_token"` where a key was sent that is no good */
                    "WWW-Authenticate"?: string;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "unauthorized",
                     *       "detail": "What happened, in words for people",
                     *       "status": 401,
                     *       "title": "Unauthorized",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key's role or tenant does not allow it */
            403: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "forbidden",
                     *       "detail": "What happened, in words for people",
                     *       "status": 403,
                     *       "title": "Forbidden",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it belongs to another tenant */
            404: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "webhook_not_found",
                     *       "detail": "What happened, in words for people",
                     *       "status": 404,
                     *       "title": "Not Found",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something in the request cannot be; `errors` says what */
            422: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "validation_failed",
                     *       "detail": "What happened, in words for people",
                     *       "errors": [
                     *         {
                     *           "detail": "must be between 1 and 500",
                     *           "field": "limit"
                     *         }
                     *       ],
                     *       "status": 422,
                     *       "title": "Unprocessable Entity",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key has used up its requests for the moment */
            429: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Seconds after which it is worth trying again */
                    "Retry-After"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "rate_limited",
                     *       "detail": "What happened, in words for people",
                     *       "status": 429,
                     *       "title": "Too Many Requests",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A server behind the API is away (`queue_unavailable` is NATS), or the database is busy with other requests of the tenant; `server_busy`: no memory is left for the body */
            503: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Seconds after which it is worth trying again */
                    "Retry-After"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "database_unavailable",
                     *       "detail": "What happened, in words for people",
                     *       "status": 503,
                     *       "title": "Service Unavailable",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    disable_webhook: {
        parameters: {
            query?: {
                /** @description The tenant that an admin means (`default` if absent); also as the header `Posthorn-Tenant`. */
                tenant?: string;
            };
            header?: {
                /**
                 * @description The `ETag` that it must still have, or 412. `*` and absence mean any.
                 * @example "7"
                 */
                "If-Match"?: string | null;
                /** @description The tenant that an admin means, as the parameter `tenant`. Where both are given they must agree. */
                "Posthorn-Tenant"?: string;
            };
            path: {
                id: components["schemas"]["WebhookId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    /** @description The state that is answered, for `If-Match` and `If-None-Match` */
                    ETag?: string;
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Webhook"];
                };
            };
            /** @description There is no such key, or none was sent */
            401: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description `Bearer`; with `error="invalid_token"` where a key was sent that is no good */
                    "WWW-Authenticate"?: string;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "unauthorized",
                     *       "detail": "What happened, in words for people",
                     *       "status": 401,
                     *       "title": "Unauthorized",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key's role or tenant does not allow it */
            403: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "forbidden",
                     *       "detail": "What happened, in words for people",
                     *       "status": 403,
                     *       "title": "Forbidden",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it belongs to another tenant */
            404: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "webhook_not_found",
                     *       "detail": "What happened, in words for people",
                     *       "status": 404,
                     *       "title": "Not Found",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It does not have this `ETag` any more */
            412: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "webhook_changed",
                     *       "detail": "What happened, in words for people",
                     *       "status": 412,
                     *       "title": "Precondition Failed",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something in the request cannot be; `errors` says what */
            422: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "validation_failed",
                     *       "detail": "What happened, in words for people",
                     *       "errors": [
                     *         {
                     *           "detail": "must be between 1 and 500",
                     *           "field": "limit"
                     *         }
                     *       ],
                     *       "status": 422,
                     *       "title": "Unprocessable Entity",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key has used up its requests for the moment */
            429: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Seconds after which it is worth trying again */
                    "Retry-After"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "rate_limited",
                     *       "detail": "What happened, in words for people",
                     *       "status": 429,
                     *       "title": "Too Many Requests",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A server behind the API is away (`queue_unavailable` is NATS), or the database is busy with other requests of the tenant; `server_busy`: no memory is left for the body */
            503: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Seconds after which it is worth trying again */
                    "Retry-After"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "database_unavailable",
                     *       "detail": "What happened, in words for people",
                     *       "status": 503,
                     *       "title": "Service Unavailable",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    enable_webhook: {
        parameters: {
            query?: {
                /** @description The tenant that an admin means (`default` if absent); also as the header `Posthorn-Tenant`. */
                tenant?: string;
            };
            header?: {
                /**
                 * @description The `ETag` that it must still have, or 412. `*` and absence mean any.
                 * @example "7"
                 */
                "If-Match"?: string | null;
                /** @description The tenant that an admin means, as the parameter `tenant`. Where both are given they must agree. */
                "Posthorn-Tenant"?: string;
            };
            path: {
                id: components["schemas"]["WebhookId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    /** @description The state that is answered, for `If-Match` and `If-None-Match` */
                    ETag?: string;
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Webhook"];
                };
            };
            /** @description There is no such key, or none was sent */
            401: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description `Bearer`; with `error="invalid_token"` where a key was sent that is no good */
                    "WWW-Authenticate"?: string;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "unauthorized",
                     *       "detail": "What happened, in words for people",
                     *       "status": 401,
                     *       "title": "Unauthorized",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key's role or tenant does not allow it */
            403: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "forbidden",
                     *       "detail": "What happened, in words for people",
                     *       "status": 403,
                     *       "title": "Forbidden",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it belongs to another tenant */
            404: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "webhook_not_found",
                     *       "detail": "What happened, in words for people",
                     *       "status": 404,
                     *       "title": "Not Found",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It does not have this `ETag` any more */
            412: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "webhook_changed",
                     *       "detail": "What happened, in words for people",
                     *       "status": 412,
                     *       "title": "Precondition Failed",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something in the request cannot be; `errors` says what */
            422: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "validation_failed",
                     *       "detail": "What happened, in words for people",
                     *       "errors": [
                     *         {
                     *           "detail": "must be between 1 and 500",
                     *           "field": "limit"
                     *         }
                     *       ],
                     *       "status": 422,
                     *       "title": "Unprocessable Entity",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key has used up its requests for the moment */
            429: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Seconds after which it is worth trying again */
                    "Retry-After"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "rate_limited",
                     *       "detail": "What happened, in words for people",
                     *       "status": 429,
                     *       "title": "Too Many Requests",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A server behind the API is away (`queue_unavailable` is NATS), or the database is busy with other requests of the tenant; `server_busy`: no memory is left for the body */
            503: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Seconds after which it is worth trying again */
                    "Retry-After"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "database_unavailable",
                     *       "detail": "What happened, in words for people",
                     *       "status": 503,
                     *       "title": "Service Unavailable",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_webhook_gate: {
        parameters: {
            query?: {
                /** @description The tenant that an admin means (`default` if absent); also as the header `Posthorn-Tenant`. */
                tenant?: string;
            };
            header?: {
                /** @description The tenant that an admin means, as the parameter `tenant`. Where both are given they must agree. */
                "Posthorn-Tenant"?: string;
            };
            path: {
                id: components["schemas"]["WebhookId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookGate"];
                };
            };
            /** @description There is no such key, or none was sent */
            401: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description `Bearer`; with `error="invalid_token"` where a key was sent that is no good */
                    "WWW-Authenticate"?: string;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "unauthorized",
                     *       "detail": "What happened, in words for people",
                     *       "status": 401,
                     *       "title": "Unauthorized",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key's role or tenant does not allow it */
            403: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "forbidden",
                     *       "detail": "What happened, in words for people",
                     *       "status": 403,
                     *       "title": "Forbidden",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it belongs to another tenant */
            404: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "webhook_not_found",
                     *       "detail": "What happened, in words for people",
                     *       "status": 404,
                     *       "title": "Not Found",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something in the request cannot be; `errors` says what */
            422: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "validation_failed",
                     *       "detail": "What happened, in words for people",
                     *       "errors": [
                     *         {
                     *           "detail": "must be between 1 and 500",
                     *           "field": "limit"
                     *         }
                     *       ],
                     *       "status": 422,
                     *       "title": "Unprocessable Entity",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key has used up its requests for the moment */
            429: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Seconds after which it is worth trying again */
                    "Retry-After"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "rate_limited",
                     *       "detail": "What happened, in words for people",
                     *       "status": 429,
                     *       "title": "Too Many Requests",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A server behind the API is away (`queue_unavailable` is NATS), or the database is busy with other requests of the tenant; `server_busy`: no memory is left for the body */
            503: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Seconds after which it is worth trying again */
                    "Retry-After"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "database_unavailable",
                     *       "detail": "What happened, in words for people",
                     *       "status": 503,
                     *       "title": "Service Unavailable",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    replay_webhook: {
        parameters: {
            query?: {
                /** @description The tenant that an admin means (`default` if absent); also as the header `Posthorn-Tenant`. */
                tenant?: string;
            };
            header?: {
                /** @description The tenant that an admin means, as the parameter `tenant`. Where both are given they must agree. */
                "Posthorn-Tenant"?: string;
            };
            path: {
                id: components["schemas"]["WebhookId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WebhookReplay"];
            };
        };
        responses: {
            /** @description Accepted: a deliverer begins with it within a second */
            202: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReplayAccepted"];
                };
            };
            /** @description The body is not JSON; `invalid_body`: it broke off */
            400: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "invalid_json",
                     *       "detail": "What happened, in words for people",
                     *       "status": 400,
                     *       "title": "Bad Request",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such key, or none was sent */
            401: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description `Bearer`; with `error="invalid_token"` where a key was sent that is no good */
                    "WWW-Authenticate"?: string;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "unauthorized",
                     *       "detail": "What happened, in words for people",
                     *       "status": 401,
                     *       "title": "Unauthorized",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key's role or tenant does not allow it */
            403: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "forbidden",
                     *       "detail": "What happened, in words for people",
                     *       "status": 403,
                     *       "title": "Forbidden",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `webhook_not_found` */
            404: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body did not come in time */
            408: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "request_timeout",
                     *       "detail": "What happened, in words for people",
                     *       "status": 408,
                     *       "title": "Request Timeout",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `webhook_disabled`: it takes nothing now */
            409: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large */
            413: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "payload_too_large",
                     *       "detail": "What happened, in words for people",
                     *       "status": 413,
                     *       "title": "Payload Too Large",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is of a type that is not read here */
            415: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "unsupported_media_type",
                     *       "detail": "What happened, in words for people",
                     *       "status": 415,
                     *       "title": "Unsupported Media Type",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something in the request cannot be; `errors` says what */
            422: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "validation_failed",
                     *       "detail": "What happened, in words for people",
                     *       "errors": [
                     *         {
                     *           "detail": "must be between 1 and 500",
                     *           "field": "limit"
                     *         }
                     *       ],
                     *       "status": 422,
                     *       "title": "Unprocessable Entity",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key has used up its requests for the moment */
            429: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Seconds after which it is worth trying again */
                    "Retry-After"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "rate_limited",
                     *       "detail": "What happened, in words for people",
                     *       "status": 429,
                     *       "title": "Too Many Requests",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A server behind the API is away (`queue_unavailable` is NATS), or the database is busy with other requests of the tenant; `server_busy`: no memory is left for the body */
            503: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Seconds after which it is worth trying again */
                    "Retry-After"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "database_unavailable",
                     *       "detail": "What happened, in words for people",
                     *       "status": 503,
                     *       "title": "Service Unavailable",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    reveal_webhook_secret: {
        parameters: {
            query?: {
                /** @description The tenant that an admin means (`default` if absent); also as the header `Posthorn-Tenant`. */
                tenant?: string;
            };
            header?: {
                /** @description The tenant that an admin means, as the parameter `tenant`. Where both are given they must agree. */
                "Posthorn-Tenant"?: string;
            };
            path: {
                id: components["schemas"]["WebhookId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RevealedSecret"];
                };
            };
            /** @description There is no such key, or none was sent */
            401: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description `Bearer`; with `error="invalid_token"` where a key was sent that is no good */
                    "WWW-Authenticate"?: string;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "unauthorized",
                     *       "detail": "What happened, in words for people",
                     *       "status": 401,
                     *       "title": "Unauthorized",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key's role or tenant does not allow it */
            403: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "forbidden",
                     *       "detail": "What happened, in words for people",
                     *       "status": 403,
                     *       "title": "Forbidden",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it belongs to another tenant */
            404: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "webhook_not_found",
                     *       "detail": "What happened, in words for people",
                     *       "status": 404,
                     *       "title": "Not Found",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something in the request cannot be; `errors` says what */
            422: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "validation_failed",
                     *       "detail": "What happened, in words for people",
                     *       "errors": [
                     *         {
                     *           "detail": "must be between 1 and 500",
                     *           "field": "limit"
                     *         }
                     *       ],
                     *       "status": 422,
                     *       "title": "Unprocessable Entity",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key has used up its requests for the moment */
            429: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Seconds after which it is worth trying again */
                    "Retry-After"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "rate_limited",
                     *       "detail": "What happened, in words for people",
                     *       "status": 429,
                     *       "title": "Too Many Requests",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A server behind the API is away (`queue_unavailable` is NATS), or the database is busy with other requests of the tenant; `server_busy`: no memory is left for the body */
            503: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Seconds after which it is worth trying again */
                    "Retry-After"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "database_unavailable",
                     *       "detail": "What happened, in words for people",
                     *       "status": 503,
                     *       "title": "Service Unavailable",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    rotate_webhook_secret: {
        parameters: {
            query?: {
                /** @description The tenant that an admin means (`default` if absent); also as the header `Posthorn-Tenant`. */
                tenant?: string;
            };
            header?: {
                /**
                 * @description The `ETag` that it must still have, or 412. `*` and absence mean any.
                 * @example "7"
                 */
                "If-Match"?: string | null;
                /** @description The tenant that an admin means, as the parameter `tenant`. Where both are given they must agree. */
                "Posthorn-Tenant"?: string;
            };
            path: {
                id: components["schemas"]["WebhookId"];
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Rotation"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    /** @description The state that is answered, for `If-Match` and `If-None-Match` */
                    ETag?: string;
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RotatedSecret"];
                };
            };
            /** @description The body is not JSON; `invalid_body`: it broke off */
            400: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "invalid_json",
                     *       "detail": "What happened, in words for people",
                     *       "status": 400,
                     *       "title": "Bad Request",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such key, or none was sent */
            401: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description `Bearer`; with `error="invalid_token"` where a key was sent that is no good */
                    "WWW-Authenticate"?: string;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "unauthorized",
                     *       "detail": "What happened, in words for people",
                     *       "status": 401,
                     *       "title": "Unauthorized",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key's role or tenant does not allow it */
            403: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "forbidden",
                     *       "detail": "What happened, in words for people",
                     *       "status": 403,
                     *       "title": "Forbidden",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it belongs to another tenant */
            404: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "webhook_not_found",
                     *       "detail": "What happened, in words for people",
                     *       "status": 404,
                     *       "title": "Not Found",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body did not come in time */
            408: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "request_timeout",
                     *       "detail": "What happened, in words for people",
                     *       "status": 408,
                     *       "title": "Request Timeout",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `too_many_signing_secrets`: five secrets sign already; `detail` says when the first of them ends */
            409: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It does not have this `ETag` any more */
            412: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "webhook_changed",
                     *       "detail": "What happened, in words for people",
                     *       "status": 412,
                     *       "title": "Precondition Failed",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large */
            413: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "payload_too_large",
                     *       "detail": "What happened, in words for people",
                     *       "status": 413,
                     *       "title": "Payload Too Large",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is of a type that is not read here */
            415: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "unsupported_media_type",
                     *       "detail": "What happened, in words for people",
                     *       "status": 415,
                     *       "title": "Unsupported Media Type",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something in the request cannot be; `errors` says what */
            422: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "validation_failed",
                     *       "detail": "What happened, in words for people",
                     *       "errors": [
                     *         {
                     *           "detail": "must be between 1 and 500",
                     *           "field": "limit"
                     *         }
                     *       ],
                     *       "status": 422,
                     *       "title": "Unprocessable Entity",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key has used up its requests for the moment */
            429: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Seconds after which it is worth trying again */
                    "Retry-After"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "rate_limited",
                     *       "detail": "What happened, in words for people",
                     *       "status": 429,
                     *       "title": "Too Many Requests",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A server behind the API is away (`queue_unavailable` is NATS), or the database is busy with other requests of the tenant; `server_busy`: no memory is left for the body */
            503: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Seconds after which it is worth trying again */
                    "Retry-After"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "database_unavailable",
                     *       "detail": "What happened, in words for people",
                     *       "status": 503,
                     *       "title": "Service Unavailable",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_webhook_statistics: {
        parameters: {
            query?: {
                /**
                 * @description Deliveries created from this moment on (24 hours before `until`). Whole buckets count: the answer says which.
                 * @example 2026-01-25T12:00:00Z
                 */
                since?: string;
                /**
                 * @description Deliveries created before this moment (now).
                 * @example 2026-01-26T12:00:00Z
                 */
                until?: string;
                /**
                 * @description How finely time is cut (`1h`). Buckets of `5m` reach back 48 hours, the others as far as deliveries are kept;
                 *     at most 1,000 of them.
                 */
                bucket?: "5m" | "1h" | "1d";
                /** @description The tenant that an admin means (`default` if absent); also as the header `Posthorn-Tenant`. */
                tenant?: string;
            };
            header?: {
                /** @description The tenant that an admin means, as the parameter `tenant`. Where both are given they must agree. */
                "Posthorn-Tenant"?: string;
            };
            path: {
                id: components["schemas"]["WebhookId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Statistics"];
                };
            };
            /** @description There is no such key, or none was sent */
            401: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description `Bearer`; with `error="invalid_token"` where a key was sent that is no good */
                    "WWW-Authenticate"?: string;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "unauthorized",
                     *       "detail": "What happened, in words for people",
                     *       "status": 401,
                     *       "title": "Unauthorized",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key's role or tenant does not allow it */
            403: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "forbidden",
                     *       "detail": "What happened, in words for people",
                     *       "status": 403,
                     *       "title": "Forbidden",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it belongs to another tenant */
            404: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "webhook_not_found",
                     *       "detail": "What happened, in words for people",
                     *       "status": 404,
                     *       "title": "Not Found",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something in the request cannot be; `errors` says what */
            422: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "validation_failed",
                     *       "detail": "What happened, in words for people",
                     *       "errors": [
                     *         {
                     *           "detail": "must be between 1 and 500",
                     *           "field": "limit"
                     *         }
                     *       ],
                     *       "status": 422,
                     *       "title": "Unprocessable Entity",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key has used up its requests for the moment */
            429: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Seconds after which it is worth trying again */
                    "Retry-After"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "rate_limited",
                     *       "detail": "What happened, in words for people",
                     *       "status": 429,
                     *       "title": "Too Many Requests",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A server behind the API is away (`queue_unavailable` is NATS), or the database is busy with other requests of the tenant; `server_busy`: no memory is left for the body */
            503: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Seconds after which it is worth trying again */
                    "Retry-After"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "database_unavailable",
                     *       "detail": "What happened, in words for people",
                     *       "status": 503,
                     *       "title": "Service Unavailable",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    test_webhook: {
        parameters: {
            query?: {
                /** @description The tenant that an admin means (`default` if absent); also as the header `Posthorn-Tenant`. */
                tenant?: string;
            };
            header?: {
                /** @description The tenant that an admin means, as the parameter `tenant`. Where both are given they must agree. */
                "Posthorn-Tenant"?: string;
            };
            path: {
                id: components["schemas"]["WebhookId"];
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["WebhookTest"];
            };
        };
        responses: {
            /** @description The request was made, whatever came of it */
            200: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookTestResult"];
                };
            };
            /** @description The body is not JSON; `invalid_body`: it broke off */
            400: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "invalid_json",
                     *       "detail": "What happened, in words for people",
                     *       "status": 400,
                     *       "title": "Bad Request",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such key, or none was sent */
            401: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description `Bearer`; with `error="invalid_token"` where a key was sent that is no good */
                    "WWW-Authenticate"?: string;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "unauthorized",
                     *       "detail": "What happened, in words for people",
                     *       "status": 401,
                     *       "title": "Unauthorized",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key's role or tenant does not allow it */
            403: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "forbidden",
                     *       "detail": "What happened, in words for people",
                     *       "status": 403,
                     *       "title": "Forbidden",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such thing, or it belongs to another tenant */
            404: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "webhook_not_found",
                     *       "detail": "What happened, in words for people",
                     *       "status": 404,
                     *       "title": "Not Found",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body did not come in time */
            408: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "request_timeout",
                     *       "detail": "What happened, in words for people",
                     *       "status": 408,
                     *       "title": "Request Timeout",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is too large */
            413: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "payload_too_large",
                     *       "detail": "What happened, in words for people",
                     *       "status": 413,
                     *       "title": "Payload Too Large",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is of a type that is not read here */
            415: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "unsupported_media_type",
                     *       "detail": "What happened, in words for people",
                     *       "status": 415,
                     *       "title": "Unsupported Media Type",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something in the request cannot be; `errors` says what */
            422: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "validation_failed",
                     *       "detail": "What happened, in words for people",
                     *       "errors": [
                     *         {
                     *           "detail": "must be between 1 and 500",
                     *           "field": "limit"
                     *         }
                     *       ],
                     *       "status": 422,
                     *       "title": "Unprocessable Entity",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key has used up its requests for the moment */
            429: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Seconds after which it is worth trying again */
                    "Retry-After"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "rate_limited",
                     *       "detail": "What happened, in words for people",
                     *       "status": 429,
                     *       "title": "Too Many Requests",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A server behind the API is away (`queue_unavailable` is NATS), or the database is busy with other requests of the tenant; `server_busy`: no memory is left for the body */
            503: {
                headers: {
                    /** @description Requests that the key may send in a second */
                    "RateLimit-Limit"?: number;
                    /** @description Requests that are left */
                    "RateLimit-Remaining"?: number;
                    /** @description Seconds until all are there again */
                    "RateLimit-Reset"?: number;
                    /** @description Seconds after which it is worth trying again */
                    "Retry-After"?: number;
                    /** @description Names the request; the one that was sent, or a new one */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "database_unavailable",
                     *       "detail": "What happened, in words for people",
                     *       "status": 503,
                     *       "title": "Service Unavailable",
                     *       "type": "about:blank"
                     *     }
                     */
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
}
