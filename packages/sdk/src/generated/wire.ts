// Generated from @behalf/contract by `npm run generate`; a test keeps it true.

/** Any JSON value. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json }

export type ConnectorSecrets = { /** Still active while the secret is being replaced: tried where a refresh or a revocation is refused with the new one. */ readonly previous_client_secret?: string | undefined; /** Signs client assertions, request objects and DPoP proofs: PEM (PKCS #8) or JWK. */ readonly private_key?: string | undefined; /** PEM; belongs to the client certificate. */ readonly tls_client_key?: string | undefined; /** Values of the organization's variables that are marked secret. */ readonly variables?: { readonly [name: string]: string } | undefined }

export type ConnectorPreview = { readonly callback_url: string; readonly requests: readonly ({ readonly purpose: string; readonly method: string; readonly url: string; readonly headers: { readonly [name: string]: string }; readonly body: string | null })[] }

export type ConnectorVersion = { readonly version: number; readonly updated_at: string; readonly current: boolean; readonly definition: { /** Of this form. */ readonly schema_version: 1; readonly name: string; /** What people see: the bare system name. */ readonly display_name?: string; /** What connecting unlocks, in their words. */ readonly display_description?: string; /** The catalogue's icon of this name; an uploaded one wins. */ readonly icon?: string; /** The provider's page about its OAuth. */ readonly documentation_url?: string; /** Every gateway path is appended under it. */ readonly base_url: string; /** Everyone may connect it without a plugin that asks. Admins alone. */ readonly open_to_all: boolean; /** What differs between people or organizations: {name} in templates. */ readonly variables: { readonly [name: string]: { /** Set here for the organization, asked of each person before connecting, or captured: from the callback, the token answer, the account lookup or introspection. */ readonly source: "organization" | "person" | "callback" | "token" | "account" | "introspection"; /** For the organization: the value itself. */ readonly value?: string; /** The callback parameter, or the JSON pointer into the answer (RFC 6901). */ readonly at?: string; /** Used where there is no value; may name variables declared before it, so that fallbacks have an order. */ readonly default?: string; /** Text (only after the host of a URL), one host label, a host, or a whole https URL. */ readonly type: "text" | "label" | "host" | "url"; /** What the whole value must match. */ readonly pattern?: string; /** The only values allowed. */ readonly enum?: readonly (string)[]; /** For a host or a URL: the domains it must lie under. */ readonly host_suffixes?: readonly (string)[]; /** What the person is asked for. */ readonly label?: string; /** Where the person finds it. */ readonly help?: string; /** Shown in the empty box. */ readonly example?: string; /** For the organization: the value is sealed and never read back. Set it under `secrets`. */ readonly secret: boolean } }; readonly auth: { /** The kind of authorization. */ readonly type: "oauth2"; /** RFC 6749 4.1. */ readonly grant_type: "authorization_code"; /** Where people consent (RFC 6749 3.1). May carry a query. */ readonly authorization_url?: string; /** Code exchange and refresh (RFC 6749 3.2). */ readonly token_url?: string; /** Where a refresh goes elsewhere. */ readonly refresh_url?: string; /** Ends tokens (RFC 7009). Without it a disconnect ends our use alone. */ readonly revoke_url?: string; /** Tells the life of a token (RFC 7662). */ readonly introspection_url?: string; /** Tells whose account it is (OpenID Connect Core 5.3). */ readonly userinfo_url?: string; /** RFC 9126. */ readonly pushed_authorization_request_url?: string; /** Which metadata an issuer publishes: RFC 8414, OpenID Connect, or whichever answers. */ readonly discovery: "auto" | "oauth" | "openid"; /** Shown where revocation fails or is not offered: where people remove access themselves. */ readonly instructions_url?: string; /** As the third party registered it. */ readonly client_id: string; /** How the client proves itself at the token endpoint. Check tells which methods a provider takes. */ readonly client_authentication: "client_secret_basic" | "client_secret_basic_raw" | "client_secret_post" | "client_secret_json" | "client_secret_header" | "client_secret_jwt" | "private_key_jwt" | "tls_client_auth" | "none"; /** Where an endpoint differs from the token endpoint. */ readonly client_authentication_at: { readonly refresh?: "client_secret_basic" | "client_secret_basic_raw" | "client_secret_post" | "client_secret_json" | "client_secret_header" | "client_secret_jwt" | "private_key_jwt" | "tls_client_auth" | "none"; readonly revocation?: "client_secret_basic" | "client_secret_basic_raw" | "client_secret_post" | "client_secret_json" | "client_secret_header" | "client_secret_jwt" | "private_key_jwt" | "tls_client_auth" | "none"; readonly introspection?: "client_secret_basic" | "client_secret_basic_raw" | "client_secret_post" | "client_secret_json" | "client_secret_header" | "client_secret_jwt" | "private_key_jwt" | "tls_client_auth" | "none"; readonly pushed_authorization_request?: "client_secret_basic" | "client_secret_basic_raw" | "client_secret_post" | "client_secret_json" | "client_secret_header" | "client_secret_jwt" | "private_key_jwt" | "tls_client_auth" | "none" }; /** For client_secret_header: may name {client_id}, {client_secret} and {basic_credentials}. */ readonly client_authentication_header?: { readonly name: string; readonly value: string }; /** How the JWT of client_secret_jwt and private_key_jwt is made (RFC 7523). */ readonly client_assertion?: { /** Of the signature; by default what the key is for. */ readonly alg?: "RS256" | "PS256" | "ES256" | "EdDSA" | "HS256"; /** The `kid` header (RFC 7515 4.1.4). */ readonly kid?: string; /** The `x5t` header, where the provider wants one (Entra ID). */ readonly x5t?: string; /** The `iss` claim (RFC 7523 3). */ readonly iss: string; /** The `sub` claim (RFC 7523 3). */ readonly sub: string; /** The `aud` claim, where it is neither the verified issuer nor the exact endpoint. */ readonly aud?: string; /** Seconds until `exp`. */ readonly lifetime_s: number; /** Apple takes the signed JWT as the client secret. */ readonly sent_as: "client_assertion" | "client_secret" }; /** Mutual TLS (RFC 8705). */ readonly tls_client?: { /** PEM, the client certificate first. Its key is set under `secrets`. */ readonly certificate: string; /** At the token endpoint, the API, or both. */ readonly at: readonly ("token" | "api")[] }; /** The authorization server as its metadata names it, byte for byte (RFC 8414, RFC 9207). */ readonly issuer?: string; /** What everyone is asked for. */ readonly scope: readonly (string)[]; /** Asked for too, and no fault where it is not granted. */ readonly optional_scope: readonly (string)[]; /** Never asked for by itself: only where a plugin or a connect link names it. */ readonly step_up_scope: readonly (string)[]; /** Without these the provider gives no refresh token: always asked for, never missed in what is granted. */ readonly refresh_scope: readonly (string)[]; /** What joins scopes. */ readonly scope_separator: string; /** Raw leaves the separator as it is, for providers that want a bare plus sign or comma. */ readonly scope_encoding: "percent" | "raw"; /** What a provider grants under another name: the scope asked for is held where any of these is. */ readonly scope_aliases: { readonly [name: string]: readonly (string)[] }; /** What each scope lets us do, for the person who is asked. */ readonly scope_descriptions: { readonly [name: string]: string }; /** A second list under a name of its own, as at Slack. */ readonly extra_scope_params: readonly ({ readonly name: string; readonly scope: readonly (string)[] })[]; /** Sent along, in this order. */ readonly authorization_params: readonly ({ readonly name: string; readonly value: string })[]; /** Only where the person was connected before; they replace those of the same name. */ readonly reconnect_params: readonly ({ readonly name: string; readonly value: string })[]; /** How the request deviates from RFC 6749. */ readonly authorization_request: { /** Standard parameters under another name. */ readonly rename: { readonly [Name in "client_id" | "redirect_uri" | "response_type" | "scope" | "state"]?: string }; /** Standard parameters that the provider refuses. */ readonly drop: readonly ("response_type" | "scope" | "redirect_uri")[]; /** Where the provider wants a name instead of the URL, as eBay does. */ readonly redirect_uri?: string; /** How the answer comes back (OAuth 2.0 Form Post Response Mode). */ readonly response_mode: "query" | "form_post"; /** The name of the code in the callback. */ readonly code_param: string; /** After the #, which WeChat wants. */ readonly fragment?: string; /** Parameters go to the provider first (PAR, RFC 9126). */ readonly pushed: boolean; /** Parameters go as a signed JWT (JAR, RFC 9101), under the private key. */ readonly request_object?: { readonly alg: "RS256" | "PS256" | "ES256" | "EdDSA" }; /** A parameter that signs all others with the client secret (HMAC-SHA-256, hex), as at Shopify. */ readonly callback_hmac?: { readonly parameter: string } }; /** Only for providers that break: plain, or none (RFC 7636). */ readonly pkce: "S256" | "plain" | "none"; /** Characters of the PKCE verifier. */ readonly pkce_verifier_length: number; /** Which API the token is for; repeated, and sent again on exchange and refresh (RFC 8707). */ readonly resource: readonly (string)[]; /** Whether the provider always returns `iss` (RFC 9207 authorization_response_iss_parameter_supported). */ readonly iss_required: boolean; /** One of its own, or the organization's (RFC 9700 4.4). */ readonly callback: "dedicated" | "organization"; /** Tokens are bound to the private key (RFC 9449). */ readonly dpop?: { readonly alg: "ES256" | "RS256" | "PS256" | "EdDSA" }; /** How the code is exchanged (RFC 6749 4.1.3). */ readonly token_request: { /** HTTP method. */ readonly method: "POST" | "GET" | "PUT"; /** Where the fields go. In the query the code and the secret stand in a URL, which some providers want. */ readonly format: "form" | "json" | "query"; /** Sent along; may name variables. */ readonly headers: { readonly [name: string]: string }; /** Further fields, also computed ones. */ readonly data: { readonly [name: string]: string | { /** The hash, or the HMAC under `key`. */ readonly compute: "sha256" | "sha1" | "md5" | "hmac_sha256" | "hmac_sha1"; /** What is hashed; may name {client_secret}, {code} and the like. */ readonly of: string; /** The key of an HMAC. */ readonly key?: string; /** How the bytes are written. */ readonly encoding: "hex" | "base64" | "base64url" } }; /** Fields in the query whatever the format; never secrets. */ readonly query: { readonly [name: string]: string | { /** The hash, or the HMAC under `key`. */ readonly compute: "sha256" | "sha1" | "md5" | "hmac_sha256" | "hmac_sha1"; /** What is hashed; may name {client_secret}, {code} and the like. */ readonly of: string; /** The key of an HMAC. */ readonly key?: string; /** How the bytes are written. */ readonly encoding: "hex" | "base64" | "base64url" } }; /** Standard fields under another name. */ readonly rename: { readonly [Name in "client_id" | "client_secret" | "code" | "code_verifier" | "grant_type" | "redirect_uri" | "refresh_token"]?: string }; /** Standard fields that the provider refuses. */ readonly drop: readonly ("client_id" | "client_secret" | "code" | "code_verifier" | "grant_type" | "redirect_uri" | "refresh_token")[]; /** Replaces authorization_code on the exchange; never leaks into refresh. */ readonly grant_type?: string }; /** A request right after the exchange that turns its access token into a long-lived one. */ readonly second_exchange?: { /** By default the token endpoint. */ readonly url?: string; /** HTTP method. */ readonly method: "POST" | "GET" | "PUT"; /** Where the fields go. In the query the code and the secret stand in a URL, which some providers want. */ readonly format: "form" | "json" | "query"; /** Sent along; may name variables. */ readonly headers: { readonly [name: string]: string }; /** All fields; may name {access_token}, {client_id}, {client_secret}. */ readonly data: { readonly [name: string]: string | { /** The hash, or the HMAC under `key`. */ readonly compute: "sha256" | "sha1" | "md5" | "hmac_sha256" | "hmac_sha1"; /** What is hashed; may name {client_secret}, {code} and the like. */ readonly of: string; /** The key of an HMAC. */ readonly key?: string; /** How the bytes are written. */ readonly encoding: "hex" | "base64" | "base64url" } }; /** Whether the access token authenticates the request. */ readonly bearer: boolean }; /** Where a refresh differs from the exchange: method, format, headers, rename and drop are taken over from the token request; data and query are not. */ readonly refresh_request: { readonly method?: "POST" | "GET" | "PUT"; readonly format?: "form" | "json" | "query"; readonly headers?: { readonly [name: string]: string }; readonly data?: { readonly [name: string]: string | { /** The hash, or the HMAC under `key`. */ readonly compute: "sha256" | "sha1" | "md5" | "hmac_sha256" | "hmac_sha1"; /** What is hashed; may name {client_secret}, {code} and the like. */ readonly of: string; /** The key of an HMAC. */ readonly key?: string; /** How the bytes are written. */ readonly encoding: "hex" | "base64" | "base64url" } }; readonly query?: { readonly [name: string]: string | { /** The hash, or the HMAC under `key`. */ readonly compute: "sha256" | "sha1" | "md5" | "hmac_sha256" | "hmac_sha1"; /** What is hashed; may name {client_secret}, {code} and the like. */ readonly of: string; /** The key of an HMAC. */ readonly key?: string; /** How the bytes are written. */ readonly encoding: "hex" | "base64" | "base64url" } }; readonly rename?: { readonly [Name in "client_id" | "client_secret" | "code" | "code_verifier" | "grant_type" | "redirect_uri" | "refresh_token"]?: string }; readonly drop?: readonly ("client_id" | "client_secret" | "code" | "code_verifier" | "grant_type" | "redirect_uri" | "refresh_token")[]; /** Replaces refresh_token. */ readonly grant_type?: string; /** Whether the granted scope is named again (RFC 6749 6). */ readonly send_scope: boolean }; /** How a token is kept fresh. */ readonly refresh: { /** By refresh token, by exchanging the access token while it lives, by asking the person again before it ends, or never. */ readonly strategy: "refresh_token" | "exchange_access_token" | "reauthorize" | "none"; /** For exchange_access_token. */ readonly exchange?: { /** By default the token endpoint. */ readonly url?: string; /** HTTP method. */ readonly method: "POST" | "GET" | "PUT"; /** Where the fields go. In the query the code and the secret stand in a URL, which some providers want. */ readonly format: "form" | "json" | "query"; /** Sent along; may name variables. */ readonly headers: { readonly [name: string]: string }; /** All fields; may name {access_token}, {client_id}, {client_secret}. */ readonly data: { readonly [name: string]: string | { /** The hash, or the HMAC under `key`. */ readonly compute: "sha256" | "sha1" | "md5" | "hmac_sha256" | "hmac_sha1"; /** What is hashed; may name {client_secret}, {code} and the like. */ readonly of: string; /** The key of an HMAC. */ readonly key?: string; /** How the bytes are written. */ readonly encoding: "hex" | "base64" | "base64url" } }; /** Whether the access token authenticates the request. */ readonly bearer: boolean }; /** Seconds before its end at which a token is renewed; by default 60, or a tenth of its life. */ readonly margin_s?: number; /** Seconds the token endpoint may take. */ readonly timeout_s: number; /** Seconds after which an unused refresh token lapses; it is kept alive before. */ readonly idle_s?: number; /** Seconds from consent after which the person must consent again; foretold on the connection. */ readonly absolute_s?: number }; /** How answers are read (RFC 6749 5). */ readonly token_response: { /** JSON, form-encoded, or text that is the access token itself. */ readonly format: "json" | "form" | "text"; /** JSON pointer. */ readonly access_token: string; /** JSON pointer. */ readonly refresh_token: string; /** JSON pointer. */ readonly id_token: string; /** JSON pointer. */ readonly token_type: string; /** JSON pointer. */ readonly scope: string; /** Where it is not that of the request. */ readonly scope_separator?: string; /** Kept under a name: sealed, revocable, and injected where a call names them. */ readonly extra_tokens: { readonly [name: string]: string }; /** When the access token ends. */ readonly expires: { /** JSON pointer. */ readonly at: string; /** A span from now in seconds or milliseconds, or an instant. */ readonly unit: "seconds" | "milliseconds" | "epoch_seconds" | "epoch_milliseconds" | "iso"; /** The answer, the `exp` of an access token that is a JWT, or the introspection endpoint (RFC 7662). */ readonly from: "answer" | "jwt" | "introspection"; /** Seconds, where nobody tells. */ readonly default_s?: number; /** Seconds; longer lives are cut. */ readonly max_s?: number; /** Whether 0 says that a token does not end. */ readonly zero_is_never: boolean }; /** Where the answer tells it. */ readonly refresh_expires?: { readonly at: string; readonly unit: "seconds" | "milliseconds" | "epoch_seconds" | "epoch_milliseconds" | "iso" }; /** What holds of every success; anything else is an error, whatever its status. */ readonly success: readonly ({ /** HTTP statuses, any of them. */ readonly status?: readonly (number)[]; /** Where in the JSON answer to look (RFC 6901). */ readonly pointer?: string; /** What may stand there, any of it. */ readonly equals?: readonly (string | number | boolean | null)[]; /** Whether anything stands there but null and empty text. */ readonly present?: boolean; /** A header of the answer. */ readonly header?: string; /** Text that the header holds, in any case. */ readonly contains?: string })[]; /** JSON pointer to the error code. */ readonly error: string; /** JSON pointer. */ readonly error_description: string; /** What a provider's own error codes mean: the grant is gone, the connector is refused, or it may pass. */ readonly error_classes: { readonly [name: string]: "grant_gone" | "client_rejected" | "unavailable" } }; /** The short form, with revoke_url. */ readonly revoke?: { /** How the revocation request authenticates. */ readonly authentication: "as_token_endpoint" | "request_body" | "basic" | "bearer" | "none"; /** The field, parameter or header that carries the token. */ readonly token_key: string; /** HTTP method. */ readonly method: "POST" | "DELETE" | "GET" | "PUT" | "PATCH"; /** Sent along. */ readonly headers: { readonly [name: string]: string }; /** Further fields; may name variables and {client_id}. */ readonly data: { readonly [name: string]: string | { /** The hash, or the HMAC under `key`. */ readonly compute: "sha256" | "sha1" | "md5" | "hmac_sha256" | "hmac_sha1"; /** What is hashed; may name {client_secret}, {code} and the like. */ readonly of: string; /** The key of an HMAC. */ readonly key?: string; /** How the bytes are written. */ readonly encoding: "hex" | "base64" | "base64url" } } }; /** How a grant is ended at the provider; instead of revoke_url. */ readonly revocation?: { /** Run in this order. */ readonly steps: readonly ({ /** refresh_token, access_token, both (each with its own outcome), none, or the name of a further token. */ readonly token: string; /** May name variables, {client_id}, and {token} in the path. */ readonly url: string; /** HTTP method. */ readonly method: "POST" | "DELETE" | "GET" | "PUT" | "PATCH"; /** As at the token endpoint, in the body, by client id alone, Basic, the token itself as Bearer, the access token as Bearer, a header, or none. */ readonly authentication: "as_token_endpoint" | "request_body" | "client_id" | "basic" | "basic_raw" | "bearer" | "bearer_access_token" | "header" | "none"; /** For header: may name {client_id}, {client_secret} and {basic_credentials}. */ readonly authentication_header?: { readonly name: string; readonly value: string }; /** By default the form where the method has a body, else the query. */ readonly position?: "form" | "json" | "query" | "path" | "header" | "none"; /** What carries further data where the token goes elsewhere. */ readonly body?: "form" | "json" | "none"; /** The field, parameter or header that carries the token. */ readonly token_key: string; /** For a header: the pattern around {token}. */ readonly token_value: string; /** Whether token_type_hint is sent (RFC 7009 2.1). */ readonly token_type_hint: boolean; /** Sent along. */ readonly headers: { readonly [name: string]: string }; /** Further fields; may name variables and {client_id}. */ readonly data: { readonly [name: string]: string | { /** The hash, or the HMAC under `key`. */ readonly compute: "sha256" | "sha1" | "md5" | "hmac_sha256" | "hmac_sha1"; /** What is hashed; may name {client_secret}, {code} and the like. */ readonly of: string; /** The key of an HMAC. */ readonly key?: string; /** How the bytes are written. */ readonly encoding: "hex" | "base64" | "base64url" } }; /** What holds of every success; by default a status of 2xx without an error. */ readonly success: readonly ({ /** HTTP statuses, any of them. */ readonly status?: readonly (number)[]; /** Where in the JSON answer to look (RFC 6901). */ readonly pointer?: string; /** What may stand there, any of it. */ readonly equals?: readonly (string | number | boolean | null)[]; /** Whether anything stands there but null and empty text. */ readonly present?: boolean; /** A header of the answer. */ readonly header?: string; /** Text that the header holds, in any case. */ readonly contains?: string })[]; /** What says that the token was dead before; besides 404, 410 and the errors of RFC 7009. */ readonly already_gone: readonly ({ /** HTTP statuses, any of them. */ readonly status?: readonly (number)[]; /** Where in the JSON answer to look (RFC 6901). */ readonly pointer?: string; /** What may stand there, any of it. */ readonly equals?: readonly (string | number | boolean | null)[]; /** Whether anything stands there but null and empty text. */ readonly present?: boolean; /** A header of the answer. */ readonly header?: string; /** Text that the header holds, in any case. */ readonly contains?: string })[]; /** Whether the access token is renewed first where it has ended. */ readonly needs_fresh_access_token: boolean; /** What ends: the token, the whole grant, or the app for everyone. The person is warned of the latter. */ readonly effect: "token" | "grant" | "application"; /** Whether a failure of this step is no failure of the disconnect. */ readonly best_effort: boolean })[]; /** The provider offers no revocation: people are told where to remove access (instructions_url). */ readonly unsupported: boolean }; /** How the token enters a call. */ readonly injection: { /** The header that carries the token. */ readonly header: string; /** The token stands for %s. */ readonly value: string } | { /** The token in the URL, for providers that take it nowhere else. */ readonly query: string }; readonly discovered?: { readonly issuer: string; readonly authorization_url?: string; readonly token_url?: string; readonly revoke_url?: string; readonly introspection_url?: string; readonly userinfo_url?: string; readonly pushed_authorization_request_url?: string; readonly jwks_url?: string; readonly iss_parameter: boolean; readonly client_authentication_methods: readonly (string)[]; readonly pkce_methods: readonly (string)[]; readonly scopes: readonly (string)[] } }; /** Which third-party account a grant is for. */ readonly account: { /** The verified ID token, the userinfo endpoint (OpenID Connect Core 5.3), the token answer, or a request of its own. */ readonly from: "id_token" | "userinfo" | "token_answer" | "request"; /** For a request of its own. */ readonly request?: { /** May name variables; the credential is injected as in a gateway call. */ readonly url: string; /** HTTP method. */ readonly method: "GET" | "POST"; /** Sent along. */ readonly headers: { readonly [name: string]: string }; /** JSON text, for POST. */ readonly body?: string; /** What holds of a usable answer. */ readonly success: readonly ({ /** HTTP statuses, any of them. */ readonly status?: readonly (number)[]; /** Where in the JSON answer to look (RFC 6901). */ readonly pointer?: string; /** What may stand there, any of it. */ readonly equals?: readonly (string | number | boolean | null)[]; /** Whether anything stands there but null and empty text. */ readonly present?: boolean; /** A header of the answer. */ readonly header?: string; /** Text that the header holds, in any case. */ readonly contains?: string })[] }; /** Where one consent covers several sites: the pointer to their list. The person chooses one; other pointers are relative to it. */ readonly list?: string; /** What tells two accounts apart; by default `sub`. */ readonly id?: string; /** What the account is called, the first that is there; by default e-mail, user name, name, id. */ readonly label: readonly (string)[]; /** An https image. */ readonly icon?: string; /** Whether all connections of one account hold one grant at the provider, so that revoking one ends the others (HubSpot, Atlassian). */ readonly shared_grant: boolean }; /** What calls look like. */ readonly gateway: { /** Other hosts of the same API, each under a name that a call gives in `Behalf-Base`. */ readonly base_urls: { readonly [name: string]: string }; /** Sent where the caller sends none of the name; may name variables. */ readonly headers: { readonly [name: string]: string }; /** How the provider tells it; `Retry-After` is always read (RFC 9110 10.2.3). */ readonly rate_limit: { /** What says that there were too many calls. */ readonly status: readonly (number)[]; /** How many calls there are. */ readonly limit?: string; /** How many calls are left. */ readonly remaining?: string; /** When there are more again. */ readonly reset?: string; /** A span from now, or an instant. */ readonly reset_unit: "seconds" | "milliseconds" | "epoch_seconds" | "epoch_milliseconds" | "iso" }; /** Sent again with a renewed token after a refusal, where there is no body. */ readonly retryable_methods: readonly ("GET" | "HEAD" | "OPTIONS" | "POST" | "PUT" | "PATCH" | "DELETE")[]; /** What says that the access token is no longer taken, by status and header. */ readonly unauthorized: readonly ({ /** HTTP statuses, any of them. */ readonly status?: readonly (number)[]; /** Where in the JSON answer to look (RFC 6901). */ readonly pointer?: string; /** What may stand there, any of it. */ readonly equals?: readonly (string | number | boolean | null)[]; /** Whether anything stands there but null and empty text. */ readonly present?: boolean; /** A header of the answer. */ readonly header?: string; /** Text that the header holds, in any case. */ readonly contains?: string })[]; /** The only calls that may be made; by default all. */ readonly allow?: readonly ({ /** By default all. */ readonly methods?: readonly ("GET" | "HEAD" | "OPTIONS" | "POST" | "PUT" | "PATCH" | "DELETE")[]; /** What the path under the base URL begins with. */ readonly path_prefix: string })[]; /** Calls that may not be made, whatever is allowed. */ readonly deny: readonly ({ /** By default all. */ readonly methods?: readonly ("GET" | "HEAD" | "OPTIONS" | "POST" | "PUT" | "PATCH" | "DELETE")[]; /** What the path under the base URL begins with. */ readonly path_prefix: string })[] }; /** A call that shows whether a connection works. */ readonly health?: { /** HTTP method. */ readonly method: "GET" | "HEAD" | "POST"; /** Under the base URL. */ readonly path: string; /** What a healthy answer has. */ readonly status: readonly (number)[] } } }

