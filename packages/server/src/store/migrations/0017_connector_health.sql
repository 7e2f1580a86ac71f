ALTER TABLE connectors ADD COLUMN health_due_at BIGINT;
ALTER TABLE connectors ADD COLUMN health_at BIGINT;
ALTER TABLE connectors ADD COLUMN health_result TEXT;
ALTER TABLE connectors ADD COLUMN health_answered TEXT;
CREATE INDEX connectors_by_health ON connectors (health_due_at);
