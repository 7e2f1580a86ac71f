/** Published versions, launches with the people they name, and what was imported about people. */
export type LaunchTables = {
  plugin_versions: {
    org_id: string
    plugin_id: string
    version: number
    definition: string
    published_at: number
    published_by: string
  }
  launches: {
    org_id: string
    launch_id: string
    plugin_id: string
    plugin_version: number
    kind: string
    given: string
    redaction: string
    approved_reach: string | null
    launched_at: number
    launched_by: string
    reason: string
    ended_at: number | null
    ended_by: string | null
    end_reason: string | null
  }
  launch_people: {
    org_id: string
    launch_id: string
    place: number
    plugin_id: string
    subject_id: string | null
    email: string | null
    agreed_at: number | null
  }
  roster_entries: {
    org_id: string
    email: string
    name: string | null
    described: string
    subject_id: string | null
    imported_at: number
  }
}
