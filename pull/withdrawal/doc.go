// Package withdrawal says which items of a publisher are told nobody any more, or
// only with a line beside them, because the publisher said so: by link, by id or
// by a text, for a time or for good, whatever its sources still carry. It decides
// on items alone; who keeps the rules, and where they are asked, is package pull.
package withdrawal
