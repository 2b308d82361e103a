-- When the index took the dead letter of a failed delivery, unset when the delivery goes on. The letter's own row is forgotten
-- with the letter; this tells a message that comes again that no other letter is missing.
ALTER TABLE deliveries ADD COLUMN buried_at timestamptz;
