// Package ld reads the JSON-LD of web pages as it is found: in any encoding,
// written by templates, cut off. It knows the form and none of the types; what
// a recipe or an event is, is known to the kinds of sources.
package ld
