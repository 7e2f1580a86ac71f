ALTER TABLE connectors ADD COLUMN keeps_alive BIGINT NOT NULL DEFAULT 1;
DROP INDEX connections_by_renewal;
CREATE INDEX connections_by_renewal ON connections (org_id, connector_id, status, received_at, connection_id);
