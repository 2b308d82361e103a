-- What the time of an attempt went to, in microseconds. NULL is a part that there was not: a connection that was used
-- again has no name to resolve and no handshake.
ALTER TABLE attempts
    ADD COLUMN dns_us integer,
    ADD COLUMN connect_us integer,
    ADD COLUMN tls_us integer,
    ADD COLUMN first_byte_us integer;
