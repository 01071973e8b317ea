// Package settings turns one Go struct into everything that a configurable
// thing needs: a list of form fields in several languages, the way through an
// HTML form, a strict fill that reports all problems at once, a JSON schema, a
// table for the docs, a commented example, and the sealing of secrets.
//
// The struct is the only field list. Its tags: name (as in files and APIs),
// label, help, example, check (required, min=, max=, url, id, zone, language,
// cidr, keys= for the names of a map, and what Checks bring), choices, secret,
// more ("true" where forms may fold the field away), group (what it is for, where
// they fold it away with others for the same), local ("true" where it
// names a file of this machine), is (what the field is to those who don't know
// its name: see Role), and settings ("inline" for an embedded
// struct, "localised" for a text per language). Defaults are the values that
// the struct holds before it is filled. A struct may be a Checker, and as a row
// a Defaulter. The Go types are a closed set (see Type); any other is an error.
//
// The package imports nothing of keypull but package words, and does no I/O.
package settings
