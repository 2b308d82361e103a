-- Whether any API key has changed. Each api asks for this number every second, and loads the keys only when it has moved.
-- It is a row and no sequence: it moves with the commit of the change, so whoever sees it move sees the change too. What
-- is not listed, such as when a key was used last, does not concern who may do what.
CREATE TABLE api_key_changes (
    the_only_one boolean PRIMARY KEY DEFAULT true CHECK (the_only_one),
    version      bigint NOT NULL
);
INSERT INTO api_key_changes (version) VALUES (1);

CREATE FUNCTION note_api_key_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE api_key_changes SET version = version + 1;
    RETURN NULL;
END $$;
CREATE TRIGGER note_api_key_change
    AFTER INSERT OR DELETE OR TRUNCATE OR UPDATE OF hash, name, role, tenant, expires_at ON api_keys
    FOR EACH STATEMENT EXECUTE FUNCTION note_api_key_change();
