// Package ld reads the data of web pages, JSON-LD and microdata, as it is found: in any
// encoding, written by templates, cut off. It knows the form and none of the types; what
// a recipe or an event is, is known to the kinds of sources.
package ld
