package recipe

// LeftOut returns the foods that a wish leaves out in a language, and whether it is for a diet.
func LeftOut(language, text string) (foods []string, diet bool) {
	w := vocabularyOf(language, "en").parseWish(text)
	for _, t := range w.without {
		foods = append(foods, t.foods...)
	}
	return foods, len(w.diets) > 0
}