export type Connector = { /** Of this form. */ readonly schema_version: 1; readonly name: string; readonly display_name: string; readonly display_description: string | null; /** The catalogue's icon of this name; an uploaded one wins. */ readonly icon?: string; /** The provider's page about its OAuth. */ readonly documentation_url?: string; /** Every gateway path is appended under it. */ readonly base_url: string; /** Everyone may connect it without a plugin that asks. Admins alone. */ readonly open_to_all: boolean; /** What differs between people or organizations: {name} in templates. */ readonly variables: { readonly [name: string]: { /** Set here for the organization, asked of each person before connecting, or captured: from the callback, the token answer, the account lookup or introspection. */ readonly source: "organization" | "person" | "callback" | "token" | "account" | "introspection"; /** For the organization: the value itself. */ readonly value?: string; /** The callback parameter, or the JSON pointer into the answer (RFC 6901). */ readonly at?: string; /** Used where there is no value; may name variables declared before it, so that fallbacks have an order. */ readonly default?: string; /** Text (only after the host of a URL), one host label, a host, or a whole https URL. */ readonly type: "text" | "label" | "host" | "url"; /** What the whole value must match. */ readonly pattern?: string; /** The only values allowed. */ readonly enum?: readonly (string)[]; /** For a host or a URL: the domains it must lie under. */ readonly host_suffixes?: readonly (string)[]; /** What the person is asked for. */ readonly label?: string; /** Where the person finds it. */ readonly help?: string; /** Shown in the empty box. */ readonly example?: string; /** For the organization: the value is sealed and never read back. Set it under `secrets`. */ readonly secret: boolean } }; readonly auth: { /** The kind of authorization. */ readonly type: "oauth2"; /** RFC 6749 4.1. */ readonly grant_type: "authorization_code"; /** Where people consent (RFC 6749 3.1). May carry a query. */ readonly authorization_url?: string; /** Code exchange and refresh (RFC 6749 3.2). */ readonly token_url?: string; /** Where a refresh goes elsewhere. */ readonly refresh_url?: string; /** Ends tokens (RFC 7009). Without it a disconnect ends our use alone. */ readonly revoke_url?: string; /** Tells the life of a token (RFC 7662). */ readonly introspection_url?: string; /** Tells whose account it is (OpenID Connect Core 5.3). */ readonly userinfo_url?: string; /** RFC 9126. */ readonly pushed_authorization_request_url?: string; /** Which metadata an issuer publishes: RFC 8414, OpenID Connect, or whichever answers. */ readonly discovery: "auto" | "oauth" | "openid"; /** Shown where revocation fails or is not offered: where people remove access themselves. */ readonly instructions_url?: string; /** As the third party registered it. */ readonly client_id: string; /** How the client proves itself at the token endpoint. Check tells which methods a provider takes. */ readonly client_authentication: "client_secret_basic" | "client_secret_basic_raw" | "client_secret_post" | "client_secret_json" | "client_secret_header" | "client_secret_jwt" | "private_key_jwt" | "tls_client_auth" | "none"; /** Where an endpoint differs from the token endpoint. */ readonly client_authentication_at: { readonly refresh?: "client_secret_basic" | "client_secret_basic_raw" | "client_secret_post" | "client_secret_json" | "client_secret_header" | "client_secret_jwt" | "private_key_jwt" | "tls_client_auth" | "none"; readonly revocation?: "client_secret_basic" | "client_secret_basic_raw" | "client_secret_post" | "client_secret_json" | "client_secret_header" | "client_secret_jwt" | "private_key_jwt" | "tls_client_auth" | "none"; readonly introspection?: "client_secret_basic" | "client_secret_basic_raw" | "client_secret_post" | "client_secret_json" | "client_secret_header" | "client_secret_jwt" | "private_key_jwt" | "tls_client_auth" | "none"; readonly pushed_authorization_request?: "client_secret_basic" | "client_secret_basic_raw" | "client_secret_post" | "client_secret_json" | "client_secret_header" | "client_secret_jwt" | "private_key_jwt" | "tls_client_auth" | "none" }; /** For client_secret_header: may name {client_id}, {client_secret} and {basic_credentials}. */ readonly client_authentication_header?: { readonly name: string; readonly value: string }; /** How the JWT of client_secret_jwt and private_key_jwt is made (RFC 7523). */ readonly client_assertion?: { /** Of the signature; by default what the key is for. */ readonly alg?: "RS256" | "PS256" | "ES256" | "EdDSA" | "HS256"; /** The `kid` header (RFC 7515 4.1.4). */ readonly kid?: string; /** The `x5t` header, where the provider wants one (Entra ID). */ readonly x5t?: string; /** The `iss` claim (RFC 7523 3). */ readonly iss: string; /** The `sub` claim (RFC 7523 3). */ readonly sub: string; /** The `aud` claim, where it is neither the verified issuer nor the exact endpoint. */ readonly aud?: string; /** Seconds until `exp`. */ readonly lifetime_s: number; /** Apple takes the signed JWT as the client secret. */ readonly sent_as: "client_assertion" | "client_secret" }; /** Mutual TLS (RFC 8705). */ readonly tls_client?: { /** PEM, the client certificate first. Its key is set under `secrets`. */ readonly certificate: string; /** At the token endpoint, the API, or both. */ readonly at: readonly ("token" | "api")[] }; /** The authorization server as its metadata names it, byte for byte (RFC 8414, RFC 9207). */ readonly issuer?: string; /** What everyone is asked for. */ readonly scope: readonly (string)[]; /** Asked for too, and no fault where it is not granted. */ readonly optional_scope: readonly (string)[]; /** Never asked for by itself: only where a plugin or a connect link names it. */ readonly step_up_scope: readonly (string)[]; /** Without these the provider gives no refresh token: always asked for, never missed in what is granted. */ readonly refresh_scope: readonly (string)[]; /** What joins scopes. */ readonly scope_separator: string; /** Raw leaves the separator as it is, for providers that want a bare plus sign or comma. */ readonly scope_encoding: "percent" | "raw"; /** What a provider grants under another name: the scope asked for is held where any of these is. */ readonly scope_aliases: { readonly [name: string]: readonly (string)[] }; /** What each scope lets us do, for the person who is asked. */ readonly scope_descriptions: { readonly [name: string]: string }; /** A second list under a name of its own, as at Slack. */ readonly extra_scope_params: readonly ({ readonly name: string; readonly scope: readonly (string)[] })[]; /** Sent along, in this order. */ readonly authorization_params: readonly ({ readonly name: string; readonly value: string })[]; /** Only where the person was connected before; they replace those of the same name. */ readonly reconnect_params: readonly ({ readonly name: string; readonly value: string })[]; /** How the request deviates from RFC 6749. */ readonly authorization_request: { /** Standard parameters under another name. */ readonly rename: { readonly [Name in "client_id" | "redirect_uri" | "response_type" | "scope" | "state"]?: string }; /** Standard parameters that the provider refuses. */ readonly drop: readonly ("response_type" | "scope" | "redirect_uri")[]; /** Where the provider wants a name instead of the URL, as eBay does. */ readonly redirect_uri?: string; /** How the answer comes back (OAuth 2.0 Form Post Response Mode). */ readonly response_mode: "query" | "form_post"; /** The name of the code in the callback. */ readonly code_param: string; /** After the #, which WeChat wants. */ readonly fragment?: string; /** Parameters go to the provider first (PAR, RFC 9126). */ readonly pushed: boolean; /** Parameters go as a signed JWT (JAR, RFC 9101), under the private key. */ readonly request_object?: { readonly alg: "RS256" | "PS256" | "ES256" | "EdDSA" }; /** A parameter that signs all others with the client secret (HMAC-SHA-256, hex), as at Shopify. */ readonly callback_hmac?: { readonly parameter: string } }; /** Only for providers that break: plain, or none (RFC 7636). */ readonly pkce: "S256" | "plain" | "none"; /** Characters of the PKCE verifier. */ readonly pkce_verifier_length: number; /** Which API the token is for; repeated, and sent again on exchange and refresh (RFC 8707). */ readonly resource: readonly (string)[]; /** Whether the provider always returns `iss` (RFC 9207 authorization_response_iss_parameter_supported). */ readonly iss_required: boolean; /** One of its own, or the organization's (RFC 9700 4.4). */ readonly callback: "dedicated" | "organization"; /** Tokens are bound to the private key (RFC 9449). */ readonly dpop?: { readonly alg: "ES256" | "RS256" | "PS256" | "EdDSA" }; /** How the code is exchanged (RFC 6749 4.1.3). */ readonly token_request: { /** HTTP method. */ readonly method: "POST" | "GET" | "PUT"; /** Where the fields go. In the query the code and the secret stand in a URL, which some providers want. */ readonly format: "form" | "json" | "query"; /** Sent along; may name variables. */ readonly headers: { readonly [name: string]: string }; /** Further fields, also computed ones. */ readonly data: { readonly [name: string]: string | { /** The hash, or the HMAC under `key`. */ readonly compute: "sha256" | "sha1" | "md5" | "hmac_sha256" | "hmac_sha1"; /** What is hashed; may name {client_secret}, {code} and the like. */ readonly of: string; /** The key of an HMAC. */ readonly key?: string; /** How the bytes are written. */ readonly encoding: "hex" | "base64" | "base64url" } }; /** Fields in the query whatever the format; never secrets. */ readonly query: { readonly [name: string]: string | { /** The hash, or the HMAC under `key`. */ readonly compute: "sha256" | "sha1" | "md5" | "hmac_sha256" | "hmac_sha1"; /** What is hashed; may name {client_secret}, {code} and the like. */ readonly of: string; /** The key of an HMAC. */ readonly key?: string; /** How the bytes are written. */ readonly encoding: "hex" | "base64" | "base64url" } }; /** Standard fields under another name. */ readonly rename: { readonly [Name in "client_id" | "client_secret" | "code" | "code_verifier" | "grant_type" | "redirect_uri" | "refresh_token"]?: string }; /** Standard fields that the provider refuses. */ readonly drop: readonly ("client_id" | "client_secret" | "code" | "code_verifier" | "grant_type" | "redirect_uri" | "refresh_token")[]; /** Replaces authorization_code on the exchange; never leaks into refresh. */ readonly grant_type?: string }; /** A request right after the exchange that turns its access token into a long-lived one. */ readonly second_exchange?: { /** By default the token endpoint. */ readonly url?: string; /** HTTP method. */ readonly method: "POST" | "GET" | "PUT"; /** Where the fields go. In the query the code and the secret stand in a URL, which some providers want. */ readonly format: "form" | "json" | "query"; /** Sent along; may name variables. */ readonly headers: { readonly [name: string]: string }; /** All fields; may name {access_token}, {client_id}, {client_secret}. */ readonly data: { readonly [name: string]: string | { /** The hash, or the HMAC under `key`. */ readonly compute: "sha256" | "sha1" | "md5" | "hmac_sha256" | "hmac_sha1"; /** What is hashed; may name {client_secret}, {code} and the like. */ readonly of: string; /** The key of an HMAC. */ readonly key?: string; /** How the bytes are written. */ readonly encoding: "hex" | "base64" | "base64url" } }; /** Whether the access token authenticates the request. */ readonly bearer: boolean }; /** Where a refresh differs from the exchange: method, format, headers, rename and drop are taken over from the token request; data and query are not. */ readonly refresh_request: { readonly method?: "POST" | "GET" | "PUT"; readonly format?: "form" | "json" | "query"; readonly headers?: { readonly [name: string]: string }; readonly data?: { readonly [name: string]: string | { /** The hash, or the HMAC under `key`. */ readonly compute: "sha256" | "sha1" | "md5" | "hmac_sha256" | "hmac_sha1"; /** What is hashed; may name {client_secret}, {code} and the like. */ readonly of: string; /** The key of an HMAC. */ readonly key?: string; /** How the bytes are written. */ readonly encoding: "hex" | "base64" | "base64url" } }; readonly query?: { readonly [name: string]: string | { /** The hash, or the HMAC under `key`. */ readonly compute: "sha256" | "sha1" | "md5" | "hmac_sha256" | "hmac_sha1"; /** What is hashed; may name {client_secret}, {code} and the like. */ readonly of: string; /** The key of an HMAC. */ readonly key?: string; /** How the bytes are written. */ readonly encoding: "hex" | "base64" | "base64url" } }; readonly rename?: { readonly [Name in "client_id" | "client_secret" | "code" | "code_verifier" | "grant_type" | "redirect_uri" | "refresh_token"]?: string }; readonly drop?: readonly ("client_id" | "client_secret" | "code" | "code_verifier" | "grant_type" | "redirect_uri" | "refresh_token")[]; /** Replaces refresh_token. */ readonly grant_type?: string; /** Whether the granted scope is named again (RFC 6749 6). */ readonly send_scope: boolean }; /** How a token is kept fresh. */ readonly refresh: { /** By refresh token, by exchanging the access token while it lives, by asking the person again before it ends, or never. */ readonly strategy: "refresh_token" | "exchange_access_token" | "reauthorize" | "none"; /** For exchange_access_token. */ readonly exchange?: { /** By default the token endpoint. */ readonly url?: string; /** HTTP method. */ readonly method: "POST" | "GET" | "PUT"; /** Where the fields go. In the query the code and the secret stand in a URL, which some providers want. */ readonly format: "form" | "json" | "query"; /** Sent along; may name variables. */ readonly headers: { readonly [name: string]: string }; /** All fields; may name {access_token}, {client_id}, {client_secret}. */ readonly data: { readonly [name: string]: string | { /** The hash, or the HMAC under `key`. */ readonly compute: "sha256" | "sha1" | "md5" | "hmac_sha256" | "hmac_sha1"; /** What is hashed; may name {client_secret}, {code} and the like. */ readonly of: string; /** The key of an HMAC. */ readonly key?: string; /** How the bytes are written. */ readonly encoding: "hex" | "base64" | "base64url" } }; /** Whether the access token authenticates the request. */ readonly bearer: boolean }; /** Seconds before its end at which a token is renewed; by default 60, or a tenth of its life. */ readonly margin_s?: number; /** Seconds the token endpoint may take. */ readonly timeout_s: number; /** Seconds after which an unused refresh token lapses; it is kept alive before. */ readonly idle_s?: number; /** Seconds from consent after which the person must consent again; foretold on the connection. */ readonly absolute_s?: number }; /** How answers are read (RFC 6749 5). */ readonly token_response: { /** JSON, form-encoded, or text that is the access token itself. */ readonly format: "json" | "form" | "text"; /** JSON pointer. */ readonly access_token: string; /** JSON pointer. */ readonly refresh_token: string; /** JSON pointer. */ readonly id_token: string; /** JSON pointer. */ readonly token_type: string; /** JSON pointer. */ readonly scope: string; /** Where it is not that of the request. */ readonly scope_separator?: string; /** Kept under a name: sealed, revocable, and injected where a call names them. */ readonly extra_tokens: { readonly [name: string]: string }; /** When the access token ends. */ readonly expires: { /** JSON pointer. */ readonly at: string; /** A span from now in seconds or milliseconds, or an instant. */ readonly unit: "seconds" | "milliseconds" | "epoch_seconds" | "epoch_milliseconds" | "iso"; /** The answer, the `exp` of an access token that is a JWT, or the introspection endpoint (RFC 7662). */ readonly from: "answer" | "jwt" | "introspection"; /** Seconds, where nobody tells. */ readonly default_s?: number; /** Seconds; longer lives are cut. */ readonly max_s?: number; /** Whether 0 says that a token does not end. */ readonly zero_is_never: boolean }; /** Where the answer tells it. */ readonly refresh_expires?: { readonly at: string; readonly unit: "seconds" | "milliseconds" | "epoch_seconds" | "epoch_milliseconds" | "iso" }; /** What holds of every success; anything else is an error, whatever its status. */ readonly success: readonly ({ /** HTTP statuses, any of them. */ readonly status?: readonly (number)[]; /** Where in the JSON answer to look (RFC 6901). */ readonly pointer?: string; /** What may stand there, any of it. */ readonly equals?: readonly (string | number | boolean | null)[]; /** Whether anything stands there but null and empty text. */ readonly present?: boolean; /** A header of the answer. */ readonly header?: string; /** Text that the header holds, in any case. */ readonly contains?: string })[]; /** JSON pointer to the error code. */ readonly error: string; /** JSON pointer. */ readonly error_description: string; /** What a provider's own error codes mean: the grant is gone, the connector is refused, or it may pass. */ readonly error_classes: { readonly [name: string]: "grant_gone" | "client_rejected" | "unavailable" } }; /** The short form, with revoke_url. */ readonly revoke?: { /** How the revocation request authenticates. */ readonly authentication: "as_token_endpoint" | "request_body" | "basic" | "bearer" | "none"; /** The field, parameter or header that carries the token. */ readonly token_key: string; /** HTTP method. */ readonly method: "POST" | "DELETE" | "GET" | "PUT" | "PATCH"; /** Sent along. */ readonly headers: { readonly [name: string]: string }; /** Further fields; may name variables and {client_id}. */ readonly data: { readonly [name: string]: string | { /** The hash, or the HMAC under `key`. */ readonly compute: "sha256" | "sha1" | "md5" | "hmac_sha256" | "hmac_sha1"; /** What is hashed; may name {client_secret}, {code} and the like. */ readonly of: string; /** The key of an HMAC. */ readonly key?: string; /** How the bytes are written. */ readonly encoding: "hex" | "base64" | "base64url" } } }; /** How a grant is ended at the provider; instead of revoke_url. */ readonly revocation?: { /** Run in this order. */ readonly steps: readonly ({ /** refresh_token, access_token, both (each with its own outcome), none, or the name of a further token. */ readonly token: string; /** May name variables, {client_id}, and {token} in the path. */ readonly url: string; /** HTTP method. */ readonly method: "POST" | "DELETE" | "GET" | "PUT" | "PATCH"; /** As at the token endpoint, in the body, by client id alone, Basic, the token itself as Bearer, the access token as Bearer, a header, or none. */ readonly authentication: "as_token_endpoint" | "request_body" | "client_id" | "basic" | "basic_raw" | "bearer" | "bearer_access_token" | "header" | "none"; /** For header: may name {client_id}, {client_secret} and {basic_credentials}. */ readonly authentication_header?: { readonly name: string; readonly value: string }; /** By default the form where the method has a body, else the query. */ readonly position?: "form" | "json" | "query" | "path" | "header" | "none"; /** What carries further data where the token goes elsewhere. */ readonly body?: "form" | "json" | "none"; /** The field, parameter or header that carries the token. */ readonly token_key: string; /** For a header: the pattern around {token}. */ readonly token_value: string; /** Whether token_type_hint is sent (RFC 7009 2.1). */ readonly token_type_hint: boolean; /** Sent along. */ readonly headers: { readonly [name: string]: string }; /** Further fields; may name variables and {client_id}. */ readonly data: { readonly [name: string]: string | { /** The hash, or the HMAC under `key`. */ readonly compute: "sha256" | "sha1" | "md5" | "hmac_sha256" | "hmac_sha1"; /** What is hashed; may name {client_secret}, {code} and the like. */ readonly of: string; /** The key of an HMAC. */ readonly key?: string; /** How the bytes are written. */ readonly encoding: "hex" | "base64" | "base64url" } }; /** What holds of every success; by default a status of 2xx without an error. */ readonly success: readonly ({ /** HTTP statuses, any of them. */ readonly status?: readonly (number)[]; /** Where in the JSON answer to look (RFC 6901). */ readonly pointer?: string; /** What may stand there, any of it. */ readonly equals?: readonly (string | number | boolean | null)[]; /** Whether anything stands there but null and empty text. */ readonly present?: boolean; /** A header of the answer. */ readonly header?: string; /** Text that the header holds, in any case. */ readonly contains?: string })[]; /** What says that the token was dead before; besides 404, 410 and the errors of RFC 7009. */ readonly already_gone: readonly ({ /** HTTP statuses, any of them. */ readonly status?: readonly (number)[]; /** Where in the JSON answer to look (RFC 6901). */ readonly pointer?: string; /** What may stand there, any of it. */ readonly equals?: readonly (string | number | boolean | null)[]; /** Whether anything stands there but null and empty text. */ readonly present?: boolean; /** A header of the answer. */ readonly header?: string; /** Text that the header holds, in any case. */ readonly contains?: string })[]; /** Whether the access token is renewed first where it has ended. */ readonly needs_fresh_access_token: boolean; /** What ends: the token, the whole grant, or the app for everyone. The person is warned of the latter. */ readonly effect: "token" | "grant" | "application"; /** Whether a failure of this step is no failure of the disconnect. */ readonly best_effort: boolean })[]; /** The provider offers no revocation: people are told where to remove access (instructions_url). */ readonly unsupported: boolean }; /** How the token enters a call. */ readonly injection: { /** The header that carries the token. */ readonly header: string; /** The token stands for %s. */ readonly value: string } | { /** The token in the URL, for providers that take it nowhere else. */ readonly query: string }; readonly client_secret: { readonly set: boolean; readonly updated_at: string | null }; readonly secrets: { readonly previous_client_secret: { readonly set: boolean; readonly updated_at: string | null }; readonly private_key: { readonly set: boolean; readonly updated_at: string | null }; readonly tls_client_key: { readonly set: boolean; readonly updated_at: string | null }; readonly variables: { readonly [name: string]: { readonly set: boolean; readonly updated_at: string | null } } }; readonly discovered?: { readonly issuer: string; readonly authorization_url?: string; readonly token_url?: string; readonly revoke_url?: string; readonly introspection_url?: string; readonly userinfo_url?: string; readonly pushed_authorization_request_url?: string; readonly jwks_url?: string; readonly iss_parameter: boolean; readonly client_authentication_methods: readonly (string)[]; readonly pkce_methods: readonly (string)[]; readonly scopes: readonly (string)[] } }; /** Which third-party account a grant is for. */ readonly account: { /** The verified ID token, the userinfo endpoint (OpenID Connect Core 5.3), the token answer, or a request of its own. */ readonly from: "id_token" | "userinfo" | "token_answer" | "request"; /** For a request of its own. */ readonly request?: { /** May name variables; the credential is injected as in a gateway call. */ readonly url: string; /** HTTP method. */ readonly method: "GET" | "POST"; /** Sent along. */ readonly headers: { readonly [name: string]: string }; /** JSON text, for POST. */ readonly body?: string; /** What holds of a usable answer. */ readonly success: readonly ({ /** HTTP statuses, any of them. */ readonly status?: readonly (number)[]; /** Where in the JSON answer to look (RFC 6901). */ readonly pointer?: string; /** What may stand there, any of it. */ readonly equals?: readonly (string | number | boolean | null)[]; /** Whether anything stands there but null and empty text. */ readonly present?: boolean; /** A header of the answer. */ readonly header?: string; /** Text that the header holds, in any case. */ readonly contains?: string })[] }; /** Where one consent covers several sites: the pointer to their list. The person chooses one; other pointers are relative to it. */ readonly list?: string; /** What tells two accounts apart; by default `sub`. */ readonly id?: string; /** What the account is called, the first that is there; by default e-mail, user name, name, id. */ readonly label: readonly (string)[]; /** An https image. */ readonly icon?: string; /** Whether all connections of one account hold one grant at the provider, so that revoking one ends the others (HubSpot, Atlassian). */ readonly shared_grant: boolean }; /** What calls look like. */ readonly gateway: { /** Other hosts of the same API, each under a name that a call gives in `Behalf-Base`. */ readonly base_urls: { readonly [name: string]: string }; /** Sent where the caller sends none of the name; may name variables. */ readonly headers: { readonly [name: string]: string }; /** How the provider tells it; `Retry-After` is always read (RFC 9110 10.2.3). */ readonly rate_limit: { /** What says that there were too many calls. */ readonly status: readonly (number)[]; /** How many calls there are. */ readonly limit?: string; /** How many calls are left. */ readonly remaining?: string; /** When there are more again. */ readonly reset?: string; /** A span from now, or an instant. */ readonly reset_unit: "seconds" | "milliseconds" | "epoch_seconds" | "epoch_milliseconds" | "iso" }; /** Sent again with a renewed token after a refusal, where there is no body. */ readonly retryable_methods: readonly ("GET" | "HEAD" | "OPTIONS" | "POST" | "PUT" | "PATCH" | "DELETE")[]; /** What says that the access token is no longer taken, by status and header. */ readonly unauthorized: readonly ({ /** HTTP statuses, any of them. */ readonly status?: readonly (number)[]; /** Where in the JSON answer to look (RFC 6901). */ readonly pointer?: string; /** What may stand there, any of it. */ readonly equals?: readonly (string | number | boolean | null)[]; /** Whether anything stands there but null and empty text. */ readonly present?: boolean; /** A header of the answer. */ readonly header?: string; /** Text that the header holds, in any case. */ readonly contains?: string })[]; /** The only calls that may be made; by default all. */ readonly allow?: readonly ({ /** By default all. */ readonly methods?: readonly ("GET" | "HEAD" | "OPTIONS" | "POST" | "PUT" | "PATCH" | "DELETE")[]; /** What the path under the base URL begins with. */ readonly path_prefix: string })[]; /** Calls that may not be made, whatever is allowed. */ readonly deny: readonly ({ /** By default all. */ readonly methods?: readonly ("GET" | "HEAD" | "OPTIONS" | "POST" | "PUT" | "PATCH" | "DELETE")[]; /** What the path under the base URL begins with. */ readonly path_prefix: string })[] }; /** A call that shows whether a connection works. */ readonly health?: { /** HTTP method. */ readonly method: "GET" | "HEAD" | "POST"; /** Under the base URL. */ readonly path: string; /** What a healthy answer has. */ readonly status: readonly (number)[] }; readonly id: string; readonly callback_url: string; readonly observed_issuer: string | null; readonly approved: boolean; readonly approved_hosts: readonly (string)[]; readonly hosts: readonly (string)[]; readonly version: number; readonly created_at: string; readonly updated_at: string }

