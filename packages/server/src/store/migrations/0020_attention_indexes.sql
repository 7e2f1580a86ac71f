CREATE INDEX connections_unfinished ON connections (org_id, status)
  WHERE status IN ('reconnect_required', 'disconnecting', 'disconnected_unconfirmed');
CREATE INDEX connections_by_refresh_end ON connections (org_id, refresh_expires_at) WHERE refresh_expires_at IS NOT NULL;
CREATE INDEX connections_by_end ON connections (org_id, expires_at) WHERE refresh_token IS NULL;
CREATE INDEX connections_by_grant ON connections (org_id, connector_id, connected_at);
CREATE INDEX refresh_leases_rejected ON refresh_leases (org_id, cool_until_at) WHERE reason = 'client_rejected';
