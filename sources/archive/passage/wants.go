package passage

import "slices"

// AsksPrice reports whether the question asks for an amount of money.
func (q Question) AsksPrice() bool { return q.priced }

// IsPrice reports whether a folded word only says that money is asked for, as "cost" does.
func IsPrice(folded string, tags []string) bool {
	return slices.ContainsFunc(tags, func(tag string) bool { return lexiconOf(tag).priced[folded] })
}

// TellsPrice reports whether a text tells an amount of money, in some of the languages.
func TellsPrice(text string, tags []string) bool {
	const near = 3
	return slices.ContainsFunc(tags, func(tag string) bool {
		l, words := lexiconOf(tag), wordsOf(text, tag)
		for i, w := range words {
			if isAmount(l, w) && slices.ContainsFunc(words[max(0, i-near):min(len(words), i+near+1)], func(w word) bool {
				return w.money || l.money[w.folded] || l.priced[w.folded]
			}) {
				return true
			}
		}
		return false
	})
}
