-- Certificates and the key of a webhook that talks mutual TLS, sealed as one.
ALTER TABLE webhooks ADD COLUMN sealed_tls bytea;
