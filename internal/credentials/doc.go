// Package credentials keeps the credentials that requests are signed with. Its
// subpackages are where they come from: environment chooses a source by the
// environment's variables, container and webidentity are two of the sources, and
// fetch is what these have in common.
//
// A [Cache] stands between the callers and a [Provider]:
//
//   - It asks the provider once for all callers, and one at a time.
//   - Callers of [Cache.Identity] wait only while there is nothing valid to sign
//     with. Credentials that are about to expire are refreshed in the background.
//   - A refresh that fails leaves credentials that are still valid in use.
//   - [Cache.Invalidate] marks credentials that the service has refused: they are
//     not handed out again, unless the provider has nothing else.
//
// No error, and nothing that package fmt prints, holds a secret. The package knows
// nothing of HTTP requests and calls. Everything is safe for concurrent use.
package credentials
