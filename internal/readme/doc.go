// Package readme compiles the Go code of the repository's Markdown files and
// follows their links, so that neither goes stale. A block of code that is fenced
// as "go" is one of two things:
//
//   - A program, if it has a package clause. It is checked as it stands.
//   - A fragment, declarations or statements, which need not import what they
//     use and may leave variables unused. ctx (a context.Context) and client (a
//     *invoke.Client) are there, and statements may return an error.
//
// It belongs to the root module, unless its first line names the folder of
// another one, whose dependencies it then has:
//
//	// module: invoke/awsconfig
//
// The blocks of a module are compiled by the tests of that module, so that
// testing one needs no other's dependencies.
package readme
