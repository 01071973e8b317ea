package recipe

// LeftOut returns the foods that a wish leaves out in a language, and whether it is for a diet.
func LeftOut(language, text string) (foods []string, diet bool) {
	w := vocabularyOf(language, "en").parseWish(text)
	for _, t := range w.without {
		foods = append(foods, t.foods...)
	}
	return foods, len(w.diets) > 0
}

// Holds tells whether a line of ingredients in a language has a food in it: no, may or yes.
func Holds(language, food, line string) string {
	j := vocabularyOf(language).newTermMatcher(term{foods: []string{food}}, language, []string{language})
	j.broad = true
	return [...]string{"no", "may", "yes"}[j.matchLine(line, true)]
}
