CREATE INDEX audit_events_unsealed ON audit_events (org_id, event_id) WHERE sequence IS NULL;