export type ConnectorIcon = { readonly media_type: "image/png" | "image/svg+xml"; readonly data: string }

export type Organization = { readonly id: string; readonly slug: string; readonly name: string; readonly url: string; readonly callback_url: string; readonly sso: { readonly issuer: string; readonly client_id: string; readonly callback_url: string }; readonly callback_policy: "safe" | "shared_callback_accepted"; readonly subject_idle_days: number | null; readonly debug_windows: boolean; readonly role_mapping: { readonly claim: string; readonly values: { readonly [Name in "developer" | "log_viewer" | "auditor" | "admin"]?: readonly (string)[] } } | null; readonly roster_claims: { readonly groups: string | null; readonly attributes: { readonly [name: string]: string } } | null; readonly strict_above: number; readonly call_log_days: number; readonly logo_url: string | null; readonly version: number }

export type OrganizationPatch = { readonly name?: string | undefined; readonly callback_policy?: "safe" | "shared_callback_accepted" | undefined; readonly subject_idle_days?: number | null | undefined; readonly debug_windows?: boolean | undefined; readonly role_mapping?: { readonly claim: string; readonly values: { readonly [Name in "developer" | "log_viewer" | "auditor" | "admin"]?: readonly (string)[] } } | null | undefined; readonly roster_claims?: { readonly groups?: string | null | undefined; readonly attributes?: { readonly [name: string]: string } | undefined } | null | undefined; readonly strict_above?: number | undefined; readonly call_log_days?: number | undefined }

export type ConnectorFromPreset = { readonly preset: string; readonly name?: string | undefined }

