// Package fulltext is an index of texts on disk: what a source has gathered of a
// large site, found again by words, ranked. It is one SQLite file in the folder
// of its source, holds nothing that could not be gathered anew, and knows nothing
// of what its documents are.
package fulltext
