UPDATE connectors SET health_due_at = 0
  WHERE retired_at IS NULL AND EXISTS (
    SELECT 1 FROM connector_versions v
    WHERE v.org_id = connectors.org_id AND v.connector_id = connectors.connector_id
      AND v.version = connectors.version AND v.definition LIKE '%"interval_s":%'
  );
