CREATE INDEX connections_by_renewal ON connections (received_at);