export type ConnectorCreate = { /** Of this form. */ readonly schema_version?: 1 | undefined; readonly name: string; /** What people see: the bare system name. */ readonly display_name?: string | undefined; /** What connecting unlocks, in their words. */ readonly display_description?: string | undefined; /** The catalogue's icon of this name; an uploaded one wins. */ readonly icon?: string | undefined; /** The provider's page about its OAuth. */ readonly documentation_url?: string | undefined; /** Every gateway path is appended under it. */ readonly base_url: string; /** Everyone may connect it without a plugin that asks. Admins alone. */ readonly open_to_all?: boolean | undefined; /** What differs between people or organizations: {name} in templates. */ readonly variables?: { readonly [name: string]: { /** Set here for the organization, asked of each person before connecting, or captured: from the callback, the token answer, the account lookup or introspection. */ readonly source?: "organization" | "person" | "callback" | "token" | "account" | "introspection" | undefined; /** For the organization: the value itself. */ readonly value?: string | undefined; /** The callback parameter, or the JSON pointer into the answer (RFC 6901). */ readonly at?: string | undefined; /** Used where there is no value; may name variables declared before it, so that fallbacks have an order. */ readonly default?: string | undefined; /** Text (only after the host of a URL), one host label, a host, or a whole https URL. */ readonly type?: "text" | "label" | "host" | "url" | undefined; /** What the whole value must match. */ readonly pattern?: string | undefined; /** The only values allowed. */ readonly enum?: readonly (string)[] | undefined; /** For a host or a URL: the domains it must lie under. */ readonly host_suffixes?: readonly (string)[] | undefined; /** What the person is asked for. */ readonly label?: string | undefined; /** Where the person finds it. */ readonly help?: string | undefined; /** Shown in the empty box. */ readonly example?: string | undefined; /** For the organization: the value is sealed and never read back. Set it under `secrets`. */ readonly secret?: boolean | undefined } } | undefined; readonly auth: { /** The kind of authorization. */ readonly type?: "oauth2" | undefined; /** RFC 6749 4.1. */ readonly grant_type?: "authorization_code" | undefined; /** Where people consent (RFC 6749 3.1). May carry a query. */ readonly authorization_url?: string | undefined; /** Code exchange and refresh (RFC 6749 3.2). */ readonly token_url?: string | undefined; /** Where a refresh goes elsewhere. */ readonly refresh_url?: string | undefined; /** Ends tokens (RFC 7009). Without it a disconnect ends our use alone. */ readonly revoke_url?: string | undefined; /** Tells the life of a token (RFC 7662). */ readonly introspection_url?: string | undefined; /** Tells whose account it is (OpenID Connect Core 5.3). */ readonly userinfo_url?: string | undefined; /** RFC 9126. */ readonly pushed_authorization_request_url?: string | undefined; /** Which metadata an issuer publishes: RFC 8414, OpenID Connect, or whichever answers. */ readonly discovery?: "auto" | "oauth" | "openid" | undefined; /** Shown where revocation fails or is not offered: where people remove access themselves. */ readonly instructions_url?: string | undefined; /** As the third party registered it. */ readonly client_id: string; /** How the client proves itself at the token endpoint. Check tells which methods a provider takes. */ readonly client_authentication?: "client_secret_basic" | "client_secret_basic_raw" | "client_secret_post" | "client_secret_json" | "client_secret_header" | "client_secret_jwt" | "private_key_jwt" | "tls_client_auth" | "none" | undefined; /** Where an endpoint differs from the token endpoint. */ readonly client_authentication_at?: { readonly refresh?: "client_secret_basic" | "client_secret_basic_raw" | "client_secret_post" | "client_secret_json" | "client_secret_header" | "client_secret_jwt" | "private_key_jwt" | "tls_client_auth" | "none" | undefined; readonly revocation?: "client_secret_basic" | "client_secret_basic_raw" | "client_secret_post" | "client_secret_json" | "client_secret_header" | "client_secret_jwt" | "private_key_jwt" | "tls_client_auth" | "none" | undefined; readonly introspection?: "client_secret_basic" | "client_secret_basic_raw" | "client_secret_post" | "client_secret_json" | "client_secret_header" | "client_secret_jwt" | "private_key_jwt" | "tls_client_auth" | "none" | undefined; readonly pushed_authorization_request?: "client_secret_basic" | "client_secret_basic_raw" | "client_secret_post" | "client_secret_json" | "client_secret_header" | "client_secret_jwt" | "private_key_jwt" | "tls_client_auth" | "none" | undefined } | undefined; /** For client_secret_header: may name {client_id}, {client_secret} and {basic_credentials}. */ readonly client_authentication_header?: { readonly name?: string | undefined; readonly value: string } | undefined; /** How the JWT of client_secret_jwt and private_key_jwt is made (RFC 7523). */ readonly client_assertion?: { /** Of the signature; by default what the key is for. */ readonly alg?: "RS256" | "PS256" | "ES256" | "EdDSA" | "HS256" | undefined; /** The `kid` header (RFC 7515 4.1.4). */ readonly kid?: string | undefined; /** The `x5t` header, where the provider wants one (Entra ID). */ readonly x5t?: string | undefined; /** The `iss` claim (RFC 7523 3). */ readonly iss?: string | undefined; /** The `sub` claim (RFC 7523 3). */ readonly sub?: string | undefined; /** The `aud` claim, where it is neither the verified issuer nor the exact endpoint. */ readonly aud?: string | undefined; /** Seconds until `exp`. */ readonly lifetime_s?: number | undefined; /** Apple takes the signed JWT as the client secret. */ readonly sent_as?: "client_assertion" | "client_secret" | undefined } | undefined; /** Mutual TLS (RFC 8705). */ readonly tls_client?: { /** PEM, the client certificate first. Its key is set under `secrets`. */ readonly certificate: string; /** At the token endpoint, the API, or both. */ readonly at?: readonly ("token" | "api")[] | undefined } | undefined; /** The authorization server as its metadata names it, byte for byte (RFC 8414, RFC 9207). */ readonly issuer?: string | undefined; /** Write-only; an empty box keeps the old one. */ readonly client_secret?: string | undefined; /** Write-only; what is left out is kept, null removes. */ readonly secrets?: ConnectorSecrets | undefined; /** What everyone is asked for. */ readonly scope: readonly (string)[]; /** Asked for too, and no fault where it is not granted. */ readonly optional_scope?: readonly (string)[] | undefined; /** Never asked for by itself: only where a plugin or a connect link names it. */ readonly step_up_scope?: readonly (string)[] | undefined; /** Without these the provider gives no refresh token: always asked for, never missed in what is granted. */ readonly refresh_scope?: readonly (string)[] | undefined; /** What joins scopes. */ readonly scope_separator?: string | undefined; /** Raw leaves the separator as it is, for providers that want a bare plus sign or comma. */ readonly scope_encoding?: "percent" | "raw" | undefined; /** What a provider grants under another name: the scope asked for is held where any of these is. */ readonly scope_aliases?: { readonly [name: string]: readonly (string)[] } | undefined; /** What each scope lets us do, for the person who is asked. */ readonly scope_descriptions?: { readonly [name: string]: string } | undefined; /** A second list under a name of its own, as at Slack. */ readonly extra_scope_params?: readonly ({ readonly name: string; readonly scope: readonly (string)[] })[] | undefined; /** Sent along, in this order. */ readonly authorization_params?: readonly ({ readonly name: string; readonly value: string })[] | undefined; /** Only where the person was connected before; they replace those of the same name. */ readonly reconnect_params?: readonly ({ readonly name: string; readonly value: string })[] | undefined; /** How the request deviates from RFC 6749. */ readonly authorization_request?: { /** Standard parameters under another name. */ readonly rename?: { readonly [Name in "client_id" | "redirect_uri" | "response_type" | "scope" | "state"]?: string } | undefined; /** Standard parameters that the provider refuses. */ readonly drop?: readonly ("response_type" | "scope" | "redirect_uri")[] | undefined; /** Where the provider wants a name instead of the URL, as eBay does. */ readonly redirect_uri?: string | undefined; /** How the answer comes back (OAuth 2.0 Form Post Response Mode). */ readonly response_mode?: "query" | "form_post" | undefined; /** The name of the code in the callback. */ readonly code_param?: string | undefined; /** After the #, which WeChat wants. */ readonly fragment?: string | undefined; /** Parameters go to the provider first (PAR, RFC 9126). */ readonly pushed?: boolean | undefined; /** Parameters go as a signed JWT (JAR, RFC 9101), under the private key. */ readonly request_object?: { readonly alg?: "RS256" | "PS256" | "ES256" | "EdDSA" | undefined } | undefined; /** A parameter that signs all others with the client secret (HMAC-SHA-256, hex), as at Shopify. */ readonly callback_hmac?: { readonly parameter?: string | undefined } | undefined } | undefined; /** Only for providers that break: plain, or none (RFC 7636). */ readonly pkce?: "S256" | "plain" | "none" | undefined; /** Characters of the PKCE verifier. */ readonly pkce_verifier_length?: number | undefined; /** Which API the token is for; repeated, and sent again on exchange and refresh (RFC 8707). */ readonly resource?: readonly (string)[] | undefined; /** Whether the provider always returns `iss` (RFC 9207 authorization_response_iss_parameter_supported). */ readonly iss_required?: boolean | undefined; /** One of its own, or the organization's (RFC 9700 4.4). */ readonly callback?: "dedicated" | "organization" | undefined; /** Tokens are bound to the private key (RFC 9449). */ readonly dpop?: { readonly alg?: "ES256" | "RS256" | "PS256" | "EdDSA" | undefined } | undefined; /** How the code is exchanged (RFC 6749 4.1.3). */ readonly token_request?: { /** HTTP method. */ readonly method?: "POST" | "GET" | "PUT" | undefined; /** Where the fields go. In the query the code and the secret stand in a URL, which some providers want. */ readonly format?: "form" | "json" | "query" | undefined; /** Sent along; may name variables. */ readonly headers?: { readonly [name: string]: string } | undefined; /** Further fields, also computed ones. */ readonly data?: { readonly [name: string]: string | { /** The hash, or the HMAC under `key`. */ readonly compute: "sha256" | "sha1" | "md5" | "hmac_sha256" | "hmac_sha1"; /** What is hashed; may name {client_secret}, {code} and the like. */ readonly of: string; /** The key of an HMAC. */ readonly key?: string | undefined; /** How the bytes are written. */ readonly encoding?: "hex" | "base64" | "base64url" | undefined } } | undefined; /** Fields in the query whatever the format; never secrets. */ readonly query?: { readonly [name: string]: string | { /** The hash, or the HMAC under `key`. */ readonly compute: "sha256" | "sha1" | "md5" | "hmac_sha256" | "hmac_sha1"; /** What is hashed; may name {client_secret}, {code} and the like. */ readonly of: string; /** The key of an HMAC. */ readonly key?: string | undefined; /** How the bytes are written. */ readonly encoding?: "hex" | "base64" | "base64url" | undefined } } | undefined; /** Standard fields under another name. */ readonly rename?: { readonly [Name in "client_id" | "client_secret" | "code" | "code_verifier" | "grant_type" | "redirect_uri" | "refresh_token"]?: string } | undefined; /** Standard fields that the provider refuses. */ readonly drop?: readonly ("client_id" | "client_secret" | "code" | "code_verifier" | "grant_type" | "redirect_uri" | "refresh_token")[] | undefined; /** Replaces authorization_code on the exchange; never leaks into refresh. */ readonly grant_type?: string | undefined } | undefined; /** A request right after the exchange that turns its access token into a long-lived one. */ readonly second_exchange?: { /** By default the token endpoint. */ readonly url?: string | undefined; /** HTTP method. */ readonly method?: "POST" | "GET" | "PUT" | undefined; /** Where the fields go. In the query the code and the secret stand in a URL, which some providers want. */ readonly format?: "form" | "json" | "query" | undefined; /** Sent along; may name variables. */ readonly headers?: { readonly [name: string]: string } | undefined; /** All fields; may name {access_token}, {client_id}, {client_secret}. */ readonly data?: { readonly [name: string]: string | { /** The hash, or the HMAC under `key`. */ readonly compute: "sha256" | "sha1" | "md5" | "hmac_sha256" | "hmac_sha1"; /** What is hashed; may name {client_secret}, {code} and the like. */ readonly of: string; /** The key of an HMAC. */ readonly key?: string | undefined; /** How the bytes are written. */ readonly encoding?: "hex" | "base64" | "base64url" | undefined } } | undefined; /** Whether the access token authenticates the request. */ readonly bearer?: boolean | undefined } | undefined; /** Where a refresh differs from the exchange: method, format, headers, rename and drop are taken over from the token request; data and query are not. */ readonly refresh_request?: { readonly method?: "POST" | "GET" | "PUT" | undefined; readonly format?: "form" | "json" | "query" | undefined; readonly headers?: { readonly [name: string]: string } | undefined; readonly data?: { readonly [name: string]: string | { /** The hash, or the HMAC under `key`. */ readonly compute: "sha256" | "sha1" | "md5" | "hmac_sha256" | "hmac_sha1"; /** What is hashed; may name {client_secret}, {code} and the like. */ readonly of: string; /** The key of an HMAC. */ readonly key?: string | undefined; /** How the bytes are written. */ readonly encoding?: "hex" | "base64" | "base64url" | undefined } } | undefined; readonly query?: { readonly [name: string]: string | { /** The hash, or the HMAC under `key`. */ readonly compute: "sha256" | "sha1" | "md5" | "hmac_sha256" | "hmac_sha1"; /** What is hashed; may name {client_secret}, {code} and the like. */ readonly of: string; /** The key of an HMAC. */ readonly key?: string | undefined; /** How the bytes are written. */ readonly encoding?: "hex" | "base64" | "base64url" | undefined } } | undefined; readonly rename?: { readonly [Name in "client_id" | "client_secret" | "code" | "code_verifier" | "grant_type" | "redirect_uri" | "refresh_token"]?: string } | undefined; readonly drop?: readonly ("client_id" | "client_secret" | "code" | "code_verifier" | "grant_type" | "redirect_uri" | "refresh_token")[] | undefined; /** Replaces refresh_token. */ readonly grant_type?: string | undefined; /** Whether the granted scope is named again (RFC 6749 6). */ readonly send_scope?: boolean | undefined } | undefined; /** How a token is kept fresh. */ readonly refresh?: { /** By refresh token, by exchanging the access token while it lives, by asking the person again before it ends, or never. */ readonly strategy?: "refresh_token" | "exchange_access_token" | "reauthorize" | "none" | undefined; /** For exchange_access_token. */ readonly exchange?: { /** By default the token endpoint. */ readonly url?: string | undefined; /** HTTP method. */ readonly method?: "POST" | "GET" | "PUT" | undefined; /** Where the fields go. In the query the code and the secret stand in a URL, which some providers want. */ readonly format?: "form" | "json" | "query" | undefined; /** Sent along; may name variables. */ readonly headers?: { readonly [name: string]: string } | undefined; /** All fields; may name {access_token}, {client_id}, {client_secret}. */ readonly data?: { readonly [name: string]: string | { /** The hash, or the HMAC under `key`. */ readonly compute: "sha256" | "sha1" | "md5" | "hmac_sha256" | "hmac_sha1"; /** What is hashed; may name {client_secret}, {code} and the like. */ readonly of: string; /** The key of an HMAC. */ readonly key?: string | undefined; /** How the bytes are written. */ readonly encoding?: "hex" | "base64" | "base64url" | undefined } } | undefined; /** Whether the access token authenticates the request. */ readonly bearer?: boolean | undefined } | undefined; /** Seconds before its end at which a token is renewed; by default 60, or a tenth of its life. */ readonly margin_s?: number | undefined; /** Seconds the token endpoint may take. */ readonly timeout_s?: number | undefined; /** Seconds after which an unused refresh token lapses; it is kept alive before. */ readonly idle_s?: number | undefined; /** Seconds from consent after which the person must consent again; foretold on the connection. */ readonly absolute_s?: number | undefined } | undefined; /** How answers are read (RFC 6749 5). */ readonly token_response?: { /** JSON, form-encoded, or text that is the access token itself. */ readonly format?: "json" | "form" | "text" | undefined; /** JSON pointer. */ readonly access_token?: string | undefined; /** JSON pointer. */ readonly refresh_token?: string | undefined; /** JSON pointer. */ readonly id_token?: string | undefined; /** JSON pointer. */ readonly token_type?: string | undefined; /** JSON pointer. */ readonly scope?: string | undefined; /** Where it is not that of the request. */ readonly scope_separator?: string | undefined; /** Kept under a name: sealed, revocable, and injected where a call names them. */ readonly extra_tokens?: { readonly [name: string]: string } | undefined; /** When the access token ends. */ readonly expires?: { /** JSON pointer. */ readonly at?: string | undefined; /** A span from now in seconds or milliseconds, or an instant. */ readonly unit?: "seconds" | "milliseconds" | "epoch_seconds" | "epoch_milliseconds" | "iso" | undefined; /** The answer, the `exp` of an access token that is a JWT, or the introspection endpoint (RFC 7662). */ readonly from?: "answer" | "jwt" | "introspection" | undefined; /** Seconds, where nobody tells. */ readonly default_s?: number | undefined; /** Seconds; longer lives are cut. */ readonly max_s?: number | undefined; /** Whether 0 says that a token does not end. */ readonly zero_is_never?: boolean | undefined } | undefined; /** Where the answer tells it. */ readonly refresh_expires?: { readonly at: string; readonly unit?: "seconds" | "milliseconds" | "epoch_seconds" | "epoch_milliseconds" | "iso" | undefined } | undefined; /** What holds of every success; anything else is an error, whatever its status. */ readonly success?: readonly ({ /** HTTP statuses, any of them. */ readonly status?: readonly (number)[] | undefined; /** Where in the JSON answer to look (RFC 6901). */ readonly pointer?: string | undefined; /** What may stand there, any of it. */ readonly equals?: readonly (string | number | boolean | null)[] | undefined; /** Whether anything stands there but null and empty text. */ readonly present?: boolean | undefined; /** A header of the answer. */ readonly header?: string | undefined; /** Text that the header holds, in any case. */ readonly contains?: string | undefined })[] | undefined; /** JSON pointer to the error code. */ readonly error?: string | undefined; /** JSON pointer. */ readonly error_description?: string | undefined; /** What a provider's own error codes mean: the grant is gone, the connector is refused, or it may pass. */ readonly error_classes?: { readonly [name: string]: "grant_gone" | "client_rejected" | "unavailable" } | undefined } | undefined; /** The short form, with revoke_url. */ readonly revoke?: { /** How the revocation request authenticates. */ readonly authentication?: "as_token_endpoint" | "request_body" | "basic" | "bearer" | "none" | undefined; /** The field, parameter or header that carries the token. */ readonly token_key?: string | undefined; /** HTTP method. */ readonly method?: "POST" | "DELETE" | "GET" | "PUT" | "PATCH" | undefined; /** Sent along. */ readonly headers?: { readonly [name: string]: string } | undefined; /** Further fields; may name variables and {client_id}. */ readonly data?: { readonly [name: string]: string | { /** The hash, or the HMAC under `key`. */ readonly compute: "sha256" | "sha1" | "md5" | "hmac_sha256" | "hmac_sha1"; /** What is hashed; may name {client_secret}, {code} and the like. */ readonly of: string; /** The key of an HMAC. */ readonly key?: string | undefined; /** How the bytes are written. */ readonly encoding?: "hex" | "base64" | "base64url" | undefined } } | undefined } | undefined; /** How a grant is ended at the provider; instead of revoke_url. */ readonly revocation?: { /** Run in this order. */ readonly steps?: readonly ({ /** refresh_token, access_token, both (each with its own outcome), none, or the name of a further token. */ readonly token?: string | undefined; /** May name variables, {client_id}, and {token} in the path. */ readonly url: string; /** HTTP method. */ readonly method?: "POST" | "DELETE" | "GET" | "PUT" | "PATCH" | undefined; /** As at the token endpoint, in the body, by client id alone, Basic, the token itself as Bearer, the access token as Bearer, a header, or none. */ readonly authentication?: "as_token_endpoint" | "request_body" | "client_id" | "basic" | "basic_raw" | "bearer" | "bearer_access_token" | "header" | "none" | undefined; /** For header: may name {client_id}, {client_secret} and {basic_credentials}. */ readonly authentication_header?: { readonly name?: string | undefined; readonly value: string } | undefined; /** By default the form where the method has a body, else the query. */ readonly position?: "form" | "json" | "query" | "path" | "header" | "none" | undefined; /** What carries further data where the token goes elsewhere. */ readonly body?: "form" | "json" | "none" | undefined; /** The field, parameter or header that carries the token. */ readonly token_key?: string | undefined; /** For a header: the pattern around {token}. */ readonly token_value?: string | undefined; /** Whether token_type_hint is sent (RFC 7009 2.1). */ readonly token_type_hint?: boolean | undefined; /** Sent along. */ readonly headers?: { readonly [name: string]: string } | undefined; /** Further fields; may name variables and {client_id}. */ readonly data?: { readonly [name: string]: string | { /** The hash, or the HMAC under `key`. */ readonly compute: "sha256" | "sha1" | "md5" | "hmac_sha256" | "hmac_sha1"; /** What is hashed; may name {client_secret}, {code} and the like. */ readonly of: string; /** The key of an HMAC. */ readonly key?: string | undefined; /** How the bytes are written. */ readonly encoding?: "hex" | "base64" | "base64url" | undefined } } | undefined; /** What holds of every success; by default a status of 2xx without an error. */ readonly success?: readonly ({ /** HTTP statuses, any of them. */ readonly status?: readonly (number)[] | undefined; /** Where in the JSON answer to look (RFC 6901). */ readonly pointer?: string | undefined; /** What may stand there, any of it. */ readonly equals?: readonly (string | number | boolean | null)[] | undefined; /** Whether anything stands there but null and empty text. */ readonly present?: boolean | undefined; /** A header of the answer. */ readonly header?: string | undefined; /** Text that the header holds, in any case. */ readonly contains?: string | undefined })[] | undefined; /** What says that the token was dead before; besides 404, 410 and the errors of RFC 7009. */ readonly already_gone?: readonly ({ /** HTTP statuses, any of them. */ readonly status?: readonly (number)[] | undefined; /** Where in the JSON answer to look (RFC 6901). */ readonly pointer?: string | undefined; /** What may stand there, any of it. */ readonly equals?: readonly (string | number | boolean | null)[] | undefined; /** Whether anything stands there but null and empty text. */ readonly present?: boolean | undefined; /** A header of the answer. */ readonly header?: string | undefined; /** Text that the header holds, in any case. */ readonly contains?: string | undefined })[] | undefined; /** Whether the access token is renewed first where it has ended. */ readonly needs_fresh_access_token?: boolean | undefined; /** What ends: the token, the whole grant, or the app for everyone. The person is warned of the latter. */ readonly effect?: "token" | "grant" | "application" | undefined; /** Whether a failure of this step is no failure of the disconnect. */ readonly best_effort?: boolean | undefined })[] | undefined; /** The provider offers no revocation: people are told where to remove access (instructions_url). */ readonly unsupported?: boolean | undefined } | undefined; /** How the token enters a call. */ readonly injection?: { /** The header that carries the token. */ readonly header?: string | undefined; /** The token stands for %s. */ readonly value?: string | undefined } | { /** The token in the URL, for providers that take it nowhere else. */ readonly query: string } | undefined }; /** Which third-party account a grant is for. */ readonly account?: { /** The verified ID token, the userinfo endpoint (OpenID Connect Core 5.3), the token answer, or a request of its own. */ readonly from?: "id_token" | "userinfo" | "token_answer" | "request" | undefined; /** For a request of its own. */ readonly request?: { /** May name variables; the credential is injected as in a gateway call. */ readonly url: string; /** HTTP method. */ readonly method?: "GET" | "POST" | undefined; /** Sent along. */ readonly headers?: { readonly [name: string]: string } | undefined; /** JSON text, for POST. */ readonly body?: string | undefined; /** What holds of a usable answer. */ readonly success?: readonly ({ /** HTTP statuses, any of them. */ readonly status?: readonly (number)[] | undefined; /** Where in the JSON answer to look (RFC 6901). */ readonly pointer?: string | undefined; /** What may stand there, any of it. */ readonly equals?: readonly (string | number | boolean | null)[] | undefined; /** Whether anything stands there but null and empty text. */ readonly present?: boolean | undefined; /** A header of the answer. */ readonly header?: string | undefined; /** Text that the header holds, in any case. */ readonly contains?: string | undefined })[] | undefined } | undefined; /** Where one consent covers several sites: the pointer to their list. The person chooses one; other pointers are relative to it. */ readonly list?: string | undefined; /** What tells two accounts apart; by default `sub`. */ readonly id?: string | undefined; /** What the account is called, the first that is there; by default e-mail, user name, name, id. */ readonly label?: readonly (string)[] | undefined; /** An https image. */ readonly icon?: string | undefined; /** Whether all connections of one account hold one grant at the provider, so that revoking one ends the others (HubSpot, Atlassian). */ readonly shared_grant?: boolean | undefined } | undefined; /** What calls look like. */ readonly gateway?: { /** Other hosts of the same API, each under a name that a call gives in `Behalf-Base`. */ readonly base_urls?: { readonly [name: string]: string } | undefined; /** Sent where the caller sends none of the name; may name variables. */ readonly headers?: { readonly [name: string]: string } | undefined; /** How the provider tells it; `Retry-After` is always read (RFC 9110 10.2.3). */ readonly rate_limit?: { /** What says that there were too many calls. */ readonly status?: readonly (number)[] | undefined; /** How many calls there are. */ readonly limit?: string | undefined; /** How many calls are left. */ readonly remaining?: string | undefined; /** When there are more again. */ readonly reset?: string | undefined; /** A span from now, or an instant. */ readonly reset_unit?: "seconds" | "milliseconds" | "epoch_seconds" | "epoch_milliseconds" | "iso" | undefined } | undefined; /** Sent again with a renewed token after a refusal, where there is no body. */ readonly retryable_methods?: readonly ("GET" | "HEAD" | "OPTIONS" | "POST" | "PUT" | "PATCH" | "DELETE")[] | undefined; /** What says that the access token is no longer taken, by status and header. */ readonly unauthorized?: readonly ({ /** HTTP statuses, any of them. */ readonly status?: readonly (number)[] | undefined; /** Where in the JSON answer to look (RFC 6901). */ readonly pointer?: string | undefined; /** What may stand there, any of it. */ readonly equals?: readonly (string | number | boolean | null)[] | undefined; /** Whether anything stands there but null and empty text. */ readonly present?: boolean | undefined; /** A header of the answer. */ readonly header?: string | undefined; /** Text that the header holds, in any case. */ readonly contains?: string | undefined })[] | undefined; /** The only calls that may be made; by default all. */ readonly allow?: readonly ({ /** By default all. */ readonly methods?: readonly ("GET" | "HEAD" | "OPTIONS" | "POST" | "PUT" | "PATCH" | "DELETE")[] | undefined; /** What the path under the base URL begins with. */ readonly path_prefix?: string | undefined })[] | undefined; /** Calls that may not be made, whatever is allowed. */ readonly deny?: readonly ({ /** By default all. */ readonly methods?: readonly ("GET" | "HEAD" | "OPTIONS" | "POST" | "PUT" | "PATCH" | "DELETE")[] | undefined; /** What the path under the base URL begins with. */ readonly path_prefix?: string | undefined })[] | undefined } | undefined; /** A call that shows whether a connection works. */ readonly health?: { /** HTTP method. */ readonly method?: "GET" | "HEAD" | "POST" | undefined; /** Under the base URL. */ readonly path: string; /** What a healthy answer has. */ readonly status?: readonly (number)[] | undefined } | undefined; readonly approve?: boolean | undefined }

