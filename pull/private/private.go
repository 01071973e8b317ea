// Package private keeps files for the user who runs keypull: by their mode
// where files have one, by an access list on Windows. It has them and their names
// on the disk whole or not at all. What stands in a file is none of its business,
// and neither are files that somebody else has made.
package private
