-- What a CloudEvents publisher said of its event beyond id, source and subject: `datacontenttype`, `dataschema`, extension
-- attributes, and whether `data` holds the base64 of what was published, as one JSON object. NULL for plain events, and for
-- what a release recorded that dropped all that. Text, because the order of the attributes is kept.
-- IF NOT EXISTS takes the same lock, and lets a test run this again.
ALTER TABLE events ADD COLUMN IF NOT EXISTS ce_attributes text;
