// Package words holds what keypull says, in the languages in which it says it:
// sentences in message files, one folder a language, and what fills them in.
// No sentence stands in code.
//
// A message file is <tag>/<name>.json: flat, from key to sentence, or to the
// plural forms of a sentence that counts ({"one": …, "other": …}, by the rules
// of CLDR for the language). What stands in braces is filled in: {name} by what
// is handed in, {@key} by another sentence of the language. Files whose names
// begin with "reader" are said to readers, in all of Readers; the others to
// editors and operators, in all of Editors.
//
// A Text is something to be said, as a value: it is put into words where its
// hearer is known. A kind that says something of its own has the same files in
// its folder "words", read by Own; its texts carry their Set with them.
package words