export type ConnectorPatch = { readonly [name: string]: Json }

export type OwnCall = { readonly method?: "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE" | undefined; readonly path: string; readonly headers?: { readonly [name: string]: string } | undefined; readonly body?: string | undefined }

export type OwnAnswer = { readonly status: number; readonly headers: readonly ({ readonly name: string; readonly value: string })[]; readonly body: string }

export type Connection = { readonly id: string; readonly connector: string; readonly subject: string; readonly status: "connected" | "reconnect_required" | "disconnecting" | "revoked" | "disconnected_unconfirmed"; readonly account_label: string | null; readonly account_id: string | null; readonly account_icon: string | null; readonly variables: { readonly [name: string]: string }; readonly refresh_idle_until: string | null; readonly consent_until: string | null; readonly shares_grant_with: readonly (string)[]; readonly granted_scope: readonly (string)[] | null; readonly requested_scope: readonly (string)[]; readonly access_token_expires_at: string | null; readonly has_refresh_token: boolean; readonly connected_at: string; readonly last_used_at: string | null; readonly revocation: readonly ({ readonly step: number; readonly token: string; readonly outcome: "pending" | "revoked" | "already_gone" | "unsupported" | "gave_up" | "cancelled" })[]; readonly instructions_url: string | null }

export type ConnectLinkCreate = { readonly subject: string; readonly connector: string; readonly plugin?: string | undefined; readonly scope?: readonly (string)[] | undefined; readonly expires_in?: number | undefined; readonly return_to?: string | undefined }

export type ConnectLink = { readonly id: string; readonly url: string; readonly connector: string; readonly subject: string; readonly expires_at: string }

export type Attention = { readonly connections: { readonly reconnect_required: number; readonly disconnecting: number; readonly disconnected_unconfirmed: number } | null; readonly lapsing: readonly ({ readonly connector: string; readonly connections: number })[] | null; readonly turned_strict: readonly (string)[] | null }

export type SsoTrialCreate = { readonly issuer: string; readonly client_id: string; readonly client_secret?: string | undefined }

export type SsoTrial = { readonly id: string; readonly state: "waiting" | "passed" | "failed"; readonly issuer: string; readonly client_id: string; readonly sign_in_url: string; readonly reason: string | null; readonly person: { readonly sub: string; readonly email: string | null; readonly email_verified: boolean; readonly name: string | null; readonly roles: readonly ("developer" | "log_viewer" | "auditor" | "admin")[]; readonly subject: string | null } | null; readonly expires_at: string }

export type SsoPut = { readonly trial: string }

