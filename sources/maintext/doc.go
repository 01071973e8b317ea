// Package maintext tells the text of a page from what stands around it: menus,
// captions, boxes that lead elsewhere, forms, comments. go-readability says where on
// the page the text is; what of that place is left out, or missing from it, is
// decided here, block by block.
package maintext
