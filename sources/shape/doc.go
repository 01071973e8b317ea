// Package shape makes items of named values: the members of a JSON object, the
// columns of a row, the fields of a page. A shape says what such items behave
// like: an article, a recipe, a quote, a product or an event. It knows which
// names fill which parts of an item, reads numbers, prices and dates as they
// are written, picks what answers a query, and words the reply.
//
// It is for kinds of sources, and none itself.
package shape