export type Plugin = { readonly name: string; readonly display_name: string; readonly description: string | null; readonly connectors: readonly ({ readonly connector: string; readonly scope: readonly (string)[]; readonly methods: readonly ("GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE" | "OPTIONS")[]; readonly path_prefixes: readonly (string)[] })[]; readonly actions: readonly ({ readonly name: string; readonly description: string; readonly connector: string; readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE"; readonly path: string; readonly query: { readonly [name: string]: string }; readonly headers: { readonly [name: string]: string }; readonly body?: Json; readonly input: { readonly [name: string]: Json }; readonly output?: { readonly [name: string]: Json }; readonly read_only: boolean; readonly destructive: boolean })[]; readonly subject_token_audiences: readonly (string)[]; readonly subject_token_max_age: number; readonly trusted: "nobody" | "launch_audience" | { readonly subjects: readonly (string)[] }; readonly token_release: readonly (string)[]; readonly id: string; readonly version: number; readonly published_version: number | null; readonly created_at: string; readonly updated_at: string }

export type PluginCreate = { readonly name: string; readonly display_name?: string | undefined; readonly description?: string | undefined; readonly connectors?: readonly ({ readonly connector: string; readonly scope?: readonly (string)[] | undefined; readonly methods?: readonly ("GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE" | "OPTIONS")[] | undefined; readonly path_prefixes?: readonly (string)[] | undefined })[] | undefined; readonly actions?: readonly ({ readonly name: string; readonly description: string; readonly connector: string; readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE"; readonly path: string; readonly query?: { readonly [name: string]: string } | undefined; readonly headers?: { readonly [name: string]: string } | undefined; readonly body?: Json | undefined; readonly input?: { readonly [name: string]: Json } | undefined; readonly output?: { readonly [name: string]: Json } | undefined; readonly read_only?: boolean | undefined; readonly destructive?: boolean | undefined })[] | undefined; readonly subject_token_audiences?: readonly (string)[] | undefined; readonly subject_token_max_age?: number | undefined; readonly trusted?: "nobody" | "launch_audience" | { readonly subjects: readonly (string)[] } | undefined; readonly token_release?: readonly (string)[] | undefined }

export type PluginPatch = { readonly [name: string]: Json }

export type PluginKey = { readonly id: string; readonly label: string; readonly start: string; readonly created_at: string; readonly expires_at: string | null; readonly revoked_at: string | null; readonly last_used_at: string | null }

export type PluginKeyCreate = { readonly label: string; readonly expires_at?: string | null | undefined }

export type NewPluginKey = { readonly id: string; readonly label: string; readonly start: string; readonly created_at: string; readonly expires_at: string | null; readonly revoked_at: string | null; readonly last_used_at: string | null; readonly key: string }

export type PluginVersion = { readonly version: number; readonly display_name: string; readonly description: string | null; readonly connectors: readonly ({ readonly connector: string; readonly scope: readonly (string)[]; readonly methods: readonly ("GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE" | "OPTIONS")[]; readonly path_prefixes: readonly (string)[] })[]; readonly actions: readonly ({ readonly name: string; readonly description: string; readonly connector: string; readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE"; readonly path: string; readonly query: { readonly [name: string]: string }; readonly headers: { readonly [name: string]: string }; readonly body?: Json; readonly input: { readonly [name: string]: Json }; readonly output?: { readonly [name: string]: Json }; readonly read_only: boolean; readonly destructive: boolean })[]; readonly published_at: string; readonly published_by: string }

export type RunAsk = { readonly input?: { readonly [name: string]: Json } | undefined }

export type Run = { readonly run_id: string; readonly status: number; readonly output: Json; readonly waited: boolean }

export type Launch = { readonly id: string; readonly version: number; readonly launch_audience: { readonly kind: "nobody" } | { readonly kind: "people"; readonly people: readonly ({ readonly subject: string | null; readonly email: string | null })[] } | { readonly kind: "groups"; readonly groups: readonly (string)[] } | { readonly kind: "everyone" } | { readonly kind: "everyone_but"; readonly people: readonly ({ readonly subject: string | null; readonly email: string | null })[]; readonly groups: readonly (string)[] } | { readonly kind: "rule"; readonly rule: string }; readonly redaction: "permissive" | "standard" | "strict"; readonly effective_redaction: "permissive" | "standard" | "strict"; readonly agreed: readonly (string)[]; readonly why_strict: "open_ended" | "over_threshold" | null; readonly live: boolean; readonly approved: boolean; readonly launched_at: string; readonly launched_by: string; readonly reason: string; readonly ended_at: string | null; readonly ended_by: string | null; readonly end_reason: string | null }

export type LaunchCreate = { readonly version?: number | undefined; readonly launch_audience: LaunchAudience; readonly redaction?: "permissive" | "standard" | "strict" | undefined; readonly reason: string; readonly replace?: boolean | undefined }

export type LaunchAudience = { readonly kind: "nobody" } | { readonly kind: "people"; readonly people: readonly (string)[] } | { readonly kind: "groups"; readonly groups: readonly (string)[] } | { readonly kind: "everyone" } | { readonly kind: "everyone_but"; readonly people?: readonly (string)[] | undefined; readonly groups?: readonly (string)[] | undefined } | { readonly kind: "rule"; readonly rule: string }

export type LaunchPreviewAsk = { readonly launch_audience: LaunchAudience; readonly redaction?: "permissive" | "standard" | "strict" | undefined; readonly replace?: boolean | undefined }

export type LaunchPreview = { readonly people: number; readonly not_signed_in: number; readonly named_in_all: number; readonly open_ended: boolean; readonly sample: readonly ({ readonly subject: string | null; readonly email: string | null; readonly name: string | null })[]; readonly effective_redaction: "permissive" | "standard" | "strict"; readonly redaction_once_agreed: "permissive" | "standard" | "strict"; readonly why_strict: "open_ended" | "over_threshold" | null }

export type LaunchExplanation = { readonly subject: string; readonly live: boolean; readonly launches: readonly ({ readonly launch: string; readonly version: number; readonly reaches: boolean; readonly because: readonly ({ readonly term: string; readonly has: string; readonly holds: boolean | null })[] })[] }

export type Me = { readonly kind: "session" | "api_key"; readonly subject: string | null; readonly name: string | null; readonly email: string | null; readonly roles: readonly ("developer" | "log_viewer" | "auditor" | "admin")[]; readonly may: readonly (string)[]; readonly organization: { readonly name: string; readonly url: string }; readonly csrf_token: string | null }

export type Person = { readonly id: string; readonly issuer: string; readonly email: string | null; readonly email_verified: boolean; readonly name: string | null; readonly status: "active" | "suspended"; readonly roles: readonly ("developer" | "log_viewer" | "auditor" | "admin")[]; readonly granted_roles: readonly ("developer" | "log_viewer" | "auditor" | "admin")[]; readonly groups: readonly (string)[]; readonly attributes: { readonly [name: string]: string | number | boolean | readonly (string)[] }; readonly last_seen_at: string | null; readonly version: number }

export type ImportedPerson = { readonly email: string; readonly name: string | null; readonly groups: readonly (string)[]; readonly attributes: { readonly [name: string]: string | number | boolean | readonly (string)[] }; readonly imported_at: string }

export type RosterImportAsk = { readonly csv: string; readonly dry_run?: boolean | undefined }

export type RosterImport = { readonly dry_run: boolean; readonly lines: number; readonly added: number; readonly changed: number; readonly unchanged: number; readonly known: number; readonly faults: readonly ({ readonly line: number; readonly reason: string })[] }

export type Roles = { readonly roles: readonly ("developer" | "log_viewer" | "auditor" | "admin")[] }

export type Session = { readonly id: string; readonly subject: string; readonly created_at: string; readonly last_seen_at: string; readonly expires_at: string; readonly current: boolean; readonly user_agent: string | null }

export type ApiKey = { readonly id: string; readonly roles: readonly ("developer" | "log_viewer" | "auditor" | "admin")[]; readonly label: string; readonly start: string; readonly created_at: string; readonly expires_at: string | null; readonly revoked_at: string | null; readonly last_used_at: string | null }

export type ApiKeyCreate = { readonly label: string; readonly expires_at?: string | null | undefined; readonly roles: readonly ("developer" | "log_viewer" | "auditor" | "admin")[] }

export type NewApiKey = { readonly id: string; readonly roles: readonly ("developer" | "log_viewer" | "auditor" | "admin")[]; readonly label: string; readonly start: string; readonly created_at: string; readonly expires_at: string | null; readonly revoked_at: string | null; readonly last_used_at: string | null; readonly key: string }

export type AuditEvent = { readonly id: string; readonly at: string; readonly action: string; readonly result: "done" | "refused" | "failed"; readonly principal: string; readonly on_behalf_of: string | null; readonly target: string | null; readonly address: string | null; readonly request_id: string | null; readonly details: { readonly [name: string]: Json }; readonly sequence: number | null }

export type AuditVerdict = { readonly sound: boolean; readonly events: number | null; readonly head: string | null; readonly broken_at: number | null; readonly broken: "altered" | "missing" | "tail_cut" | null }

export type CallLogEntry = { readonly id: string; readonly at: string; readonly run_id: string | null; readonly plugin: string | null; readonly plugin_version: number | null; readonly launch_id: string | null; readonly action: string | null; readonly connector: string; readonly subject: string | null; readonly method: string; readonly path_template: string; readonly status: number | null; readonly answered_by: "provider" | "behalf"; readonly code: string | null; readonly level: "info" | "warning" | "error"; readonly duration_ms: number; readonly request_bytes: number; readonly response_bytes: number; readonly request_id: string; readonly redaction: "permissive" | "standard" | "strict"; readonly removed: readonly ({ readonly part: "path" | "request_headers" | "request_body" | "response_headers" | "response_body"; readonly kind: "content" | "secret" | "email" | "masked" | "name" | "not_json" | "binary" | "too_large" | "too_deep"; readonly count: number; readonly paths: readonly (string)[] })[]; readonly content: { readonly path: string; readonly request_headers: readonly ({ readonly name: string; readonly value: string })[]; readonly request_body: string | null; readonly response_headers: readonly ({ readonly name: string; readonly value: string })[]; readonly response_body: string | null } | null; readonly expires_at: string }

export type DebugWindow = { readonly id: string; readonly plugin: string; readonly subject: string; readonly asked_by: string; readonly reason: string; readonly minutes: number; readonly redaction: "permissive" | "standard"; readonly state: "asked" | "open" | "declined" | "lapsed" | "over" | "ended"; readonly asked_at: string; readonly answered_at: string | null; readonly ends_at: string | null; readonly ended_at: string | null; readonly ended_by: string | null }

export type DebugWindowCreate = { readonly plugin: string; readonly subject: string; readonly reason: string; readonly minutes?: number | undefined; readonly redaction?: "permissive" | "standard" | undefined }

export type Usage = { readonly connection: string; readonly connector: string; readonly plugin: string; readonly subject: string; readonly calls: number; readonly failures: number; readonly first_used_at: string; readonly last_used_at: string; readonly seen_at: string | null }

export type UsageDay = { readonly day: string; readonly connection: string; readonly connector: string; readonly plugin: string; readonly subject: string; readonly calls: number; readonly failures: number }

export type Webhook = { readonly id: string; readonly url: string; readonly description: string | null; readonly events: readonly ("connection.created" | "connection.reconnect_required" | "connection.recovered" | "connection.scopes_changed" | "connection.disconnected" | "connection.revocation" | "connection.first_used" | "launch.started" | "launch.ended" | "run.waiting" | "run.resumed" | "run.ended" | "webhook.test")[]; readonly status: "active" | "paused" | "gone"; readonly previous_secret_ends_at: string | null; readonly version: number; readonly created_at: string; readonly updated_at: string }

export type WebhookCreate = { readonly url: string; readonly description?: string | null | undefined; readonly events?: readonly ("connection.created" | "connection.reconnect_required" | "connection.recovered" | "connection.scopes_changed" | "connection.disconnected" | "connection.revocation" | "connection.first_used" | "launch.started" | "launch.ended" | "run.waiting" | "run.resumed" | "run.ended" | "webhook.test")[] | undefined; readonly status?: "active" | "paused" | undefined }

export type NewWebhook = { readonly id: string; readonly url: string; readonly description: string | null; readonly events: readonly ("connection.created" | "connection.reconnect_required" | "connection.recovered" | "connection.scopes_changed" | "connection.disconnected" | "connection.revocation" | "connection.first_used" | "launch.started" | "launch.ended" | "run.waiting" | "run.resumed" | "run.ended" | "webhook.test")[]; readonly status: "active" | "paused" | "gone"; readonly previous_secret_ends_at: string | null; readonly version: number; readonly created_at: string; readonly updated_at: string; readonly secret: string }

export type WebhookPatch = { readonly url?: string | undefined; readonly description?: string | null | undefined; readonly events?: readonly ("connection.created" | "connection.reconnect_required" | "connection.recovered" | "connection.scopes_changed" | "connection.disconnected" | "connection.revocation" | "connection.first_used" | "launch.started" | "launch.ended" | "run.waiting" | "run.resumed" | "run.ended" | "webhook.test")[] | undefined; readonly status?: "active" | "paused" | undefined }

export type WebhookSecretCreate = { readonly keep_previous_for?: number | undefined }

export type WebhookDelivery = { readonly id: string; readonly message_id: string; readonly type: "connection.created" | "connection.reconnect_required" | "connection.recovered" | "connection.scopes_changed" | "connection.disconnected" | "connection.revocation" | "connection.first_used" | "launch.started" | "launch.ended" | "run.waiting" | "run.resumed" | "run.ended" | "webhook.test"; readonly status: "pending" | "delivered" | "dead"; readonly attempts: number; readonly next_attempt_at: string | null; readonly last_attempt_at: string | null; readonly last_status: number | null; readonly last_error: string | null; readonly payload: Json; readonly created_at: string }

export type PresetSummary = { readonly name: string; readonly display_name: string; readonly display_description: string | null; readonly documentation_url: string | null; readonly icon_url: string; readonly complete: boolean; readonly grades: { readonly [Name in "authorization" | "token" | "refresh" | "scopes" | "account" | "revocation" | "gateway" | "health"]?: "verified" | "reported" | "unchecked" } }

export type Preset = { readonly name: string; readonly display_name: string; readonly display_description: string | null; readonly documentation_url: string | null; readonly icon_url: string; readonly complete: boolean; readonly grades: { readonly [Name in "authorization" | "token" | "refresh" | "scopes" | "account" | "revocation" | "gateway" | "health"]?: "verified" | "reported" | "unchecked" }; readonly blocks: { readonly [Name in "authorization" | "token" | "refresh" | "scopes" | "account" | "revocation" | "gateway" | "health"]?: { readonly grade: "verified" | "reported" | "unchecked"; readonly sources: readonly ({ readonly at: string; readonly read_on?: string })[]; readonly note?: string } }; readonly to_fill_in: readonly ({ readonly pointer: string; readonly label: string; readonly help: string | null; readonly example: string | null; readonly choices: readonly (string)[] | null; readonly secret: boolean })[]; readonly definition: { readonly [name: string]: Json } }

export type ConnectorCheckAsked = { readonly client_authentication?: readonly ("client_secret_basic" | "client_secret_basic_raw" | "client_secret_post" | "client_secret_json" | "client_secret_header" | "client_secret_jwt" | "private_key_jwt" | "tls_client_auth" | "none")[] | undefined; readonly variables?: { readonly [name: string]: string } | undefined }

export type ConnectorCheck = { readonly connector: string; readonly checked_at: string; readonly passed: boolean; readonly results: readonly ({ readonly check: "discovery" | "reachability" | "client_authentication" | "redirect_uri" | "pkce" | "refresh_token" | "revocation" | "health"; readonly subject: string; readonly outcome: "passed" | "failed" | "warning" | "skipped"; readonly sent: string | null; readonly answered: string | null; readonly advice: string | null })[] }

/** Every stable code of a problem (RFC 9457). */
export type ProblemCode =
  | 'invalid_request'
  | 'invalid_cursor'
  | 'unauthenticated'
  | 'session_expired'
  | 'subject_token_invalid'
  | 'forbidden'
  | 'csrf_rejected'
  | 'scope_insufficient'
  | 'target_not_allowed'
  | 'not_in_launch_audience'
  | 'subject_not_allowed'
  | 'subject_suspended'
  | 'debug_windows_off'
  | 'release_not_allowed'
  | 'wrong_person'
  | 'wrong_browser'
  | 'not_found'
  | 'connector_not_found'
  | 'connection_not_found'
  | 'plugin_not_found'
  | 'action_not_found'
  | 'method_not_allowed'
  | 'connection_required'
  | 'reconnect_required'
  | 'version_conflict'
  | 'already_exists'
  | 'subject_ambiguous'
  | 'plugin_not_launched'
  | 'connector_not_approved'
  | 'last_admin'
  | 'sso_not_tried'
  | 'debug_window_over'
  | 'idempotency_conflict'
  | 'authorization_request_used'
  | 'link_expired'
  | 'body_too_large'
  | 'unsupported_media_type'
  | 'connector_misconfigured'
  | 'version_required'
  | 'rate_limited'
  | 'internal'
  | 'provider_invalid_response'
  | 'outbound_refused'
  | 'vault_unavailable'
  | 'store_unavailable'
  | 'provider_unavailable'
  | 'shutting_down'
  | 'provider_timeout'

/** Every REST operation: what it takes and what it answers. */
export type Operations = {
  /** Show what a definition would send, without saving it. `POST /connectors/preview`; needs connector.edit. */
  previewConnectorDefinition: {
    params: never
    query: never
    body: { /** Of this form. */ readonly schema_version?: 1 | undefined; readonly name: string; /** What people see: the bare system name. */ readonly display_name?: string | undefined; /** What connecting unlocks, in their words. */ readonly display_description?: string | undefined; /** The catalogue's icon of this name; an uploaded one wins. */ readonly icon?: string | undefined; /** The provider's page about its OAuth. */ readonly documentation_url?: string | undefined; /** Every gateway path is appended under it. */ readonly base_url: string; /** Everyone may connect it without a plugin that asks. Admins alone. */ readonly open_to_all?: boolean | undefined; /** What differs between people or organizations: {name} in templates. */ readonly variables?: { readonly [name: string]: { /** Set here for the organization, asked of each person before connecting, or captured: from the callback, the token answer, the account lookup or introspection. */ readonly source?: "organization" | "person" | "callback" | "token" | "account" | "introspection" | undefined; /** For the organization: the value itself. */ readonly value?: string | undefined; /** The callback parameter, or the JSON pointer into the answer (RFC 6901). */ readonly at?: string | undefined; /** Used where there is no value; may name variables declared before it, so that fallbacks have an order. */ readonly default?: string | undefined; /** Text (only after the host of a URL), one host label, a host, or a whole https URL. */ readonly type?: "text" | "label" | "host" | "url" | undefined; /** What the whole value must match. */ readonly pattern?: string | undefined; /** The only values allowed. */ readonly enum?: readonly (string)[] | undefined; /** For a host or a URL: the domains it must lie under. */ readonly host_suffixes?: readonly (string)[] | undefined; /** What the person is asked for. */ readonly label?: string | undefined; /** Where the person finds it. */ readonly help?: string | undefined; /** Shown in the empty box. */ readonly example?: string | undefined; /** For the organization: the value is sealed and never read back. Set it under `secrets`. */ readonly secret?: boolean | undefined } } | undefined; readonly auth: { /** The kind of authorization. */ readonly type?: "oauth2" | undefined; /** RFC 6749 4.1. */ readonly grant_type?: "authorization_code" | undefined; /** Where people consent (RFC 6749 3.1). May carry a query. */ readonly authorization_url?: string | undefined; /** Code exchange and refresh (RFC 6749 3.2). */ readonly token_url?: string | undefined; /** Where a refresh goes elsewhere. */ readonly refresh_url?: string | undefined; /** Ends tokens (RFC 7009). Without it a disconnect ends our use alone. */ readonly revoke_url?: string | undefined; /** Tells the life of a token (RFC 7662). */ readonly introspection_url?: string | undefined; /** Tells whose account it is (OpenID Connect Core 5.3). */ readonly userinfo_url?: string | undefined; /** RFC 9126. */ readonly pushed_authorization_request_url?: string | undefined; /** Which metadata an issuer publishes: RFC 8414, OpenID Connect, or whichever answers. */ readonly discovery?: "auto" | "oauth" | "openid" | undefined; /** Shown where revocation fails or is not offered: where people remove access themselves. */ readonly instructions_url?: string | undefined; /** As the third party registered it. */ readonly client_id: string; /** How the client proves itself at the token endpoint. Check tells which methods a provider takes. */ readonly client_authentication?: "client_secret_basic" | "client_secret_basic_raw" | "client_secret_post" | "client_secret_json" | "client_secret_header" | "client_secret_jwt" | "private_key_jwt" | "tls_client_auth" | "none" | undefined; /** Where an endpoint differs from the token endpoint. */ readonly client_authentication_at?: { readonly refresh?: "client_secret_basic" | "client_secret_basic_raw" | "client_secret_post" | "client_secret_json" | "client_secret_header" | "client_secret_jwt" | "private_key_jwt" | "tls_client_auth" | "none" | undefined; readonly revocation?: "client_secret_basic" | "client_secret_basic_raw" | "client_secret_post" | "client_secret_json" | "client_secret_header" | "client_secret_jwt" | "private_key_jwt" | "tls_client_auth" | "none" | undefined; readonly introspection?: "client_secret_basic" | "client_secret_basic_raw" | "client_secret_post" | "client_secret_json" | "client_secret_header" | "client_secret_jwt" | "private_key_jwt" | "tls_client_auth" | "none" | undefined; readonly pushed_authorization_request?: "client_secret_basic" | "client_secret_basic_raw" | "client_secret_post" | "client_secret_json" | "client_secret_header" | "client_secret_jwt" | "private_key_jwt" | "tls_client_auth" | "none" | undefined } | undefined; /** For client_secret_header: may name {client_id}, {client_secret} and {basic_credentials}. */ readonly client_authentication_header?: { readonly name?: string | undefined; readonly value: string } | undefined; /** How the JWT of client_secret_jwt and private_key_jwt is made (RFC 7523). */ readonly client_assertion?: { /** Of the signature; by default what the key is for. */ readonly alg?: "RS256" | "PS256" | "ES256" | "EdDSA" | "HS256" | undefined; /** The `kid` header (RFC 7515 4.1.4). */ readonly kid?: string | undefined; /** The `x5t` header, where the provider wants one (Entra ID). */ readonly x5t?: string | undefined; /** The `iss` claim (RFC 7523 3). */ readonly iss?: string | undefined; /** The `sub` claim (RFC 7523 3). */ readonly sub?: string | undefined; /** The `aud` claim, where it is neither the verified issuer nor the exact endpoint. */ readonly aud?: string | undefined; /** Seconds until `exp`. */ readonly lifetime_s?: number | undefined; /** Apple takes the signed JWT as the client secret. */ readonly sent_as?: "client_assertion" | "client_secret" | undefined } | undefined; /** Mutual TLS (RFC 8705). */ readonly tls_client?: { /** PEM, the client certificate first. Its key is set under `secrets`. */ readonly certificate: string; /** At the token endpoint, the API, or both. */ readonly at?: readonly ("token" | "api")[] | undefined } | undefined; /** The authorization server as its metadata names it, byte for byte (RFC 8414, RFC 9207). */ readonly issuer?: string | undefined; /** Write-only; an empty box keeps the old one. */ readonly client_secret?: string | undefined; /** Write-only; what is left out is kept, null removes. */ readonly secrets?: ConnectorSecrets | undefined; /** What everyone is asked for. */ readonly scope: readonly (string)[]; /** Asked for too, and no fault where it is not granted. */ readonly optional_scope?: readonly (string)[] | undefined; /** Never asked for by itself: only where a plugin or a connect link names it. */ readonly step_up_scope?: readonly (string)[] | undefined; /** Without these the provider gives no refresh token: always asked for, never missed in what is granted. */ readonly refresh_scope?: readonly (string)[] | undefined; /** What joins scopes. */ readonly scope_separator?: string | undefined; /** Raw leaves the separator as it is, for providers that want a bare plus sign or comma. */ readonly scope_encoding?: "percent" | "raw" | undefined; /** What a provider grants under another name: the scope asked for is held where any of these is. */ readonly scope_aliases?: { readonly [name: string]: readonly (string)[] } | undefined; /** What each scope lets us do, for the person who is asked. */ readonly scope_descriptions?: { readonly [name: string]: string } | undefined; /** A second list under a name of its own, as at Slack. */ readonly extra_scope_params?: readonly ({ readonly name: string; readonly scope: readonly (string)[] })[] | undefined; /** Sent along, in this order. */ readonly authorization_params?: readonly ({ readonly name: string; readonly value: string })[] | undefined; /** Only where the person was connected before; they replace those of the same name. */ readonly reconnect_params?: readonly ({ readonly name: string; readonly value: string })[] | undefined; /** How the request deviates from RFC 6749. */ readonly authorization_request?: { /** Standard parameters under another name. */ readonly rename?: { readonly [Name in "client_id" | "redirect_uri" | "response_type" | "scope" | "state"]?: string } | undefined; /** Standard parameters that the provider refuses. */ readonly drop?: readonly ("response_type" | "scope" | "redirect_uri")[] | undefined; /** Where the provider wants a name instead of the URL, as eBay does. */ readonly redirect_uri?: string | undefined; /** How the answer comes back (OAuth 2.0 Form Post Response Mode). */ readonly response_mode?: "query" | "form_post" | undefined; /** The name of the code in the callback. */ readonly code_param?: string | undefined; /** After the #, which WeChat wants. */ readonly fragment?: string | undefined; /** Parameters go to the provider first (PAR, RFC 9126). */ readonly pushed?: boolean | undefined; /** Parameters go as a signed JWT (JAR, RFC 9101), under the private key. */ readonly request_object?: { readonly alg?: "RS256" | "PS256" | "ES256" | "EdDSA" | undefined } | undefined; /** A parameter that signs all others with the client secret (HMAC-SHA-256, hex), as at Shopify. */ readonly callback_hmac?: { readonly parameter?: string | undefined } | undefined } | undefined; /** Only for providers that break: plain, or none (RFC 7636). */ readonly pkce?: "S256" | "plain" | "none" | undefined; /** Characters of the PKCE verifier. */ readonly pkce_verifier_length?: number | undefined; /** Which API the token is for; repeated, and sent again on exchange and refresh (RFC 8707). */ readonly resource?: readonly (string)[] | undefined; /** Whether the provider always returns `iss` (RFC 9207 authorization_response_iss_parameter_supported). */ readonly iss_required?: boolean | undefined; /** One of its own, or the organization's (RFC 9700 4.4). */ readonly callback?: "dedicated" | "organization" | undefined; /** Tokens are bound to the private key (RFC 9449). */ readonly dpop?: { readonly alg?: "ES256" | "RS256" | "PS256" | "EdDSA" | undefined } | undefined; /** How the code is exchanged (RFC 6749 4.1.3). */ readonly token_request?: { /** HTTP method. */ readonly method?: "POST" | "GET" | "PUT" | undefined; /** Where the fields go. In the query the code and the secret stand in a URL, which some providers want. */ readonly format?: "form" | "json" | "query" | undefined; /** Sent along; may name variables. */ readonly headers?: { readonly [name: string]: string } | undefined; /** Further fields, also computed ones. */ readonly data?: { readonly [name: string]: string | { /** The hash, or the HMAC under `key`. */ readonly compute: "sha256" | "sha1" | "md5" | "hmac_sha256" | "hmac_sha1"; /** What is hashed; may name {client_secret}, {code} and the like. */ readonly of: string; /** The key of an HMAC. */ readonly key?: string | undefined; /** How the bytes are written. */ readonly encoding?: "hex" | "base64" | "base64url" | undefined } } | undefined; /** Fields in the query whatever the format; never secrets. */ readonly query?: { readonly [name: string]: string | { /** The hash, or the HMAC under `key`. */ readonly compute: "sha256" | "sha1" | "md5" | "hmac_sha256" | "hmac_sha1"; /** What is hashed; may name {client_secret}, {code} and the like. */ readonly of: string; /** The key of an HMAC. */ readonly key?: string | undefined; /** How the bytes are written. */ readonly encoding?: "hex" | "base64" | "base64url" | undefined } } | undefined; /** Standard fields under another name. */ readonly rename?: { readonly [Name in "client_id" | "client_secret" | "code" | "code_verifier" | "grant_type" | "redirect_uri" | "refresh_token"]?: string } | undefined; /** Standard fields that the provider refuses. */ readonly drop?: readonly ("client_id" | "client_secret" | "code" | "code_verifier" | "grant_type" | "redirect_uri" | "refresh_token")[] | undefined; /** Replaces authorization_code on the exchange; never leaks into refresh. */ readonly grant_type?: string | undefined } | undefined; /** A request right after the exchange that turns its access token into a long-lived one. */ readonly second_exchange?: { /** By default the token endpoint. */ readonly url?: string | undefined; /** HTTP method. */ readonly method?: "POST" | "GET" | "PUT" | undefined; /** Where the fields go. In the query the code and the secret stand in a URL, which some providers want. */ readonly format?: "form" | "json" | "query" | undefined; /** Sent along; may name variables. */ readonly headers?: { readonly [name: string]: string } | undefined; /** All fields; may name {access_token}, {client_id}, {client_secret}. */ readonly data?: { readonly [name: string]: string | { /** The hash, or the HMAC under `key`. */ readonly compute: "sha256" | "sha1" | "md5" | "hmac_sha256" | "hmac_sha1"; /** What is hashed; may name {client_secret}, {code} and the like. */ readonly of: string; /** The key of an HMAC. */ readonly key?: string | undefined; /** How the bytes are written. */ readonly encoding?: "hex" | "base64" | "base64url" | undefined } } | undefined; /** Whether the access token authenticates the request. */ readonly bearer?: boolean | undefined } | undefined; /** Where a refresh differs from the exchange: method, format, headers, rename and drop are taken over from the token request; data and query are not. */ readonly refresh_request?: { readonly method?: "POST" | "GET" | "PUT" | undefined; readonly format?: "form" | "json" | "query" | undefined; readonly headers?: { readonly [name: string]: string } | undefined; readonly data?: { readonly [name: string]: string | { /** The hash, or the HMAC under `key`. */ readonly compute: "sha256" | "sha1" | "md5" | "hmac_sha256" | "hmac_sha1"; /** What is hashed; may name {client_secret}, {code} and the like. */ readonly of: string; /** The key of an HMAC. */ readonly key?: string | undefined; /** How the bytes are written. */ readonly encoding?: "hex" | "base64" | "base64url" | undefined } } | undefined; readonly query?: { readonly [name: string]: string | { /** The hash, or the HMAC under `key`. */ readonly compute: "sha256" | "sha1" | "md5" | "hmac_sha256" | "hmac_sha1"; /** What is hashed; may name {client_secret}, {code} and the like. */ readonly of: string; /** The key of an HMAC. */ readonly key?: string | undefined; /** How the bytes are written. */ readonly encoding?: "hex" | "base64" | "base64url" | undefined } } | undefined; readonly rename?: { readonly [Name in "client_id" | "client_secret" | "code" | "code_verifier" | "grant_type" | "redirect_uri" | "refresh_token"]?: string } | undefined; readonly drop?: readonly ("client_id" | "client_secret" | "code" | "code_verifier" | "grant_type" | "redirect_uri" | "refresh_token")[] | undefined; /** Replaces refresh_token. */ readonly grant_type?: string | undefined; /** Whether the granted scope is named again (RFC 6749 6). */ readonly send_scope?: boolean | undefined } | undefined; /** How a token is kept fresh. */ readonly refresh?: { /** By refresh token, by exchanging the access token while it lives, by asking the person again before it ends, or never. */ readonly strategy?: "refresh_token" | "exchange_access_token" | "reauthorize" | "none" | undefined; /** For exchange_access_token. */ readonly exchange?: { /** By default the token endpoint. */ readonly url?: string | undefined; /** HTTP method. */ readonly method?: "POST" | "GET" | "PUT" | undefined; /** Where the fields go. In the query the code and the secret stand in a URL, which some providers want. */ readonly format?: "form" | "json" | "query" | undefined; /** Sent along; may name variables. */ readonly headers?: { readonly [name: string]: string } | undefined; /** All fields; may name {access_token}, {client_id}, {client_secret}. */ readonly data?: { readonly [name: string]: string | { /** The hash, or the HMAC under `key`. */ readonly compute: "sha256" | "sha1" | "md5" | "hmac_sha256" | "hmac_sha1"; /** What is hashed; may name {client_secret}, {code} and the like. */ readonly of: string; /** The key of an HMAC. */ readonly key?: string | undefined; /** How the bytes are written. */ readonly encoding?: "hex" | "base64" | "base64url" | undefined } } | undefined; /** Whether the access token authenticates the request. */ readonly bearer?: boolean | undefined } | undefined; /** Seconds before its end at which a token is renewed; by default 60, or a tenth of its life. */ readonly margin_s?: number | undefined; /** Seconds the token endpoint may take. */ readonly timeout_s?: number | undefined; /** Seconds after which an unused refresh token lapses; it is kept alive before. */ readonly idle_s?: number | undefined; /** Seconds from consent after which the person must consent again; foretold on the connection. */ readonly absolute_s?: number | undefined } | undefined; /** How answers are read (RFC 6749 5). */ readonly token_response?: { /** JSON, form-encoded, or text that is the access token itself. */ readonly format?: "json" | "form" | "text" | undefined; /** JSON pointer. */ readonly access_token?: string | undefined; /** JSON pointer. */ readonly refresh_token?: string | undefined; /** JSON pointer. */ readonly id_token?: string | undefined; /** JSON pointer. */ readonly token_type?: string | undefined; /** JSON pointer. */ readonly scope?: string | undefined; /** Where it is not that of the request. */ readonly scope_separator?: string | undefined; /** Kept under a name: sealed, revocable, and injected where a call names them. */ readonly extra_tokens?: { readonly [name: string]: string } | undefined; /** When the access token ends. */ readonly expires?: { /** JSON pointer. */ readonly at?: string | undefined; /** A span from now in seconds or milliseconds, or an instant. */ readonly unit?: "seconds" | "milliseconds" | "epoch_seconds" | "epoch_milliseconds" | "iso" | undefined; /** The answer, the `exp` of an access token that is a JWT, or the introspection endpoint (RFC 7662). */ readonly from?: "answer" | "jwt" | "introspection" | undefined; /** Seconds, where nobody tells. */ readonly default_s?: number | undefined; /** Seconds; longer lives are cut. */ readonly max_s?: number | undefined; /** Whether 0 says that a token does not end. */ readonly zero_is_never?: boolean | undefined } | undefined; /** Where the answer tells it. */ readonly refresh_expires?: { readonly at: string; readonly unit?: "seconds" | "milliseconds" | "epoch_seconds" | "epoch_milliseconds" | "iso" | undefined } | undefined; /** What holds of every success; anything else is an error, whatever its status. */ readonly success?: readonly ({ /** HTTP statuses, any of them. */ readonly status?: readonly (number)[] | undefined; /** Where in the JSON answer to look (RFC 6901). */ readonly pointer?: string | undefined; /** What may stand there, any of it. */ readonly equals?: readonly (string | number | boolean | null)[] | undefined; /** Whether anything stands there but null and empty text. */ readonly present?: boolean | undefined; /** A header of the answer. */ readonly header?: string | undefined; /** Text that the header holds, in any case. */ readonly contains?: string | undefined })[] | undefined; /** JSON pointer to the error code. */ readonly error?: string | undefined; /** JSON pointer. */ readonly error_description?: string | undefined; /** What a provider's own error codes mean: the grant is gone, the connector is refused, or it may pass. */ readonly error_classes?: { readonly [name: string]: "grant_gone" | "client_rejected" | "unavailable" } | undefined } | undefined; /** The short form, with revoke_url. */ readonly revoke?: { /** How the revocation request authenticates. */ readonly authentication?: "as_token_endpoint" | "request_body" | "basic" | "bearer" | "none" | undefined; /** The field, parameter or header that carries the token. */ readonly token_key?: string | undefined; /** HTTP method. */ readonly method?: "POST" | "DELETE" | "GET" | "PUT" | "PATCH" | undefined; /** Sent along. */ readonly headers?: { readonly [name: string]: string } | undefined; /** Further fields; may name variables and {client_id}. */ readonly data?: { readonly [name: string]: string | { /** The hash, or the HMAC under `key`. */ readonly compute: "sha256" | "sha1" | "md5" | "hmac_sha256" | "hmac_sha1"; /** What is hashed; may name {client_secret}, {code} and the like. */ readonly of: string; /** The key of an HMAC. */ readonly key?: string | undefined; /** How the bytes are written. */ readonly encoding?: "hex" | "base64" | "base64url" | undefined } } | undefined } | undefined; /** How a grant is ended at the provider; instead of revoke_url. */ readonly revocation?: { /** Run in this order. */ readonly steps?: readonly ({ /** refresh_token, access_token, both (each with its own outcome), none, or the name of a further token. */ readonly token?: string | undefined; /** May name variables, {client_id}, and {token} in the path. */ readonly url: string; /** HTTP method. */ readonly method?: "POST" | "DELETE" | "GET" | "PUT" | "PATCH" | undefined; /** As at the token endpoint, in the body, by client id alone, Basic, the token itself as Bearer, the access token as Bearer, a header, or none. */ readonly authentication?: "as_token_endpoint" | "request_body" | "client_id" | "basic" | "basic_raw" | "bearer" | "bearer_access_token" | "header" | "none" | undefined; /** For header: may name {client_id}, {client_secret} and {basic_credentials}. */ readonly authentication_header?: { readonly name?: string | undefined; readonly value: string } | undefined; /** By default the form where the method has a body, else the query. */ readonly position?: "form" | "json" | "query" | "path" | "header" | "none" | undefined; /** What carries further data where the token goes elsewhere. */ readonly body?: "form" | "json" | "none" | undefined; /** The field, parameter or header that carries the token. */ readonly token_key?: string | undefined; /** For a header: the pattern around {token}. */ readonly token_value?: string | undefined; /** Whether token_type_hint is sent (RFC 7009 2.1). */ readonly token_type_hint?: boolean | undefined; /** Sent along. */ readonly headers?: { readonly [name: string]: string } | undefined; /** Further fields; may name variables and {client_id}. */ readonly data?: { readonly [name: string]: string | { /** The hash, or the HMAC under `key`. */ readonly compute: "sha256" | "sha1" | "md5" | "hmac_sha256" | "hmac_sha1"; /** What is hashed; may name {client_secret}, {code} and the like. */ readonly of: string; /** The key of an HMAC. */ readonly key?: string | undefined; /** How the bytes are written. */ readonly encoding?: "hex" | "base64" | "base64url" | undefined } } | undefined; /** What holds of every success; by default a status of 2xx without an error. */ readonly success?: readonly ({ /** HTTP statuses, any of them. */ readonly status?: readonly (number)[] | undefined; /** Where in the JSON answer to look (RFC 6901). */ readonly pointer?: string | undefined; /** What may stand there, any of it. */ readonly equals?: readonly (string | number | boolean | null)[] | undefined; /** Whether anything stands there but null and empty text. */ readonly present?: boolean | undefined; /** A header of the answer. */ readonly header?: string | undefined; /** Text that the header holds, in any case. */ readonly contains?: string | undefined })[] | undefined; /** What says that the token was dead before; besides 404, 410 and the errors of RFC 7009. */ readonly already_gone?: readonly ({ /** HTTP statuses, any of them. */ readonly status?: readonly (number)[] | undefined; /** Where in the JSON answer to look (RFC 6901). */ readonly pointer?: string | undefined; /** What may stand there, any of it. */ readonly equals?: readonly (string | number | boolean | null)[] | undefined; /** Whether anything stands there but null and empty text. */ readonly present?: boolean | undefined; /** A header of the answer. */ readonly header?: string | undefined; /** Text that the header holds, in any case. */ readonly contains?: string | undefined })[] | undefined; /** Whether the access token is renewed first where it has ended. */ readonly needs_fresh_access_token?: boolean | undefined; /** What ends: the token, the whole grant, or the app for everyone. The person is warned of the latter. */ readonly effect?: "token" | "grant" | "application" | undefined; /** Whether a failure of this step is no failure of the disconnect. */ readonly best_effort?: boolean | undefined })[] | undefined; /** The provider offers no revocation: people are told where to remove access (instructions_url). */ readonly unsupported?: boolean | undefined } | undefined; /** How the token enters a call. */ readonly injection?: { /** The header that carries the token. */ readonly header?: string | undefined; /** The token stands for %s. */ readonly value?: string | undefined } | { /** The token in the URL, for providers that take it nowhere else. */ readonly query: string } | undefined }; /** Which third-party account a grant is for. */ readonly account?: { /** The verified ID token, the userinfo endpoint (OpenID Connect Core 5.3), the token answer, or a request of its own. */ readonly from?: "id_token" | "userinfo" | "token_answer" | "request" | undefined; /** For a request of its own. */ readonly request?: { /** May name variables; the credential is injected as in a gateway call. */ readonly url: string; /** HTTP method. */ readonly method?: "GET" | "POST" | undefined; /** Sent along. */ readonly headers?: { readonly [name: string]: string } | undefined; /** JSON text, for POST. */ readonly body?: string | undefined; /** What holds of a usable answer. */ readonly success?: readonly ({ /** HTTP statuses, any of them. */ readonly status?: readonly (number)[] | undefined; /** Where in the JSON answer to look (RFC 6901). */ readonly pointer?: string | undefined; /** What may stand there, any of it. */ readonly equals?: readonly (string | number | boolean | null)[] | undefined; /** Whether anything stands there but null and empty text. */ readonly present?: boolean | undefined; /** A header of the answer. */ readonly header?: string | undefined; /** Text that the header holds, in any case. */ readonly contains?: string | undefined })[] | undefined } | undefined; /** Where one consent covers several sites: the pointer to their list. The person chooses one; other pointers are relative to it. */ readonly list?: string | undefined; /** What tells two accounts apart; by default `sub`. */ readonly id?: string | undefined; /** What the account is called, the first that is there; by default e-mail, user name, name, id. */ readonly label?: readonly (string)[] | undefined; /** An https image. */ readonly icon?: string | undefined; /** Whether all connections of one account hold one grant at the provider, so that revoking one ends the others (HubSpot, Atlassian). */ readonly shared_grant?: boolean | undefined } | undefined; /** What calls look like. */ readonly gateway?: { /** Other hosts of the same API, each under a name that a call gives in `Behalf-Base`. */ readonly base_urls?: { readonly [name: string]: string } | undefined; /** Sent where the caller sends none of the name; may name variables. */ readonly headers?: { readonly [name: string]: string } | undefined; /** How the provider tells it; `Retry-After` is always read (RFC 9110 10.2.3). */ readonly rate_limit?: { /** What says that there were too many calls. */ readonly status?: readonly (number)[] | undefined; /** How many calls there are. */ readonly limit?: string | undefined; /** How many calls are left. */ readonly remaining?: string | undefined; /** When there are more again. */ readonly reset?: string | undefined; /** A span from now, or an instant. */ readonly reset_unit?: "seconds" | "milliseconds" | "epoch_seconds" | "epoch_milliseconds" | "iso" | undefined } | undefined; /** Sent again with a renewed token after a refusal, where there is no body. */ readonly retryable_methods?: readonly ("GET" | "HEAD" | "OPTIONS" | "POST" | "PUT" | "PATCH" | "DELETE")[] | undefined; /** What says that the access token is no longer taken, by status and header. */ readonly unauthorized?: readonly ({ /** HTTP statuses, any of them. */ readonly status?: readonly (number)[] | undefined; /** Where in the JSON answer to look (RFC 6901). */ readonly pointer?: string | undefined; /** What may stand there, any of it. */ readonly equals?: readonly (string | number | boolean | null)[] | undefined; /** Whether anything stands there but null and empty text. */ readonly present?: boolean | undefined; /** A header of the answer. */ readonly header?: string | undefined; /** Text that the header holds, in any case. */ readonly contains?: string | undefined })[] | undefined; /** The only calls that may be made; by default all. */ readonly allow?: readonly ({ /** By default all. */ readonly methods?: readonly ("GET" | "HEAD" | "OPTIONS" | "POST" | "PUT" | "PATCH" | "DELETE")[] | undefined; /** What the path under the base URL begins with. */ readonly path_prefix?: string | undefined })[] | undefined; /** Calls that may not be made, whatever is allowed. */ readonly deny?: readonly ({ /** By default all. */ readonly methods?: readonly ("GET" | "HEAD" | "OPTIONS" | "POST" | "PUT" | "PATCH" | "DELETE")[] | undefined; /** What the path under the base URL begins with. */ readonly path_prefix?: string | undefined })[] | undefined } | undefined; /** A call that shows whether a connection works. */ readonly health?: { /** HTTP method. */ readonly method?: "GET" | "HEAD" | "POST" | undefined; /** Under the base URL. */ readonly path: string; /** What a healthy answer has. */ readonly status?: readonly (number)[] | undefined } | undefined }
    answer: ConnectorPreview
    versioned: false
  }
  /** Show what a connector sends. `GET /connectors/{name}/preview`; needs connector.read. */
  previewConnector: {
    params: { readonly name: string }
    query: never
    body: never
    answer: ConnectorPreview
    versioned: false
  }
  /** List the versions of a connector, newest first. `GET /connectors/{name}/versions`; needs connector.read. */
  listConnectorVersions: {
    params: { readonly name: string }
    query: { readonly cursor?: string | undefined; readonly limit?: number | undefined }
    body: never
    answer: { readonly items: readonly (ConnectorVersion)[]; readonly next_cursor: string | null }
    versioned: false
  }
  /** Make a former version the newest one. `POST /connectors/{name}/versions/{restored}/restore`; needs connector.edit. */
  restoreConnectorVersion: {
    params: { readonly name: string; readonly restored: number }
    query: never
    body: never
    answer: Connector
    versioned: true
  }
  /** Upload an icon. `PUT /connectors/{name}/icon`; needs connector.edit. */
  putConnectorIcon: {
    params: { readonly name: string }
    query: never
    body: ConnectorIcon
    answer: undefined
    versioned: false
  }
  /** Remove an uploaded icon. `DELETE /connectors/{name}/icon`; needs connector.edit. */
  deleteConnectorIcon: {
    params: { readonly name: string }
    query: never
    body: never
    answer: undefined
    versioned: false
  }
  /** Read the organization and its URLs. `GET /organization`; needs organization.read. */
  readOrganization: {
    params: never
    query: never
    body: never
    answer: Organization
    versioned: false
  }
  /** Change the organization. `PATCH /organization`; needs organization.edit. */
  updateOrganization: {
    params: never
    query: never
    body: OrganizationPatch
    answer: Organization
    versioned: true
  }
  /** Upload the logo that the pages carry. `PUT /organization/logo`; needs organization.edit. */
  putLogo: {
    params: never
    query: never
    body: ConnectorIcon
    answer: undefined
    versioned: false
  }
  /** Remove the logo. `DELETE /organization/logo`; needs organization.edit. */
  deleteLogo: {
    params: never
    query: never
    body: never
    answer: undefined
    versioned: false
  }
  /** List connectors. `GET /connectors`; needs connector.read. */
  listConnectors: {
    params: never
    query: { readonly cursor?: string | undefined; readonly limit?: number | undefined }
    body: never
    answer: { readonly items: readonly (Connector)[]; readonly next_cursor: string | null }
    versioned: false
  }
  /** Create a connector. `POST /connectors`; needs connector.edit. */
  createConnector: {
    params: never
    query: never
    body: ConnectorFromPreset | ConnectorCreate
    answer: Connector
    versioned: false
  }
  /** Read a connector. `GET /connectors/{name}`; needs connector.read. */
  readConnector: {
    params: { readonly name: string }
    query: never
    body: never
    answer: Connector
    versioned: false
  }
  /** Change a connector (RFC 7396). `PATCH /connectors/{name}`; needs connector.edit. */
  updateConnector: {
    params: { readonly name: string }
    query: never
    body: ConnectorPatch
    answer: Connector
    versioned: true
  }
  /** Retire a connector and disconnect everyone. `DELETE /connectors/{name}`; needs connector.edit. */
  deleteConnector: {
    params: { readonly name: string }
    query: never
    body: never
    answer: undefined
    versioned: false
  }
  /** Approve the hosts of a connector. `POST /connectors/{name}/approve`; needs connector.approve. */
  approveConnector: {
    params: { readonly name: string }
    query: never
    body: never
    answer: Connector
    versioned: false
  }
  /** Try one call with one’s own connection. `POST /connectors/{name}/call`; needs connector.edit. */
  callConnector: {
    params: { readonly name: string }
    query: never
    body: OwnCall
    answer: OwnAnswer
    versioned: false
  }
  /** List connections. `GET /connections`; needs connection.read, or is one’s own. */
  listConnections: {
    params: never
    query: { readonly cursor?: string | undefined; readonly limit?: number | undefined; readonly subject?: string | undefined; readonly connector?: string | undefined; readonly status?: "connected" | "reconnect_required" | "disconnecting" | "revoked" | "disconnected_unconfirmed" | undefined }
    body: never
    answer: { readonly items: readonly (Connection)[]; readonly next_cursor: string | null }
    versioned: false
  }
  /** Read a connection. `GET /connections/{connection}`; needs connection.read, or is one’s own. */
  readConnection: {
    params: { readonly connection: string }
    query: never
    body: never
    answer: Connection
    versioned: false
  }
  /** Disconnect. `DELETE /connections/{connection}`; needs connection.disconnect, or is one’s own. */
  deleteConnection: {
    params: { readonly connection: string }
    query: never
    body: never
    answer: Connection
    versioned: false
  }
  /** Make a link that lets one person connect one system. `POST /connect-links`; needs connect-link.create. */
  createConnectLink: {
    params: never
    query: never
    body: ConnectLinkCreate
    answer: ConnectLink
    versioned: false
  }
  /** Read what needs somebody. `GET /attention`; needs organization.read. */
  readAttention: {
    params: never
    query: never
    body: never
    answer: Attention
    versioned: false
  }
  /** Try other SSO settings. `POST /organization/sso/trials`; needs organization.edit. */
  trySso: {
    params: never
    query: never
    body: SsoTrialCreate
    answer: SsoTrial
    versioned: false
  }
  /** Read how a trial went. `GET /organization/sso/trials/{id}`; needs organization.edit. */
  readSsoTrial: {
    params: { readonly id: string }
    query: never
    body: never
    answer: SsoTrial
    versioned: false
  }
  /** Sign people in by the settings of a trial that passed. `PUT /organization/sso`; needs organization.edit. */
  putSso: {
    params: never
    query: never
    body: SsoPut
    answer: Organization
    versioned: true
  }
  /** List plugins. `GET /plugins`; needs plugin.read. */
  listPlugins: {
    params: never
    query: { readonly cursor?: string | undefined; readonly limit?: number | undefined }
    body: never
    answer: { readonly items: readonly (Plugin)[]; readonly next_cursor: string | null }
    versioned: false
  }
  /** Create a plugin. `POST /plugins`; needs plugin.edit. */
  createPlugin: {
    params: never
    query: never
    body: PluginCreate
    answer: Plugin
    versioned: false
  }
  /** Read a plugin. `GET /plugins/{name}`; needs plugin.read. */
  readPlugin: {
    params: { readonly name: string }
    query: never
    body: never
    answer: Plugin
    versioned: false
  }
  /** Change a plugin (RFC 7396). `PATCH /plugins/{name}`; needs plugin.edit. */
  updatePlugin: {
    params: { readonly name: string }
    query: never
    body: PluginPatch
    answer: Plugin
    versioned: true
  }
  /** Retire a plugin and its keys. `DELETE /plugins/{name}`; needs plugin.edit. */
  deletePlugin: {
    params: { readonly name: string }
    query: never
    body: never
    answer: undefined
    versioned: false
  }
  /** List the keys of a plugin. `GET /plugins/{name}/keys`; needs plugin.read. */
  listPluginKeys: {
    params: { readonly name: string }
    query: { readonly cursor?: string | undefined; readonly limit?: number | undefined }
    body: never
    answer: { readonly items: readonly (PluginKey)[]; readonly next_cursor: string | null }
    versioned: false
  }
  /** Make a plugin key; it is shown once. `POST /plugins/{name}/keys`; needs plugin.edit. */
  createPluginKey: {
    params: { readonly name: string }
    query: never
    body: PluginKeyCreate
    answer: NewPluginKey
    versioned: false
  }
  /** Revoke a plugin key. `DELETE /plugins/{name}/keys/{key}`; needs plugin.edit. */
  revokePluginKey: {
    params: { readonly name: string; readonly key: string }
    query: never
    body: never
    answer: undefined
    versioned: false
  }
  /** Publish the draft as a version; nothing goes live by it. `POST /plugins/{name}/versions`; needs plugin.edit. */
  publishPlugin: {
    params: { readonly name: string }
    query: never
    body: never
    answer: PluginVersion
    versioned: false
  }
  /** List the published versions of a plugin, newest first. `GET /plugins/{name}/versions`; needs plugin.read. */
  listPluginVersions: {
    params: { readonly name: string }
    query: { readonly cursor?: string | undefined; readonly limit?: number | undefined }
    body: never
    answer: { readonly items: readonly (PluginVersion)[]; readonly next_cursor: string | null }
    versioned: false
  }
  /** Run an action on a person’s behalf; `Prefer: wait=` seconds, 120 at most, waits for missing connections. `POST /plugins/{name}/actions/{action}/run`; needs plugin.run, or is one’s own. */
  runAction: {
    params: { readonly name: string; readonly action: string }
    query: never
    body: RunAsk
    answer: Run
    versioned: false
  }
  /** List the launches of a plugin, newest first, ended ones too. `GET /plugins/{name}/launches`; needs plugin.read. */
  listLaunches: {
    params: { readonly name: string }
    query: { readonly cursor?: string | undefined; readonly limit?: number | undefined }
    body: never
    answer: { readonly items: readonly (Launch)[]; readonly next_cursor: string | null }
    versioned: false
  }
  /** Make a published version live for a launch audience. `POST /plugins/{name}/launches`; needs plugin.launch. */
  launchPlugin: {
    params: { readonly name: string }
    query: never
    body: LaunchCreate
    answer: Launch
    versioned: false
  }
  /** Count whom a launch would reach, and say how much of their calls would be kept. `POST /plugins/{name}/launches/preview`; needs plugin.launch. */
  previewLaunch: {
    params: { readonly name: string }
    query: never
    body: LaunchPreviewAsk
    answer: LaunchPreview
    versioned: false
  }
  /** Say why a person is in or out. `GET /plugins/{name}/launches/explain`; needs plugin.read. */
  explainLaunches: {
    params: { readonly name: string }
    query: { readonly person: string }
    body: never
    answer: LaunchExplanation
    versioned: false
  }
  /** End every launch of a plugin; when it answers no node takes it any more. `DELETE /plugins/{name}/launches`; needs plugin.launch. */
  unlaunchPlugin: {
    params: { readonly name: string }
    query: { readonly reason: string }
    body: never
    answer: undefined
    versioned: false
  }
  /** End one launch; when it answers it is in effect on all nodes. `DELETE /plugins/{name}/launches/{launch}`; needs plugin.launch. */
  endLaunch: {
    params: { readonly name: string; readonly launch: string }
    query: { readonly reason: string }
    body: never
    answer: undefined
    versioned: false
  }
  /** Who is asking, and what they may do. `GET /me`; needs organization.read, or is one’s own. */
  readMe: {
    params: never
    query: never
    body: never
    answer: Me
    versioned: false
  }
  /** List people. `GET /people`; needs person.read. */
  listPeople: {
    params: never
    query: { readonly cursor?: string | undefined; readonly limit?: number | undefined; readonly q?: string | undefined }
    body: never
    answer: { readonly items: readonly (Person)[]; readonly next_cursor: string | null }
    versioned: false
  }
  /** List imported people who have not signed in yet. `GET /people/imported`; needs person.read. */
  listImportedPeople: {
    params: never
    query: { readonly cursor?: string | undefined; readonly limit?: number | undefined }
    body: never
    answer: { readonly items: readonly (ImportedPerson)[]; readonly next_cursor: string | null }
    versioned: false
  }
  /** Import what the roster knows of people, by e-mail, as CSV. `POST /people/import`; needs person.edit. */
  importRoster: {
    params: never
    query: never
    body: RosterImportAsk
    answer: RosterImport
    versioned: false
  }
  /** Read a person. `GET /people/{id}`; needs person.read, or is one’s own. */
  readPerson: {
    params: { readonly id: string }
    query: never
    body: never
    answer: Person
    versioned: false
  }
  /** Set the roles granted to a person. `PUT /people/{id}/roles`; needs person.edit. */
  putRoles: {
    params: { readonly id: string }
    query: never
    body: Roles
    answer: Person
    versioned: false
  }
  /** Suspend a person. `POST /people/{id}/suspend`; needs person.edit. */
  suspendPerson: {
    params: { readonly id: string }
    query: never
    body: never
    answer: Person
    versioned: false
  }
  /** End a suspension. `DELETE /people/{id}/suspend`; needs person.edit. */
  resumePerson: {
    params: { readonly id: string }
    query: never
    body: never
    answer: Person
    versioned: false
  }
  /** List browser sessions. `GET /sessions`; needs session.read, or is one’s own. */
  listSessions: {
    params: never
    query: { readonly cursor?: string | undefined; readonly limit?: number | undefined; readonly subject?: string | undefined }
    body: never
    answer: { readonly items: readonly (Session)[]; readonly next_cursor: string | null }
    versioned: false
  }
  /** Sign a browser out. `DELETE /sessions/{id}`; needs session.end, or is one’s own. */
  endSession: {
    params: { readonly id: string }
    query: never
    body: never
    answer: undefined
    versioned: false
  }
  /** List API keys. `GET /api-keys`; needs api-key.read. */
  listApiKeys: {
    params: never
    query: { readonly cursor?: string | undefined; readonly limit?: number | undefined }
    body: never
    answer: { readonly items: readonly (ApiKey)[]; readonly next_cursor: string | null }
    versioned: false
  }
  /** Make an API key; it is shown once. `POST /api-keys`; needs api-key.edit. */
  createApiKey: {
    params: never
    query: never
    body: ApiKeyCreate
    answer: NewApiKey
    versioned: false
  }
  /** Revoke an API key. `DELETE /api-keys/{id}`; needs api-key.edit. */
  revokeApiKey: {
    params: { readonly id: string }
    query: never
    body: never
    answer: undefined
    versioned: false
  }
  /** List audit events, newest first. `GET /audit-events`; needs audit.read. */
  listAuditEvents: {
    params: never
    query: { readonly cursor?: string | undefined; readonly limit?: number | undefined; readonly action?: string | undefined; readonly subject?: string | undefined; readonly principal?: string | undefined; readonly target?: string | undefined; readonly result?: "done" | "refused" | "failed" | undefined; readonly from?: string | undefined; readonly until?: string | undefined }
    body: never
    answer: { readonly items: readonly (AuditEvent)[]; readonly next_cursor: string | null }
    versioned: false
  }
  /** Export audit events as NDJSON, newest first. `GET /audit-events/export`; needs audit.read. */
  exportAuditEvents: {
    params: never
    query: { readonly action?: string | undefined; readonly subject?: string | undefined; readonly principal?: string | undefined; readonly target?: string | undefined; readonly result?: "done" | "refused" | "failed" | undefined; readonly from?: string | undefined; readonly until?: string | undefined }
    body: never
    answer: Response
    versioned: false
  }
  /** Verify the chain of the audit; names the first bad entry and a cut tail. `GET /audit-events/verify`; needs audit.read. */
  readAuditVerdict: {
    params: never
    query: never
    body: never
    answer: AuditVerdict
    versioned: false
  }
  /** List call log entries, newest first. `GET /call-logs`; needs call-log.read. */
  listCallLogs: {
    params: never
    query: { readonly cursor?: string | undefined; readonly limit?: number | undefined; readonly from?: string | undefined; readonly until?: string | undefined; readonly plugin?: string | undefined; readonly plugin_version?: number | undefined; readonly connector?: string | undefined; readonly subject?: string | undefined; readonly status?: string | undefined; readonly run?: string | undefined; readonly level?: "info" | "warning" | "error" | undefined; readonly redaction?: "permissive" | "standard" | "strict" | undefined; readonly q?: string | undefined }
    body: never
    answer: { readonly items: readonly (CallLogEntry)[]; readonly next_cursor: string | null; readonly dropped: number }
    versioned: false
  }
  /** Export call log entries as NDJSON, newest first. `GET /call-logs/export`; needs call-log.read. */
  exportCallLogs: {
    params: never
    query: { readonly from?: string | undefined; readonly until?: string | undefined; readonly plugin?: string | undefined; readonly plugin_version?: number | undefined; readonly connector?: string | undefined; readonly subject?: string | undefined; readonly status?: string | undefined; readonly run?: string | undefined; readonly level?: "info" | "warning" | "error" | undefined; readonly redaction?: "permissive" | "standard" | "strict" | undefined; readonly q?: string | undefined }
    body: never
    answer: Response
    versioned: false
  }
  /** Read a call log entry. `GET /call-logs/{id}`; needs call-log.read. */
  readCallLog: {
    params: { readonly id: string }
    query: never
    body: never
    answer: CallLogEntry
    versioned: false
  }
  /** List debug windows, newest first. `GET /debug-windows`; needs debug-window.ask, or is one’s own. */
  listDebugWindows: {
    params: never
    query: { readonly cursor?: string | undefined; readonly limit?: number | undefined }
    body: never
    answer: { readonly items: readonly (DebugWindow)[]; readonly next_cursor: string | null }
    versioned: false
  }
  /** Ask a person for a debug window. `POST /debug-windows`; needs debug-window.ask. */
  createDebugWindow: {
    params: never
    query: never
    body: DebugWindowCreate
    answer: DebugWindow
    versioned: false
  }
  /** Read a debug window. `GET /debug-windows/{id}`; needs debug-window.ask, or is one’s own. */
  readDebugWindow: {
    params: { readonly id: string }
    query: never
    body: never
    answer: DebugWindow
    versioned: false
  }
  /** Agree to a debug window one is asked for. `POST /debug-windows/{id}/agree`; needs debug-window.ask, or is one’s own. */
  agreeToDebugWindow: {
    params: { readonly id: string }
    query: never
    body: never
    answer: DebugWindow
    versioned: false
  }
  /** Decline a debug window one is asked for. `POST /debug-windows/{id}/decline`; needs debug-window.ask, or is one’s own. */
  declineDebugWindow: {
    params: { readonly id: string }
    query: never
    body: never
    answer: DebugWindow
    versioned: false
  }
  /** End a debug window early, or take the question back. `DELETE /debug-windows/{id}`; needs debug-window.ask, or is one’s own. */
  endDebugWindow: {
    params: { readonly id: string }
    query: never
    body: never
    answer: DebugWindow
    versioned: false
  }
  /** List which plugin uses which connection. `GET /usage`; needs usage.read, or is one’s own. */
  listUsage: {
    params: never
    query: { readonly cursor?: string | undefined; readonly limit?: number | undefined; readonly subject?: string | undefined; readonly connection?: string | undefined; readonly plugin?: string | undefined }
    body: never
    answer: { readonly items: readonly (Usage)[]; readonly next_cursor: string | null }
    versioned: false
  }
  /** List usage by day, the oldest first. `GET /usage/days`; needs usage.read, or is one’s own. */
  listUsageDays: {
    params: never
    query: { readonly cursor?: string | undefined; readonly limit?: number | undefined; readonly subject?: string | undefined; readonly connection?: string | undefined; readonly plugin?: string | undefined; readonly from?: string | undefined }
    body: never
    answer: { readonly items: readonly (UsageDay)[]; readonly next_cursor: string | null }
    versioned: false
  }
  /** Export usage by day as CSV. `GET /usage/export`; needs usage.read, or is one’s own. */
  exportUsage: {
    params: never
    query: { readonly subject?: string | undefined; readonly connection?: string | undefined; readonly plugin?: string | undefined; readonly from?: string | undefined }
    body: never
    answer: Response
    versioned: false
  }
  /** Note that the person has seen which plugins use a connection of theirs. `POST /connections/{connection}/seen`; needs usage.read, or is one’s own. */
  seeUsage: {
    params: { readonly connection: string }
    query: never
    body: never
    answer: undefined
    versioned: false
  }
  /** List webhooks. `GET /webhooks`; needs webhook.read. */
  listWebhooks: {
    params: never
    query: { readonly cursor?: string | undefined; readonly limit?: number | undefined }
    body: never
    answer: { readonly items: readonly (Webhook)[]; readonly next_cursor: string | null }
    versioned: false
  }
  /** Register a webhook; its secret is shown once. `POST /webhooks`; needs webhook.edit. */
  createWebhook: {
    params: never
    query: never
    body: WebhookCreate
    answer: NewWebhook
    versioned: false
  }
  /** Read a webhook. `GET /webhooks/{id}`; needs webhook.read. */
  readWebhook: {
    params: { readonly id: string }
    query: never
    body: never
    answer: Webhook
    versioned: false
  }
  /** Change a webhook. `PATCH /webhooks/{id}`; needs webhook.edit. */
  updateWebhook: {
    params: { readonly id: string }
    query: never
    body: WebhookPatch
    answer: Webhook
    versioned: true
  }
  /** Remove a webhook and its messages. `DELETE /webhooks/{id}`; needs webhook.edit. */
  deleteWebhook: {
    params: { readonly id: string }
    query: never
    body: never
    answer: undefined
    versioned: false
  }
  /** Make a new secret; both sign until the present one ends. `POST /webhooks/{id}/secret`; needs webhook.edit. */
  rotateWebhookSecret: {
    params: { readonly id: string }
    query: never
    body: WebhookSecretCreate
    answer: NewWebhook
    versioned: false
  }
  /** Send a test message now, once. `POST /webhooks/{id}/test`; needs webhook.edit. */
  testWebhook: {
    params: { readonly id: string }
    query: never
    body: never
    answer: WebhookDelivery
    versioned: false
  }
  /** List messages to a webhook, newest first. `GET /webhooks/{id}/deliveries`; needs webhook.read. */
  listWebhookDeliveries: {
    params: { readonly id: string }
    query: { readonly cursor?: string | undefined; readonly limit?: number | undefined; readonly status?: "pending" | "delivered" | "dead" | undefined }
    body: never
    answer: { readonly items: readonly (WebhookDelivery)[]; readonly next_cursor: string | null }
    versioned: false
  }
  /** Send a message again. `POST /webhooks/{id}/deliveries/{delivery}/replay`; needs webhook.edit. */
  replayWebhookDelivery: {
    params: { readonly id: string; readonly delivery: string }
    query: never
    body: never
    answer: WebhookDelivery
    versioned: false
  }
  /** List the providers of the catalogue. `GET /catalogue`; needs connector.read. */
  listPresets: {
    params: never
    query: { readonly cursor?: string | undefined; readonly limit?: number | undefined; readonly search?: string | undefined }
    body: never
    answer: { readonly items: readonly (PresetSummary)[]; readonly next_cursor: string | null }
    versioned: false
  }
  /** Read a provider of the catalogue: its definition, the sources of each block, and what is left to fill in. `GET /catalogue/{name}`; needs connector.read. */
  readPreset: {
    params: { readonly name: string }
    query: never
    body: never
    answer: Preset
    versioned: false
  }
  /** Check a connector against its provider; nothing is changed there. `POST /connectors/{name}/check`; needs connector.edit. */
  checkConnector: {
    params: { readonly name: string }
    query: never
    body: ConnectorCheckAsked
    answer: ConnectorCheck
    versioned: false
  }
}
