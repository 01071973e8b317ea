// Package private keeps files for the user who runs keypull: by their mode
// where files have one, by an access list on Windows. What stands in a file is
// none of its business, and neither are files that somebody else has made.
package private
