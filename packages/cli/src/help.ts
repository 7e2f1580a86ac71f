export const HELP = `behalf: an OAuth 2.0 connection broker

  behalf start                     serve, until Ctrl-C
  behalf health                    ask the broker of this machine whether it is ready
  behalf migrate [--json]          bring the store to this version
  behalf org create SLUG --name N --sso-issuer URL --sso-client-id ID
                --sso-client-secret-file F [--json]
                                   make an organization; prints what to register at its SSO,
                                   the first admin's one-time code and an admin API key, once
  behalf backup FILE [--json]      copy the embedded store into one file, online
  behalf restore FILE [--replace] [--json]
                                   put a backup into the data folder; ends all sessions
  behalf move [--json]             copy the embedded store into the empty PostgreSQL database
                                   that DATABASE_URL names
  behalf key status [--json]       which root keys wrap how many data keys
  behalf key rotate [--json]       re-wrap everything under the newest root key, online
  behalf key retire ID [--json]    say whether a root key may be removed
  behalf audit verify SLUG [--anchor SEQUENCE:MAC] [--json]
                                   check the audit chain; names the first bad entry
  behalf catalogue list [--category NAME] [--json]
                                   the providers of the catalogue, and how far each is checked
  behalf catalogue show NAME [--json]
                                   one provider: its definition, its sources, what is left to fill in
  behalf catalogue lint [--json]   judge every data file of the catalogue
  behalf connector check NAME [--org SLUG] [--try METHOD,…] [--variables NAME=VALUE,…] [--json]
                                   ask a connector's provider whether it would work

Settings come from the environment: BEHALF_URL, BEHALF_LISTEN, BEHALF_DATA, DATABASE_URL,
BEHALF_ROOT_KEY, BEHALF_OUTBOUND_ALLOW, BEHALF_TRUSTED_PROXIES, BEHALF_METRICS_LISTEN, BEHALF_LOG_LEVEL,
NODE_EXTRA_CA_CERTS, HTTPS_PROXY. What each means: docs/guides/configuration.md
`
